import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Caller } from '#platform/context';
import { requestIdOf, traceIdOf } from './request-marks.js';
import type { Answered } from './answered.js';
import { hasSmallJson, onceWhole } from './whole-request.js';
import type { Respond, WholeAnswer } from './whole-request.js';

const URLS_MAX = 20_000;
const OK = 200;
const NOT_MODIFIED = 304;

/** An answer whose bytes lie ready. */
export interface ReadyAnswer {
  /** With its quotes. */
  readonly etag: string;
  readonly contentType: string;
  readonly body: string;
  readonly bytes: number;
  /** The caller has this very version. */
  readonly isKnown: boolean;
}

/** Answers a URL that was answered before; null whenever that takes more than memory, or is a refusal. */
export type Recall = (caller: Caller, headers: IncomingHttpHeaders) => ReadyAnswer | null;

/** What the lane knows of a URL. */
export interface KnownUrl {
  /** The route's pattern, for the log. */
  readonly route: string;
  /** The permission that the route needs. */
  readonly allow: string;
  readonly recall: Recall;
}

/** What the lane knows of a URL to which questions are posted: the very function that answers on the long way. */
export interface KnownQuestion {
  /** The route's pattern, for the log. */
  readonly route: string;
  /** The permission that the route needs. */
  readonly allow: string;
  readonly params: Readonly<Record<string, string>>;
  readonly respond: Respond;
}

/** What the lane needs of the rest of the platform. */
export interface LaneParts {
  /** The caller when the credential was verified before and holds; null when there is anything to find out or to refuse. */
  knownCaller(headers: IncomingHttpHeaders): Caller | null;
  /** Notes an answered request. */
  answered(request: Answered): void;
  /** True where answers depend on the page that asks. */
  readonly isForBrowsers: boolean;
}

/**
 * The short way for hot reads: a GET of a URL that a hot route answered before, by a caller who is known, is answered
 * from memory before the framework sees it. Whatever is out of the ordinary (another method, a body, a new URL, a
 * credential to verify, a refusal, an entry to load, a stop under way) goes the long way, which is the same for everything
 * else. So the lane decides nothing: it repeats. A question that is posted to a URL where one was answered before is read
 * here and answered by the function that answers it there.
 */
export class FastLane {
  readonly #urls = new LRUCache<string, KnownUrl>({ max: URLS_MAX });
  readonly #questions = new LRUCache<string, KnownQuestion>({ max: URLS_MAX });
  #isClosed = false;

  constructor(private readonly parts: LaneParts) {}

  /** Takes its place before the listener that the server has. */
  install(server: Server): void {
    const [next] = server.listeners('request') as ((
      request: IncomingMessage,
      response: ServerResponse,
    ) => void)[];
    if (!next) throw new Error('The server has no listener for requests yet.');
    server.removeListener('request', next);
    server.on('request', (request, response) => {
      if (!this.#serves(request, response)) next(request, response);
    });
  }

  /** From now on everything goes the long way. */
  close(): void {
    this.#isClosed = true;
  }

  /** Notes how a URL is answered again. */
  remember(url: string, make: () => KnownUrl | null): void {
    if (this.#urls.has(url)) return;
    const known = make();
    if (known) this.#urls.set(url, known);
  }

  /** Notes how what is posted to a URL is answered. */
  rememberQuestion(url: string, make: () => KnownQuestion): void {
    if (!this.#questions.has(url)) this.#questions.set(url, make());
  }

  #serves(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.#isClosed) return false;
    if (request.method === 'GET') return this.#repeats(request, response);
    return request.method === 'POST' && this.#takes(request, response);
  }

  #repeats({ url = '', headers }: IncomingMessage, response: ServerResponse): boolean {
    const known = this.#urls.get(url);
    if (known === undefined || hasBody(headers) || this.#isUnusual(headers)) return false;
    const receivedAt = performance.now();
    const caller = this.parts.knownCaller(headers);
    if (!caller?.permissions.has(known.allow)) return false;
    const answer = recalled(known, caller, headers);
    if (answer === null) return false;
    const requestId = requestIdOf(headers);
    const status = answer.isKnown ? NOT_MODIFIED : OK;
    send(response, requestId, answer);
    const call = { caller, requestId, traceId: traceIdOf(headers) };
    this.parts.answered({ method: 'GET', route: known.route, status, requestId, receivedAt, call });
    return true;
  }

  #takes(request: IncomingMessage, response: ServerResponse): boolean {
    const { url = '', headers } = request;
    const known = this.#questions.get(url);
    if (known === undefined || !hasSmallJson(headers) || this.#isUnusual(headers)) return false;
    const receivedAt = performance.now();
    const caller = this.parts.knownCaller(headers);
    if (!caller?.permissions.has(known.allow)) return false;
    const { route, params, respond } = known;
    const requestId = requestIdOf(headers);
    const give = (answer: WholeAnswer): void => {
      sendWhole(response, requestId, answer);
      const call = { caller, requestId, traceId: traceIdOf(headers) };
      this.parts.answered({ method: 'POST', route, status: answer.status, requestId, receivedAt, call });
    };
    onceWhole(request, (body) => {
      const answer = respond({ caller, headers, params, body });
      if (answer instanceof Promise) void answer.then(give);
      else give(answer);
    });
    return true;
  }

  #isUnusual(headers: IncomingHttpHeaders): boolean {
    return headers.expect !== undefined || (this.parts.isForBrowsers && headers.origin !== undefined);
  }
}

function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

/** A refusal is told on the long way. */
function recalled({ recall }: KnownUrl, caller: Caller, headers: IncomingHttpHeaders): ReadyAnswer | null {
  try {
    return recall(caller, headers);
  } catch {
    return null;
  }
}

/** The very headers of the long way. */
function send(
  response: ServerResponse,
  requestId: string,
  { etag, contentType, body, bytes, isKnown }: ReadyAnswer,
): void {
  if (isKnown) {
    response.writeHead(NOT_MODIFIED, [
      'x-request-id',
      requestId,
      'x-content-type-options',
      'nosniff',
      'etag',
      etag,
    ]);
    response.end();
    return;
  }
  response.writeHead(OK, [
    'x-request-id',
    requestId,
    'x-content-type-options',
    'nosniff',
    'etag',
    etag,
    'content-type',
    contentType,
    'content-length',
    String(bytes),
  ]);
  response.end(body, encodingOf(body, bytes));
}

/** The very headers of the long way, too. */
function sendWhole(
  response: ServerResponse,
  requestId: string,
  { status, headers, body }: WholeAnswer,
): void {
  const all = ['x-request-id', requestId, 'x-content-type-options', 'nosniff', ...headers];
  const bytes = Buffer.byteLength(body);
  if (bytes > 0) all.push('content-length', String(bytes));
  response.writeHead(status, all);
  response.end(body, encodingOf(body, bytes));
}

/** What has as many bytes as characters is ASCII, and written faster as what it is; the bytes are the same. */
const encodingOf = (body: string, bytes: number): BufferEncoding =>
  bytes === body.length ? 'latin1' : 'utf8';
