import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { eventually } from '../api.js';
import type { TestApi } from '../api.js';
import { EVENTS } from '../metadata/entries.js';
import { SseParser } from './sse-parser.js';
import type { ParsedEvent } from './sse-parser.js';

const HEAD_END = '\r\n\r\n';

/** A client of a stream of events that can be cut off after any byte, and that comes back as browsers do. */
export class EventReader {
  readonly heard: ParsedEvent[] = [];
  #parser = new SseParser();
  #socket: Socket | null = null;

  constructor(
    private readonly path: string,
    private readonly key?: string,
  ) {}

  get lastEventId(): string {
    return this.#parser.lastEventId;
  }

  get isCut(): boolean {
    return this.#socket === null;
  }

  /** The events of the change log that were heard, without bookmarks. */
  get logged(): any[] {
    return this.heard.filter(({ type }) => type.startsWith('io.')).map(({ data }) => JSON.parse(data));
  }

  /** Reads so many bytes of the stream and then breaks off in the middle of whatever it is. */
  connect(api: TestApi, bytes = Infinity): this {
    const { hostname, port } = new URL(api.url);
    const parser = new SseParser(this.lastEventId);
    this.#parser = parser;
    const socket = connect(Number(port), hostname);
    this.#socket = socket;
    let left = bytes;
    const unframe = new Unframed();
    socket.on('data', (chunk: Buffer) => {
      const body = unframe.take(chunk).subarray(0, left);
      left -= body.length;
      if (this.#socket === socket) this.heard.push(...parser.take(body));
      if (left <= 0) this.cut();
    });
    socket.on('error', () => undefined);
    socket.once('close', () => this.#socket === socket && this.cut());
    const lines = [
      `GET ${this.path} HTTP/1.1`,
      'Host: localhost',
      'Connection: close', // So that the end of the stream is that of the connection.
      ...(this.key === undefined ? [] : [`Authorization: Bearer ${this.key}`]),
      ...(this.lastEventId === '' ? [] : [`Last-Event-ID: ${this.lastEventId}`]),
    ];
    socket.write(lines.join('\r\n') + HEAD_END);
    return this;
  }

  /** From now on it hears what happens. */
  async begin(api: TestApi): Promise<this> {
    this.connect(api);
    await eventually(
      async () => this.lastEventId,
      (id) => id !== '',
    );
    return this;
  }

  /** At least so many events of the change log. */
  hears(count: number): Promise<any[]> {
    return eventually(
      async () => this.logged,
      (events) => events.length >= count,
    );
  }

  cut(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }
}

/** Clients of the stream of the change log, which are cut off together. */
export class EventReaders {
  readonly #readers: EventReader[] = [];

  of(query: Readonly<Record<string, string | undefined>>, key?: string): EventReader {
    const made = new EventReader(
      `${EVENTS}/stream?${new URLSearchParams(query as Record<string, string>).toString()}`,
      key,
    );
    this.#readers.push(made);
    return made;
  }

  cut(): void {
    for (const reader of this.#readers) reader.cut();
  }
}

/** The body of a chunked answer (RFC 9112, 7.1). */
class Unframed {
  #rest = Buffer.alloc(0);
  #isInBody = false;

  take(bytes: Buffer): Buffer {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    if (!this.#isInBody) {
      const end = this.#rest.indexOf(HEAD_END);
      if (end < 0) return Buffer.alloc(0);
      this.#rest = this.#rest.subarray(end + HEAD_END.length);
      this.#isInBody = true;
    }
    const parts: Buffer[] = [];
    for (;;) {
      const line = this.#rest.indexOf('\r\n');
      const size = line < 0 ? NaN : parseInt(this.#rest.subarray(0, line).toString(), 16);
      const end = line + 2 + size;
      if (!(this.#rest.length >= end + 2)) return Buffer.concat(parts);
      parts.push(this.#rest.subarray(line + 2, end));
      this.#rest = this.#rest.subarray(end + 2);
    }
  }
}
