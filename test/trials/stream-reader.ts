import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.js';
import { read } from './cut-request.js';
import type { Question } from './question.js';
import type { Replicas } from './replicas.js';
import { Seen } from './seen.js';

const STREAM = '/api/v1/events/stream';
const RETRY_MS = 20;
const CUT_BYTES_MAX = 2_000_000;
const OPEN_MS_MAX = 3_000;
const HOLD_MS_MAX = 1_500;

/** Hears server-sent events, is torn off at random, and goes on at another process with what it heard last. */
export class StreamReader {
  readonly seen = new Seen();
  #lastId: string | null = null;
  #rest = '';
  #cuts = 0;

  constructor(
    private readonly question: Question,
    private readonly replicas: Replicas,
    private readonly chance: Chance,
    /** Does not read for a while now and then, so that the service gives it up. */
    private readonly isSlow = false,
  ) {}

  /** How many connections it took. */
  get cuts(): number {
    return this.#cuts;
  }

  async readUntil(isOver: () => boolean): Promise<void> {
    let url: string | null = null;
    while (!isOver()) {
      url = this.replicas.any(this.chance, url);
      await this.#hear(url, isOver);
      this.#cuts += 1;
      await pause(RETRY_MS);
    }
  }

  async #hear(url: string, isOver: () => boolean): Promise<void> {
    this.#rest = ''; // What was not whole as the connection broke is told again.
    const query = new URLSearchParams({ ...this.question.query, after: '0' }).toString();
    const decoder = new TextDecoder();
    let failure = '';
    let isHeard = false;
    const status = await read({
      url: `${url}${STREAM}?${query}`,
      headers: {
        Accept: 'text/event-stream',
        ...(this.#lastId !== null && { 'Last-Event-ID': this.#lastId }),
      },
      cutAfter: this.chance.between(1, CUT_BYTES_MAX),
      begun: (response) => {
        isHeard = response.statusCode === 200;
        this.#hold(response, isOver);
      },
      read: (chunk) => {
        const text = decoder.decode(chunk, { stream: true });
        if (isHeard) this.#take(text);
        else failure += text;
      },
    });
    if (!isHeard && status !== null && status !== 503)
      throw new Error(`A stream got ${status}: ${failure.slice(0, 1_000)}`);
  }

  /** Also an idle connection is torn, and all are as soon as there is nothing more to come. */
  #hold(response: IncomingMessage, isOver: () => boolean): void {
    const tear = setTimeout(() => response.destroy(), this.chance.between(1, OPEN_MS_MAX));
    const look = setInterval(() => isOver() && response.destroy(), RETRY_MS);
    const holdMs = this.isSlow ? this.chance.between(1, HOLD_MS_MAX) : 0;
    if (holdMs > 0) {
      response.pause();
      setTimeout(() => response.resume(), holdMs);
    }
    response.once('close', () => {
      clearTimeout(tear);
      clearInterval(look);
    });
  }

  #take(text: string): void {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) this.#takeBlock(block);
  }

  #takeBlock(block: string): void {
    const fields = new Map<string, string>();
    for (const line of block.split('\n')) {
      const [, name = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
      fields.set(name, fields.has(name) ? `${fields.get(name)}\n${value}` : value);
    }
    this.#lastId = fields.get('id') ?? this.#lastId;
    const data = fields.get('data');
    const type = fields.get('event');
    if (type === 'reset') throw new Error('A stream was reset, although nothing was compacted.');
    if (data !== undefined && type !== 'bookmark') this.seen.take(JSON.parse(data));
  }
}
