/**
 * For each key the revision of its newest change that this process knows of: what was read before it is out of date.
 * Bounded: what is forgotten raises the floor of its whole stream, which costs reads and never truth.
 */
export class Floors {
  readonly #keys = new Map<string, { stream: string; revision: number }>();
  readonly #streams = new Map<string, number>();

  constructor(private readonly keysMax: number) {}

  /** Nothing read before this revision of the stream counts. */
  raiseStream(stream: string, revision: number): void {
    if (revision > (this.#streams.get(stream) ?? 0)) this.#streams.set(stream, revision);
  }

  /** Gives false when a change as new as this one was known before. */
  raise(stream: string, key: string, revision: number): boolean {
    if (revision <= (this.#keys.get(key)?.revision ?? 0)) return false;
    this.#keys.delete(key); // Put at the end again: the oldest change is forgotten first.
    this.#keys.set(key, { stream, revision });
    if (this.#keys.size > this.keysMax) this.#forgetOldest();
    return true;
  }

  /** What was read at this revision of the stream still holds for this key. */
  allows(stream: string, key: string, revision: number): boolean {
    return revision >= (this.#keys.get(key)?.revision ?? 0) && revision >= (this.#streams.get(stream) ?? 0);
  }

  #forgetOldest(): void {
    for (const [key, { stream, revision }] of this.#keys) {
      this.#keys.delete(key);
      this.raiseStream(stream, revision);
      return;
    }
  }
}
