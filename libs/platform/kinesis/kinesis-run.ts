import { SinkLost } from '#platform/sinks';
import type { HeldSink, SinkRun } from '#platform/sinks';
import type { LoggedEvent } from '#platform/change-log';
import { PutFailed } from './kinesis-stream.js';
import type { KinesisStream, PutOutcome } from './kinesis-stream.js';
import type { LogSlices } from './log-slices.js';
import { RecordWindow } from './record-window.js';
import type { WindowRecord } from './record-window.js';
import { retryPauseMs } from './retry-pause.js';
import { StreamReader } from './stream-reader.js';

/** Of Kinesis: records and bytes of one call. */
const WAVE = { records: 500, bytes: Math.floor(4.5 * 1024 * 1024) };
/** What is in memory at once, read and not taken yet; one slice may go beyond. */
const WINDOW = { records: 8_000, bytes: 32 * 1024 * 1024 };
const CALLS_MAX = 4;
const SAVE_MS = 1_000;
/** What is under way when the run ends has so long. */
const GRACE_MS = 5_000;

/** What a run works with. */
export interface KinesisParts {
  readonly stream: KinesisStream;
  readonly slices: LogSlices;
  /** An event as it is sent. */
  readonly encode: (event: LoggedEvent) => Uint8Array;
}

/** Sends the log to Kinesis, as long as this replica holds the sink. */
export class KinesisRun implements SinkRun {
  readonly #window = new RecordWindow(WINDOW);
  readonly #reader: StreamReader;
  readonly #calls = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  /** By stream, what was noted last. */
  readonly #saved = new Map<string, number>();
  readonly #moved = new Set<string>();
  #wakeTimer: NodeJS.Timeout | null = null;
  #saveTimer: NodeJS.Timeout | null = null;
  #saving: Promise<void> | null = null;
  #failures = 0;
  #restUntilMs = 0;
  /** How many records were taken. */
  #taken = 0;
  #isStopping = false;

