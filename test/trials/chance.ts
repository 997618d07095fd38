const UINT32 = 2 ** 32;

/** The same numbers again for the same seed and name, so that a trial that failed can be run as it was. */
export class Chance {
  #state: number;

  constructor(seed: number, name: string) {
    this.#state = [...name].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 16_777_619), seed);
  }

  /** A whole number from 0, less than this one. */
  below(count: number): number {
    return Math.floor(this.#next() * count);
  }

  /** From the first to the last, both included. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }

  /** True so many times out of a hundred. */
  percent(share: number): boolean {
    return this.#next() * 100 < share;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error('There is nothing to choose from.');
    return choice;
  }

  /** Mulberry32. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / UINT32;
  }
}

/** Another one each time, unless TRIAL_SEED says which. */
export const trialSeed = (): number =>
  Number(process.env['TRIAL_SEED'] ?? Math.floor(Math.random() * UINT32));
