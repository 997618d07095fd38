import type { LoggedEvent } from '#platform/change-log';
import { StreamProgress } from './stream-progress.js';

/** One event on its way. */
export interface WindowRecord {
  /** Without its snapshot, which `data` has in its own form. */
  readonly event: LoggedEvent;
  readonly key: string;
  readonly data: Uint8Array;
  /** As Kinesis counts it: the key too. */
  readonly bytes: number;
  /** Why it can never be sent, for people; null where it can. */
  readonly flaw: string | null;
  /** How often it was not taken. */
  attempts: number;
  /**
   * How many records had been taken when a call with it was refused for what was in it: it is sent by itself since then. Null
   * where none was.
   */
  suspectSince: number | null;
}

/** What one call may hold. */
export interface WaveLimits {
  readonly records: number;
  readonly bytes: number;
}

/** What may be on its way at once. */
export interface WindowLimits {
  readonly records: number;
  readonly bytes: number;
}

interface StreamShare {
  readonly progress: StreamProgress;
  /** Keys whose first record may be sent now, by when they came. */
  readonly ready: Set<string>;
  records: number;
  bytes: number;
}

/**
 * What was read and is not delivered yet. Of each key the first record alone may be under way, and the next one only once that
 * one was taken: whatever fails, the order of a key stays. Knows no clock and no network.
 */
export class RecordWindow {
  readonly #streams = new Map<string, StreamShare>();
  /** The records of each key, in their order; the first of them may be under way. */
  readonly #queues = new Map<string, WindowRecord[]>();
  /** Those with something ready, in the order of their turns. */
  readonly #turns = new Set<StreamShare>();
  readonly #resting = new Map<string, number>();
  #records = 0;
  #bytes = 0;

  constructor(private readonly limits: WindowLimits) {}

  get size(): number {
    return this.#records;
  }

  /** A stream is delivered up to here when the window opens. */
  open(stream: string, checkpoint: number): void {
    const progress = new StreamProgress(checkpoint);
    this.#streams.set(stream, { progress, ready: new Set(), records: 0, bytes: 0 });
  }

  /**
   * A stream gets no more than it leaves free, so that however many are stuck there is room for one more: of n that are, each
   * has a part of n + 1.
   */
  hasRoom(stream: string): boolean {
    const { records, bytes } = this.#share(stream);
    return records < this.limits.records - this.#records && bytes < this.limits.bytes - this.#bytes;
  }

  get isFull(): boolean {
    return this.#records >= this.limits.records || this.#bytes >= this.limits.bytes;
  }

  add(record: WindowRecord): void {
    const { tenant, revision } = record.event;
    const share = this.#share(tenant);
    share.progress.add(revision);
    this.#count(share, record, 1);
    const queue = this.#queues.get(record.key);
    if (queue) queue.push(record);
    else {
      this.#queues.set(record.key, [record]);
      this.#ready(record);
    }
  }

  readThrough(stream: string, revision: number): void {
    this.#share(stream).progress.readThrough(revision);
  }

  /** What is sent in one call: at most one record of a key, of each stream in turn. Each is answered by one of the next three. */
  take(nowMs: number, limits: WaveLimits): WindowRecord[] {
    this.#wake(nowMs);
    const wave: WindowRecord[] = [];
    let bytes = 0;
    // A share that has had its turn is put behind the others, and so is met again while there is something left to take.
    for (const share of this.#turns) {
      const record = this.#firstOf(share);
      if (!record) break;
      const isFull = wave.length >= limits.records || bytes + record.bytes > limits.bytes;
      if (wave.length > 0 && (isFull || record.suspectSince !== null)) break;
      share.ready.delete(record.key);
      this.#turns.delete(share);
      if (share.ready.size > 0) this.#turns.add(share);
      wave.push(record);
      bytes += record.bytes;
      if (record.suspectSince !== null) break;
    }
    return wave;
  }

  /** It was taken, or put aside: the next one of its key may go. */
  finish(record: WindowRecord): void {
    const share = this.#share(record.event.tenant);
    share.progress.finish(record.event.revision);
    this.#count(share, record, -1);
    const queue = this.#queues.get(record.key);
    queue?.shift();
    const [next] = queue ?? [];
    if (next) this.#ready(next);
    else this.#queues.delete(record.key);
  }

  /** It was not taken, and is tried again at that time. */
  rest(record: WindowRecord, untilMs: number): void {
    this.#resting.set(record.key, untilMs);
  }

  /** It may be sent again at once. */
  giveBack(record: WindowRecord): void {
    this.#ready(record);
  }

  /** When the first of those that rest may be sent; null: none rests. */
  get nextMs(): number | null {
    return this.#resting.size === 0 ? null : Math.min(...this.#resting.values());
  }

  checkpointOf(stream: string): number {
    return this.#share(stream).progress.checkpoint;
  }

  #wake(nowMs: number): void {
    for (const [key, untilMs] of this.#resting) {
      if (untilMs > nowMs) continue;
      this.#resting.delete(key);
      const [first] = this.#queues.get(key) ?? [];
      if (first) this.#ready(first);
    }
  }

  #firstOf({ ready }: StreamShare): WindowRecord | undefined {
    for (const key of ready) return this.#queues.get(key)?.[0];
    return undefined;
  }

  #ready({ event, key }: WindowRecord): void {
    const share = this.#share(event.tenant);
    share.ready.add(key);
    this.#turns.add(share);
  }

  #count(share: StreamShare, { bytes }: WindowRecord, sign: 1 | -1): void {
    share.records += sign;
    share.bytes += sign * bytes;
    this.#records += sign;
    this.#bytes += sign * bytes;
  }

  #share(stream: string): StreamShare {
    const share = this.#streams.get(stream);
    if (!share) throw new Error(`The stream ${stream} is not open.`);
    return share;
  }
}
