import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';

export const EVENT_STREAM_TYPE = 'text/event-stream';

/** Clients come back after so long, when the stream breaks off. */
const RECONNECT_MS = 3_000;
/** Whoever has so much waiting does not read any more: it is cut off, and goes on where it was when it comes back. */
const BACKLOG_BYTES_MAX = 1_048_576;
const LINE_BREAK = /\r\n|\r|\n/g;

/** One event as it goes out. */
export interface StreamedEvent {
  /** Where a client that comes back goes on. */
  readonly id: string;
  readonly type: string;
  /** JSON. */
  readonly data: string;
}

/** An answer that goes on and on: server-sent events (WHATWG HTML, 9.2). */
export class EventStream {
  readonly #openedAt = performance.now();

  private constructor(private readonly raw: ServerResponse) {
    raw.on('error', () => raw.destroy()); // The client left; nothing is to be done about it.
  }

  /** Takes over the response. A client that comes back goes on after `id`, also when it never gets an event. */
  static open(reply: FastifyReply, id: string): EventStream {
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as OutgoingHttpHeaders),
      'content-type': EVENT_STREAM_TYPE,
      'cache-control': 'no-store',
      'x-accel-buffering': 'no', // nginx would keep back what is too short for a block.
    });
    const stream = new EventStream(reply.raw);
    stream.#write(`retry: ${RECONNECT_MS}\nid: ${id}\n\n`);
    return stream;
  }

  get isOpen(): boolean {
    return !this.raw.destroyed && !this.raw.writableEnded;
  }

  get ageMs(): number {
    return performance.now() - this.#openedAt;
  }

  onClose(act: () => void): void {
    if (this.raw.destroyed) act();
    else this.raw.once('close', act);
  }

  send(events: readonly StreamedEvent[]): void {
    if (events.length > 0) this.#write(events.map(eventText).join(''));
  }

  /** Events that were put into words before, once for all who get the same. */
  sendBlock(block: Buffer): void {
    this.#write(block);
  }

  /** Keeps the connection open, and finds out whether anybody is at its other end. */
  beat(): void {
    this.#write(':\n\n');
  }

  /** What was sent is on its way still: nothing is needed to keep the connection open. */
  get isBusy(): boolean {
    return this.raw.writableNeedDrain;
  }

  /** When the client has taken in most of what was sent. */
  async drained(): Promise<void> {
    if (!this.isOpen || !this.raw.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.raw.off('drain', done).off('close', done);
        resolve();
      };
      this.raw.on('drain', done).on('close', done);
    });
  }

  /** Each client gets its own time to come back: not all at once. */
  end(): void {
    if (this.isOpen) this.raw.end(`retry: ${Math.round(RECONNECT_MS * (0.5 + Math.random()))}\n\n`);
  }

  #write(text: string | Buffer): void {
    if (!this.isOpen) return;
    if (this.raw.writableLength > BACKLOG_BYTES_MAX) this.raw.destroy();
    else this.raw.write(text);
  }
}

/** A value that is kept as it was written may have line breaks between its parts: each line is one of the data. */
export const eventText = ({ id, type, data }: StreamedEvent): string =>
  `id: ${id}\nevent: ${type}\ndata: ${data.replaceAll(LINE_BREAK, '\ndata: ')}\n\n`;

/** What a client that comes back has heard last; what is empty says nothing. */
export function lastEventIdOf({ headers }: FastifyRequest): string | undefined {
  const id = [headers['last-event-id'] ?? []].flat()[0];
  return id === '' ? undefined : id;
}

/** Who asks for the head alone gets no stream; gives true when it was answered. */
export function answersHead({ method }: FastifyRequest, reply: FastifyReply): boolean {
  if (method !== 'HEAD') return false;
  reply.type(EVENT_STREAM_TYPE).header('Cache-Control', 'no-store').send();
  return true;
}
