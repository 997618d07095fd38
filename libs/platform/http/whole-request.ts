import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Caller } from '#platform/context';

/** A request whose body is all there, whichever way it came in; who calls is known, and may. */
export interface WholeRequest {
  readonly caller: Caller;
  readonly headers: IncomingHttpHeaders;
  readonly params: Readonly<Record<string, string>>;
  /** As it was sent; empty where there was none. */
  readonly body: Buffer;
}

/** An answer that is complete. */
export interface WholeAnswer {
  readonly status: number;
  /** Names in lower case and values in turn, besides those that the platform sets. */
  readonly headers: readonly string[];
  /** Text; empty where there is none. */
  readonly body: string;
}

/** Answers whatever is asked, refusals too; never throws and never rejects. At once where nothing has to be waited for. */
export type Respond = (request: WholeRequest) => WholeAnswer | Promise<WholeAnswer>;

/** A body that is larger is not worth a short way. */
const SMALL_BYTES_MAX = 65_536;

/** A plain JSON body whose length is known and small. */
export function hasSmallJson(headers: IncomingHttpHeaders): boolean {
  const { 'content-length': length, 'content-type': type } = headers;
  return (
    length !== undefined &&
    Number(length) <= SMALL_BYTES_MAX &&
    (type === 'application/json' || type === 'application/json; charset=utf-8') &&
    headers['transfer-encoding'] === undefined &&
    headers['content-encoding'] === undefined
  );
}

/** Hands over the body once it is all there; the parser of Node lets through no more than was announced. */
export function onceWhole(request: IncomingMessage, take: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.once('end', () => take(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
}
