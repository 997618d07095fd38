import type { LoggedEvent } from '#platform/change-log';
import type { HeldSink } from '#platform/sinks';
import { SUB_LAST } from './log-slices.js';
import type { LogPosition, LogSlices } from './log-slices.js';
import type { RecordWindow, WindowRecord } from './record-window.js';

const RETRY_MS = 1_000;
/** Of Kinesis, with the key. */
const RECORD_BYTES_MAX = 1024 * 1024;
const NOTHING = new Uint8Array();

/** What a reader reads, and into what. */
export interface ReaderParts {
  readonly sink: HeldSink;
  readonly slices: LogSlices;
  readonly window: RecordWindow;
  readonly encode: (event: LoggedEvent) => Uint8Array;
}

/** Fills the window from the log, one small slice after the other and of each stream in turn. */
export class StreamReader {
  #positions: Map<string, LogPosition> | null = null;
  readonly #begun = new Map<string, number>();
  /** Streams with something to read, in the order of their turns. */
  readonly #news = new Set<string>();
  #isToLookAtAll = false;
  #reading: Promise<void> | null = null;
  #retry: NodeJS.Timeout | null = null;
  #isStopping = false;

  /** `haveRead` is called with the streams of which something was read. */
  constructor(
    private readonly parts: ReaderParts,
    private readonly haveRead: (streams: readonly string[]) => void,
  ) {}

  /** Where a stream was when the run began. */
  beganAt(stream: string): number {
    return this.#begun.get(stream) ?? 0;
  }

  /** There may be something new in these streams; null: in any. */
  wake(streams: readonly string[] | null): void {
    if (streams === null) this.#isToLookAtAll = true;
    else for (const stream of streams) this.#news.add(stream);
    this.readOn();
  }

  /** Reads as long as there is something to read, and room for it. */
  readOn(): void {
    if (this.#isStopping || this.#retry) return;
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = null;
      if (this.#isThereMore) this.readOn(); // It came as the last look was over.
    });
  }

  get #isThereMore(): boolean {
    if (this.#isStopping || this.#retry || !this.parts.sink.isHeld) return false;
    return this.#isToLookAtAll || this.#next() !== null;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#retry) clearTimeout(this.#retry);
    await this.#reading;
  }

  async #readAll(): Promise<void> {
    try {
      for (;;) {
        if (this.#isStopping || !this.parts.sink.isHeld) return;
        if (this.#isToLookAtAll) await this.#lookAtAll();
        const stream = this.#next();
        if (stream === null) return;
        await this.#readFrom(stream);
      }
    } catch (error) {
      this.parts.sink.failed(
        `The change log cannot be read: ${error instanceof Error ? error.name : 'unknown'}.`,
      );
      this.#retry = setTimeout(() => {
        this.#retry = null;
        this.readOn();
      }, RETRY_MS);
    }
  }

  async #lookAtAll(): Promise<void> {
    const positions = this.#positions ?? (await this.#open());
    this.#isToLookAtAll = false;
    try {
      for (const [stream, head] of await this.parts.slices.heads())
        if (head > (positions.get(stream)?.revision ?? 0)) this.#news.add(stream);
    } catch (error) {
      this.#isToLookAtAll = true;
      throw error;
    }
  }

  async #open(): Promise<Map<string, LogPosition>> {
    const checkpoints = await this.parts.sink.checkpoints();
    this.#positions = new Map();
    for (const [stream, revision] of checkpoints) this.#begin(stream, revision);
    return this.#positions;
  }

  #begin(stream: string, revision: number): LogPosition {
    const position = { revision, sub: SUB_LAST };
    this.#begun.set(stream, revision);
    this.#positions?.set(stream, position);
    this.parts.window.open(stream, revision);
    return position;
  }

  #next(): string | null {
    if (this.parts.window.isFull || !this.#positions) return null;
    for (const stream of this.#news)
      if (!this.#positions.has(stream) || this.parts.window.hasRoom(stream)) return stream;
    return null;
  }

  async #readFrom(stream: string): Promise<void> {
    const { slices, window, sink, encode } = this.parts;
    const position = this.#positions?.get(stream) ?? this.#begin(stream, 0);
    this.#news.delete(stream); // Whatever comes from now on puts it back.
    try {
      const { events, through } = await slices.after(stream, position);
      if (!sink.isHeld) return;
      for (const event of events) window.add(recordOf(event, encode));
      const last = events.at(-1);
      const upTo = through ?? (last ? last.revision - 1 : position.revision - 1);
      window.readThrough(stream, upTo);
      if (through === null) this.#news.add(stream);
      const next = through === null ? last : { revision: through, sub: SUB_LAST };
      if (next) this.#positions?.set(stream, { revision: next.revision, sub: next.sub });
    } catch (error) {
      this.#news.add(stream);
      throw error;
    }
    this.haveRead([stream]);
  }
}

/** An event that cannot be put into words is as good as one that is too large: the others go on without it. */
function recordOf(event: LoggedEvent, encode: (event: LoggedEvent) => Uint8Array): WindowRecord {
  const key = event.aggregateId;
  let data: Uint8Array = NOTHING;
  let flaw: string | null = null;
  try {
    data = encode(event);
  } catch {
    flaw = 'It cannot be shown as an event.';
  }
  const bytes = data.byteLength + key.length;
  if (bytes > RECORD_BYTES_MAX) {
    flaw = `It has ${bytes} bytes with its key; Kinesis takes ${RECORD_BYTES_MAX}.`;
    data = NOTHING;
  }
  const length = data.byteLength + key.length;
  return {
    event: { ...event, snapshot: null },
    key,
    data,
    bytes: length,
    flaw,
    attempts: 0,
    suspectSince: null,
  };
}
