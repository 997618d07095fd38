/** How far one stream is delivered: up to the last revision of which, and before which, everything was. */
export class StreamProgress {
  /** How much of each revision is still to be delivered; in their order, because they are read in it. */
  readonly #open = new Map<number, number>();
  #read: number;

  constructor(checkpoint: number) {
    this.#read = checkpoint;
  }

  /** A change of this revision is to be delivered. */
  add(revision: number): void {
    this.#open.set(revision, (this.#open.get(revision) ?? 0) + 1);
  }

  /** One of them is. */
  finish(revision: number): void {
    const left = (this.#open.get(revision) ?? 0) - 1;
    if (left > 0) this.#open.set(revision, left);
    else this.#open.delete(revision);
  }

  /** Every change up to this revision was added. */
  readThrough(revision: number): void {
    this.#read = Math.max(this.#read, revision);
  }

  /** Everything up to here is delivered. */
  get checkpoint(): number {
    for (const first of this.#open.keys()) return Math.min(this.#read, first - 1);
    return this.#read;
  }
}
