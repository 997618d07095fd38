import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { InvalidInput } from '#shared-kernel';
import type { CallContext, Caller } from '#platform/context';
import { decodeUtf8 } from './json/utf8.js';
import { parseJson, stringifyExact } from './json/json-text.js';
import { answerBroken, answerExpectation } from './broken-request.js';
import { answerConditionally } from './conditional.js';
import { UnsupportedMediaType } from './media-type.js';
import { PROBLEM_TYPE, refusalOf } from './problem.js';
import { SECURITY_HEADERS } from './security-headers.js';
import { checkQueryText } from './query-text.js';
import { requestIdOf, traceIdOf } from './request-marks.js';
import { FastLane } from './fast-lane.js';
import type { LaneParts } from './fast-lane.js';
import { RouteTable } from './route-table.js';
import { FILE_TYPES, TEXT_TYPES, TextBody } from './text-body.js';
import { wholeOf } from './whole-body.js';
import type { RouteDeclaration } from './route-config.js';

const BODY_BYTES_MAX = 1_048_576;
const PATH_PART_LENGTH_MAX = 1_000;
const HEADERS_TIMEOUT_MS = 20_000;
/** For all of a request: an import of many lines takes as long as they take to be stored. */
const REQUEST_TIMEOUT_MS = 1_800_000;
/** Without a byte in either direction. */
const SILENCE_MS_MAX = 120_000;
const JSON_TYPES = ['application/json', 'application/merge-patch+json'];
const STREAM_TYPES = ['application/x-ndjson', 'application/jsonl', 'application/octet-stream'];

/** The adapter with our limits; everything else of HTTP is added by `prepareServer`. */
export function createAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: SILENCE_MS_MAX,
    forceCloseConnections: 'idle', // Requests under way are finished; streams end themselves.
    return503OnClosing: false,
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      const { problem } = refusalOf(error, request.id);
      void reply
        .code(problem.status)
        .headers({ 'X-Request-Id': request.id, ...SECURITY_HEADERS.data })
        .type(PROBLEM_TYPE)
        .send(JSON.stringify(problem));
    },
    clientErrorHandler: answerBroken,
    ajv: { customOptions: { removeAdditional: false, allErrors: true, coerceTypes: false } },
    genReqId: ({ headers }: IncomingMessage) => requestIdOf(headers),
    skipMiddie: true, // There is no Nest middleware: what holds for every route is in hooks.
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    routerOptions: { maxParamLength: PATH_PART_LENGTH_MAX },
  });
}

/** What the hooks need of the rest of the platform. */
export interface ServerParts extends LaneParts {
  readonly context: CallContext;
  readonly requireIfMatch: boolean;
  /** Paths that anybody may see and that third-party code registers, for example `/docs`. */
  readonly publicPaths: readonly string[];
  /** Finds out who calls, hands that over, and throws when they may not; at once when the credential is known already. */
  admit(request: FastifyRequest, permission: string, known: (caller: Caller) => void): void | Promise<void>;
}

/**
 * Puts the platform's rules into Fastify's hooks, so that they hold for every route, and a route that forgets to declare
 * its permission does not start.
 */
export function prepareServer(fastify: FastifyInstance, parts: ServerParts): RouteTable {
  const routes = new RouteTable();
  fastify.decorate('requireIfMatch', parts.requireIfMatch);
  fastify.decorate('routeTable', routes);
  fastify.addHook('onRoute', (route) => {
    declare(route, parts);
    routes.add(route);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    request.receivedAt = performance.now();
    reply
      .header('X-Request-Id', request.id)
      .headers(SECURITY_HEADERS[request.routeOptions.config.audience ?? 'data']);
    checkQueryText(request.url);
    const pending = receive(request, parts);
    if (pending) pending.then(() => done(), done);
    else done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    parts.answered({
      method: request.method,
      route: request.routeOptions.url ?? 'unmatched',
      status: reply.statusCode,
      requestId: request.id,
      receivedAt: request.receivedAt ?? performance.now(),
      call: request.call ?? null,
    });
    done();
  });
  takeBodies(fastify);
  const lane = new FastLane(parts);
  lane.install(fastify.server);
  fastify.decorate('fastLane', lane);
  fastify.addHook('preClose', (done) => {
    lane.close();
    done();
  });
  closeSilentConnections(fastify);
  fastify.server.on('checkExpectation', answerExpectation);
  fastify.setReplySerializer((payload) => stringifyExact(payload));
  return routes;
}

function receive(request: FastifyRequest, parts: ServerParts): void | Promise<void> {
  if (request.is404) return undefined;
  return parts.admit(request, request.routeOptions.config.allow ?? '', (caller) => {
    request.call = { caller, requestId: request.id, traceId: traceIdOf(request.headers) };
  });
}

