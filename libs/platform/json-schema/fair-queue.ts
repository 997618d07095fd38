/** How much of what is shared one party may have. */
export interface Shares {
  /** Of all together, at one time. */
  readonly running: number;
  /** Of one party, at one time. */
  readonly runningOfOne: number;
  /** Of one party, waiting. */
  readonly waitingOfOne: number;
}

interface Party {
  running: number;
  readonly waiting: (() => void)[];
}

/** Lets work begin in turn among parties, so that many requests of one do not keep the others waiting. */
export class FairQueue {
  /** Those that run or wait, the one whose turn is next first. */
  readonly #parties = new Map<string, Party>();
  #running = 0;

  constructor(private readonly shares: Shares) {}

  /**
   * Runs the work when it is this party's turn.
   * @param refuse makes what is thrown when too much of the party waits already
   */
  async run<T>(party: string, work: () => Promise<T>, refuse: () => Error): Promise<T> {
    const own = this.#parties.get(party) ?? { running: 0, waiting: [] };
    this.#parties.set(party, own);
    if (this.#mayBegin(own) && own.waiting.length === 0) this.#begin(own);
    else {
      if (own.waiting.length >= this.shares.waitingOfOne) throw refuse();
      await new Promise<void>((resolve) => own.waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      this.#end(party, own);
    }
  }

  #mayBegin(party: Party): boolean {
    return this.#running < this.shares.running && party.running < this.shares.runningOfOne;
  }

  #begin(party: Party): void {
    party.running += 1;
    this.#running += 1;
  }

  #end(name: string, party: Party): void {
    party.running -= 1;
    this.#running -= 1;
    if (party.running === 0 && party.waiting.length === 0) this.#parties.delete(name);
    for (const [next, waiter] of this.#parties) {
      if (!this.#mayBegin(waiter)) continue;
      const begin = waiter.waiting.shift();
      if (!begin) continue;
      this.#begin(waiter);
      this.#parties.delete(next);
      this.#parties.set(next, waiter); // To the end: the others come first now.
      begin();
      return;
    }
  }
}
