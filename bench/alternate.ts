const ROUNDS = 2;

/** What each of two things gave, taken in turns, so that what the machine does meanwhile hits both. */
export interface Turns<Ours, Theirs> {
  readonly ours: readonly Ours[];
  readonly theirs: readonly Theirs[];
}

export async function alternate<Ours, Theirs>(
  measureOurs: () => Promise<Ours>,
  measureTheirs: () => Promise<Theirs>,
): Promise<Turns<Ours, Theirs>> {
  const ours: Ours[] = [];
  const theirs: Theirs[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    theirs.push(await measureTheirs());
    ours.push(await measureOurs());
  }
  return { ours, theirs };
}