/** Checks what the route says of itself, and gives it the hooks that follow from that. */
function declare(route: RouteOptions, { context, publicPaths }: ServerParts): void {
  const config = (route.config ??= {});
  if (publicPaths.some((path) => route.url === path || route.url.startsWith(`${path}/`))) {
    Object.assign(config, { allow: 'public', audience: 'pages' });
  }
  if (!config.allow) throw new Error(`${String(route.method)} ${route.url} does not declare its permission.`);
  if (config.file) route.bodyLimit = config.file.bytesMax;
  if (config.hot) return;
  const enter = (request: FastifyRequest, _: FastifyReply, done: () => void): void => {
    context.run(request.call, done);
  };
  route.preHandler = [enter, ...[route.preHandler ?? []].flat()];
  if (config.resource)
    route.preSerialization = [answerConditionally, ...[route.preSerialization ?? []].flat()];
}

/**
 * A connection that has not asked for anything yet, as browsers open them in advance, is not idle to Node: it would hold
 * up the end of the process until its time is out.
 */
function closeSilentConnections(fastify: FastifyInstance): void {
  const silent = new Set<Socket>();
  let isClosing = false;
  fastify.server.on('connection', (socket) => {
    if (isClosing) socket.destroy();
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  fastify.server.on('request', ({ socket }) => silent.delete(socket));
  fastify.addHook('preClose', (done) => {
    isClosing = true;
    for (const socket of silent) socket.destroy();
    done();
  });
  fastify.addHook('onResponse', (_, __, done) => {
    // What was under way is answered: its connection would be kept for a next request that is not taken any more.
    if (isClosing) setImmediate(() => fastify.server.closeIdleConnections());
    done();
  });
}

/** JSON is read strictly and whole; routes that declare it get other texts whole, or the bytes as they come. */
function takeBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer' }, (request, body, done) => {
    try {
      const { streamed, bytes, file, ...kept } = request.routeOptions.config;
      refuseEncoded(request);
      if (streamed !== undefined) throw new UnsupportedMediaType(streamed);
      if (file !== undefined) throw new UnsupportedMediaType(file.types.join(', '));
      done(null, bytes === true ? body : readJson(body as Buffer, kept));
    } catch (error) {
      done(error as Error);
    }
  });
  for (const mediaType of TEXT_TYPES) {
    fastify.addContentTypeParser(mediaType, { parseAs: 'buffer' }, (request, body, done) => {
      try {
        done(
          null,
          isFile(request, mediaType) ? (body as Buffer) : readText(request, mediaType, body as Buffer),
        );
      } catch (error) {
        done(error as Error);
      }
    });
  }
  fastify.addContentTypeParser([...FILE_TYPES], { parseAs: 'buffer' }, (request, body, done) => {
    try {
      if (!isFile(request, mediaTypeOf(request))) throw new UnsupportedMediaType('application/json');
      done(null, body);
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addContentTypeParser(STREAM_TYPES, async (request: FastifyRequest, payload: IncomingMessage) => {
    const { file, streamed } = request.routeOptions.config;
    refuseEncoded(request);
    if (file && isFile(request, mediaTypeOf(request))) return wholeOf(payload, file.bytesMax);
    if (!streamed) throw new UnsupportedMediaType('application/json');
    return payload;
  });
}

/** Without parameters. */
const mediaTypeOf = ({ headers }: FastifyRequest): string =>
  (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

/** Whether the route takes it as the bytes of a file. @throws UnsupportedMediaType */
function isFile(request: FastifyRequest, mediaType: string): boolean {
  const { file } = request.routeOptions.config;
  if (!file) return false;
  refuseEncoded(request);
  if ((file.types as readonly string[]).includes(mediaType)) return true;
  throw new UnsupportedMediaType(file.types.join(', '));
}

/** @throws UnsupportedMediaType, InvalidInput */
function readText(request: FastifyRequest, mediaType: (typeof TEXT_TYPES)[number], bytes: Buffer): TextBody {
  const { texts = [], streamed } = request.routeOptions.config;
  refuseEncoded(request);
  if (!texts.includes(mediaType))
    throw new UnsupportedMediaType(streamed ?? ['application/json', ...texts].join(', '));
  return new TextBody(mediaType, decodeUtf8(bytes));
}

/** Compressed bodies are not taken: a small one may be a large one. @throws UnsupportedMediaType */
function refuseEncoded({ headers }: FastifyRequest): void {
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity')
    throw new UnsupportedMediaType('bodies without Content-Encoding');
}

/** A body is an object, unless a route takes lists; an empty one is none at all. @throws InvalidInput */
function readJson(
  bytes: Buffer,
  { exact, lists }: Pick<Partial<RouteDeclaration>, 'exact' | 'lists'>,
): unknown {
  if (bytes.length === 0) return undefined;
  const body = parseJson(decodeUtf8(bytes), exact ? { exact } : {});
  if (typeof body !== 'object' || body === null || (Array.isArray(body) && lists !== true)) {
    throw InvalidInput.at('', 'type', 'The body is a JSON object.');
  }
  return body;
}
