import type { LoggedEvent } from '#platform/change-log';
import type { HeldSink, SinkRun } from './sink.js';
import type { Lease, SinkNews, SinkStore } from './sink-store.js';

/** What is counted of all sinks of one kind. */
export interface SinkCounts {
  delivered: number;
  failed: number;
  parked: number;
}

/** What a lease needs to know besides itself. */
export interface LeaseTerms {
  readonly store: SinkStore;
  readonly counts: SinkCounts;
  /** Of this process's own clock, which nobody sets: until when the sink may be run. */
  readonly untilMs: number;
  /** Null: all. */
  readonly streams: readonly string[] | null;
}

/** A sink while this replica runs it. */
export class LeasedSink implements HeldSink {
  readonly name: string;
  readonly streams: readonly string[] | null;
  readonly #store: SinkStore;
  readonly #counts: SinkCounts;
  #untilMs: number;
  #run: SinkRun | null = null;
  #succeededMs: number | null = null;
  #failedMs: number | null = null;
  #reason: string | null = null;

  constructor(
    readonly lease: Lease,
    { store, counts, untilMs, streams }: LeaseTerms,
  ) {
    this.name = lease.name;
    this.streams = streams;
    this.#store = store;
    this.#counts = counts;
    this.#untilMs = untilMs;
  }

  get isHeld(): boolean {
    return performance.now() < this.#untilMs;
  }

  begin(begin: (sink: HeldSink) => SinkRun): void {
    this.#run = begin(this);
  }

  wake(streams: readonly string[] | null): void {
    this.#run?.wake(streams);
  }

  /** What stood still while the lease seemed to be over goes on. */
  renew(untilMs: number): void {
    const wasHeld = this.isHeld;
    this.#untilMs = Math.max(this.#untilMs, untilMs);
    if (!wasHeld && this.isHeld) this.#run?.wake(null);
  }

  /** Another replica may run it from now on. */
  lose(): void {
    this.#untilMs = -Infinity;
  }

  async stop(): Promise<void> {
    await this.#run?.stop();
  }

  checkpoints(): Promise<ReadonlyMap<string, number>> {
    return this.#store.checkpoints(this.name);
  }

  advance(checkpoints: ReadonlyMap<string, number>): Promise<void> {
    return this.#store.advance(this.lease, checkpoints);
  }

  succeeded(events = 1): void {
    this.#counts.delivered += events;
    this.#succeededMs = performance.now();
  }

  failed(reason: string): void {
    this.#counts.failed += 1;
    this.#failedMs = performance.now();
    this.#reason = reason;
  }

  async park(event: LoggedEvent, reason: string): Promise<void> {
    await this.#store.park(this.lease, event, reason);
    this.#counts.parked += 1;
  }

  /** How it went since this was asked last; null: nothing happened. */
  takeNews(): SinkNews | null {
    if (this.#succeededMs === null && this.#failedMs === null) return null;
    const news = {
      lease: this.lease,
      succeeded: secondsSince(this.#succeededMs),
      failed: secondsSince(this.#failedMs),
      reason: this.#reason,
    };
    this.#succeededMs = null;
    this.#failedMs = null;
    this.#reason = null;
    return news;
  }
}

const secondsSince = (thenMs: number | null): number | null =>
  thenMs === null ? null : (performance.now() - thenMs) / 1_000;
