import type { ServerResponse } from 'node:http';
import type { FlagSet } from '#flag-evaluator';
import type { FlagSetSwap } from '../../application/live-flag-sets.js';
import { isChangeInSight, isDueInSight } from './changes-in-sight.js';
import type { Sight } from './flag-answers.js';

/** Between two calls because of time alone: a ramp moves somebody every moment. */
const BOUNDARY_PAUSE_MS = 5_000;
/** What timers of Node can wait for. */
const WAIT_MS_MAX = 2 ** 31 - 1;
const MILLISECONDS = 1_000;
const RECONNECT_MS = 3_000;
/** Whoever has so much waiting does not read any more. */
const BACKLOG_BYTES_MAX = 65_536;

/** Tells the time, in milliseconds since 1970. */
export interface Watch {
  nowMs(): number;
}

/** The streams of all who see the same: a tenant's set, whole or what browsers may know of it. */
export class StreamChannel {
  readonly #streams = new Set<ServerResponse>();
  #timer: NodeJS.Timeout | null = null;
  /** Until when it was looked whether time changed something. */
  #lookedAt: number;
  /** What was last told. */
  #told: string;

  constructor(
    private readonly sight: Sight,
    private set: FlagSet,
    private state: string,
    private readonly watch: Watch,
  ) {
    this.#lookedAt = watch.nowMs();
    this.#told = this.#present();
    this.#waitForTime();
  }

  get size(): number {
    return this.#streams.size;
  }

  /**
   * Takes in a stream whose head is sent. Who comes back and has heard of another state missed something; who comes first
   * is given the present state to come back with, which is no event.
   */
  add(stream: ServerResponse, lastHeard: string | undefined): void {
    this.#streams.add(stream);
    const isBehind = lastHeard !== undefined && lastHeard !== this.#told;
    write(stream, `retry: ${RECONNECT_MS}\n${isBehind ? this.#call() : `id: ${this.#told}\n\n`}`);
  }

  remove(stream: ServerResponse): void {
    this.#streams.delete(stream);
  }

  /** Something was changed: these flags mean what this state stands for. */
  changed(after: FlagSet, state: string, swap: FlagSetSwap): void {
    const isInSight = isChangeInSight({ before: this.set, after }, swap, this.sight);
    this.set = after;
    this.state = state;
    if (isInSight) this.#tellAll();
    this.#waitForTime();
  }

  /** Keeps the connections open, and finds those at whose other end nobody is. */
  beat(): void {
    for (const stream of this.#streams) write(stream, ':\n\n');
  }

  /** Ends all streams, each with its own time to come back: not all at once. */
  end(): void {
    this.close();
    for (const stream of this.#streams) {
      stream.end(`retry: ${Math.round(RECONNECT_MS * (0.5 + Math.random()))}\n\n`);
    }
    this.#streams.clear();
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #tellAll(): void {
    this.#lookedAt = this.watch.nowMs();
    this.#told = this.#present();
    const call = this.#call();
    for (const stream of this.#streams) write(stream, call);
  }

  #call(): string {
    const lastModified = Math.floor(this.watch.nowMs() / MILLISECONDS);
    const data = { type: 'refetchEvaluation', etag: `"${this.#told}"`, lastModified };
    return `id: ${this.#told}\ndata: ${JSON.stringify(data)}\n\n`;
  }

  /** The flags, and the stretch of time in which they mean the same. */
  #present(): string {
    const boundary = this.set.nextBoundary(this.watch.nowMs());
    return boundary === Infinity ? this.state : `${this.state}@${boundary}`;
  }

  #waitForTime(): void {
    const boundary = this.set.nextBoundary(this.#lookedAt);
    if (boundary === Infinity) this.close();
    else this.#after(boundary - this.watch.nowMs(), () => this.#timeHasPassed());
  }

  #timeHasPassed(): void {
    const now = this.watch.nowMs();
    const isDue = isDueInSight(this.set, this.sight, this.#lookedAt, now);
    this.#lookedAt = now;
    if (isDue) this.#tellAll();
    this.#after(isDue ? BOUNDARY_PAUSE_MS : 1, () => this.#waitForTime());
  }

  #after(milliseconds: number, act: () => void): void {
    this.close();
    this.#timer = setTimeout(act, Math.min(Math.max(Math.ceil(milliseconds), 1), WAIT_MS_MAX));
    this.#timer.unref();
  }
}

function write(stream: ServerResponse, text: string): void {
  if (stream.writableLength > BACKLOG_BYTES_MAX) stream.destroy();
  else stream.write(text);
}
