import { Chance } from './chance.js';
import type { Replicas } from './replicas.js';
import { Writer } from './writer.js';

export interface WritingOptions {
  readonly seed: number;
  readonly replicas: Replicas;
  /** Slugs, null for what is shared. */
  readonly streams: readonly (string | null)[];
  /** So many are written, and some more. */
  readonly events: number;
  /** Of a hundred requests of a writer. */
  readonly batchPercent: number;
  readonly bulkPercent?: number;
}

const WRITERS = 8;
const SERIALS_EACH = 1_000_000;
const LOOK_MS = 5;

/** Eight who write at once, each what only it changes. */
export class Writing {
  /** Each change that somebody was told of, as `<id>@<version>`. */
  readonly acknowledged: string[] = [];
  #isOver = false;

  constructor(private readonly options: WritingOptions) {}

  /** Until enough is written. The first failure of one ends all. */
  async run(): Promise<void> {
    try {
      await Promise.all(Array.from({ length: WRITERS }, (_, index) => this.#writer(index)));
    } finally {
      this.#isOver = true;
    }
  }

  /** When this part of the events is written, or nobody writes any more. */
  async reached(part: number): Promise<void> {
    while (this.acknowledged.length < this.options.events * part && !this.#isOver)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }

  /** For a failure elsewhere. */
  end(): void {
    this.#isOver = true;
  }

  async #writer(index: number): Promise<void> {
    const { seed, events, ...options } = this.options;
    const chance = new Chance(seed, `writer ${index}`);
    const writer = new Writer({ ...options, chance, name: `${index}`, firstSerial: index * SERIALS_EACH });
    while (this.acknowledged.length < events && !this.#isOver)
      this.acknowledged.push(...(await writer.write()));
  }
}