  constructor(
    private readonly sink: HeldSink,
    private readonly parts: KinesisParts,
  ) {
    const { slices, encode } = parts;
    this.#reader = new StreamReader({ sink, slices, encode, window: this.#window }, (streams) => {
      for (const stream of streams) this.#moved.add(stream);
      this.#pump();
    });
    this.#reader.wake(null);
  }

  wake(streams: readonly string[] | null): void {
    this.#reader.wake(streams);
    this.#pump(); // Nobody came back while the lease was over.
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    if (!this.sink.isHeld) this.#abort.abort();
    const grace = setTimeout(() => this.#abort.abort(), GRACE_MS);
    await this.#reader.stop();
    await Promise.all(this.#calls);
    clearTimeout(grace);
    for (const timer of [this.#wakeTimer, this.#saveTimer]) if (timer) clearTimeout(timer);
    await this.#saving;
    if (this.sink.isHeld) await this.#save();
  }

  /** Sends what may be sent now, and comes back when more may be. */
  #pump(): void {
    const nowMs = performance.now();
    while (this.#mayCall(nowMs)) {
      const wave = this.#window.take(nowMs, WAVE);
      if (wave.length === 0) break;
      const call = this.#send(wave).finally(() => {
        this.#calls.delete(call);
        this.#pump();
      });
      this.#calls.add(call);
    }
    this.#reader.readOn();
    this.#saveSoon();
    this.#comeBack(nowMs);
  }

  /** After a call that failed as a whole one call is tried, and not several. */
  #mayCall(nowMs: number): boolean {
    const callsMax = this.#failures > 0 ? 1 : CALLS_MAX;
    const isOver = this.#isStopping || this.#abort.signal.aborted || !this.sink.isHeld;
    return !isOver && nowMs >= this.#restUntilMs && this.#calls.size < callsMax;
  }

  #comeBack(nowMs: number): void {
    if (this.#wakeTimer) clearTimeout(this.#wakeTimer);
    this.#wakeTimer = null;
    if (this.#isStopping || this.#abort.signal.aborted || !this.sink.isHeld) return;
    const isResting = this.#restUntilMs > nowMs && this.#window.size > 0;
    const nextMs = isResting ? this.#restUntilMs : this.#window.nextMs;
    if (nextMs === null || this.#calls.size >= CALLS_MAX) return;
    this.#wakeTimer = setTimeout(() => this.#pump(), Math.max(1, nextMs - nowMs));
  }

  async #send(taken: readonly WindowRecord[]): Promise<void> {
    for (const record of taken) if (record.flaw !== null) await this.#park(record, record.flaw);
    const wave = taken.filter(({ flaw }) => flaw === null);
    if (wave.length === 0) return;
    try {
      const outcomes = await this.parts.stream.put(wave, this.#abort.signal);
      this.#failures = 0;
      await this.#settle(wave, outcomes);
    } catch (error) {
      if (error instanceof PutFailed && error.isForContent) await this.#suspect(wave, error);
      else this.#failed(wave, error);
    }
  }

  async #settle(wave: readonly WindowRecord[], outcomes: readonly PutOutcome[]): Promise<void> {
    const taken = outcomes.filter(({ kind }) => kind === 'taken').length;
    this.#taken += taken;
    if (taken > 0) this.sink.succeeded(taken);
    for (const [index, record] of wave.entries()) {
      const outcome = outcomes[index];
      if (outcome?.kind === 'taken') this.#finish(record);
      else if (outcome?.kind === 'refused') await this.#park(record, outcome.reason);
      else if (outcome) this.#rest(record, outcome.reason);
    }
  }

  #finish(record: WindowRecord): void {
    this.#window.finish(record);
    this.#moved.add(record.event.tenant);
  }

  #rest(record: WindowRecord, reason: string): void {
    record.attempts += 1;
    this.#window.rest(record, performance.now() + retryPauseMs(record.attempts, Math.random()));
    this.sink.failed(reason);
  }

  /**
   * Nothing of the call was taken for what one of them is: each is sent by itself. One that is refused alone is put aside, if
   * others were taken since it was refused first: else it is not the record that is wrong.
   */
  async #suspect(wave: readonly WindowRecord[], { reason }: PutFailed): Promise<void> {
    const [only] = wave;
    const isAlone = wave.length === 1;
    if (only && isAlone && this.#taken > (only.suspectSince ?? Infinity)) return this.#park(only, reason);
    for (const record of wave) {
      record.suspectSince ??= this.#taken;
      if (isAlone) this.#rest(record, reason);
      else this.#window.giveBack(record);
    }
  }

  async #park(record: WindowRecord, reason: string): Promise<void> {
    try {
      await this.sink.park(record.event, reason);
      this.#finish(record);
    } catch {
      this.#rest(record, reason); // The database is away: it stays at the head of its key.
    }
  }

  #failed(wave: readonly WindowRecord[], error: unknown): void {
    for (const record of wave) this.#window.giveBack(record);
    if (this.#abort.signal.aborted) return;
    this.#failures += 1;
    this.#restUntilMs = performance.now() + retryPauseMs(this.#failures, Math.random());
    this.sink.failed(error instanceof PutFailed ? error.reason : String(error));
  }

  #saveSoon(): void {
    if (this.#moved.size === 0 || this.#isStopping) return;
    this.#saveTimer ??= setTimeout(() => {
      this.#saving = this.#save().finally(() => {
        this.#saveTimer = null;
        this.#saving = null;
        this.#saveSoon();
      });
    }, SAVE_MS);
  }

  /** What cannot be noted now is noted the next time. */
  async #save(): Promise<void> {
    const news = new Map<string, number>();
    for (const stream of this.#moved) {
      const checkpoint = this.#window.checkpointOf(stream);
      if (checkpoint > (this.#saved.get(stream) ?? this.#reader.beganAt(stream)))
        news.set(stream, checkpoint);
    }
    this.#moved.clear();
    if (news.size === 0) return;
    try {
      await this.sink.advance(news);
      for (const [stream, checkpoint] of news) this.#saved.set(stream, checkpoint);
    } catch (error) {
      if (error instanceof SinkLost) this.#abort.abort();
      else for (const stream of news.keys()) this.#moved.add(stream);
    }
  }
}
