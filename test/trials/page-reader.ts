import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.js';
import { read } from './cut-request.js';
import type { Question } from './question.js';
import type { Replicas } from './replicas.js';
import { Seen } from './seen.js';

const EVENTS = '/api/v1/events';
const RETRY_MS = 20;
/** Of a hundred pages so many are torn off before their end. */
const CUT_PERCENT = 15;
const CUT_BYTES_MAX = 100_000;
const WAIT_SECONDS_MAX = 3;

/** Reads page by page, each from another process than the one before, and waits where there is nothing yet. */
export class PageReader {
  readonly seen = new Seen();
  #next = '0';
  #cuts = 0;

  constructor(
    private readonly question: Question,
    private readonly replicas: Replicas,
    private readonly chance: Chance,
  ) {}

  get cuts(): number {
    return this.#cuts;
  }

  async readUntil(isOver: () => boolean): Promise<void> {
    let url: string | null = null;
    while (!isOver()) {
      url = this.replicas.any(this.chance, url);
      if (!(await this.#page(url))) await pause(RETRY_MS);
    }
  }

  /** False where nothing came of it: the same position is asked for again. */
  async #page(url: string): Promise<boolean> {
    const limit = String(this.chance.between(1, 1_000));
    const query = new URLSearchParams({ ...this.question.query, after: this.#next, limit }).toString();
    const chunks: Buffer[] = [];
    const cutAfter = this.chance.percent(CUT_PERCENT) ? this.chance.between(1, CUT_BYTES_MAX) : null;
    const status = await read({
      url: `${url}${EVENTS}?${query}`,
      headers: { Prefer: `wait=${this.chance.between(0, WAIT_SECONDS_MAX)}` },
      cutAfter,
      read: (chunk) => chunks.push(chunk),
    });
    if (status === null) this.#cuts += 1;
    if (status === null || status === 503) return false;
    const text = Buffer.concat(chunks).toString();
    if (status !== 200) throw new Error(`A reader got ${status}: ${text.slice(0, 1_000)}`);
    const { items, next } = JSON.parse(text);
    for (const item of items) this.seen.take(item);
    this.#next = next;
    return items.length > 0;
  }
}
