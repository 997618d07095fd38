import type { FastifyReply, FastifyRequest } from 'fastify';
import { noneMatchHits } from './if-match.js';

interface Resource {
  readonly id: string;
  readonly version: number;
}

/**
 * Gives a resource its ETag, a created one its Location, and answers 304 to who has it already. One place for all
 * resources, so that no controller can forget it.
 */
export function answerConditionally(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload?: unknown) => void,
): void {
  if (!isResource(payload) || reply.statusCode >= 300) {
    done(null, payload);
    return;
  }
  const headers = resourceHeaders(request, reply, payload);
  reply.headers(headers);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && noneMatchHits(request.headers['if-none-match'], headers['etag'] ?? '')) {
    reply.code(304).removeHeader('content-type');
    done(null, null);
    return;
  }
  done(null, payload);
}

/** The headers that follow from a resource; what the controller set already stays. */
export function resourceHeaders(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Record<string, string> {
  if (!isResource(payload) || request.routeOptions.config.resource !== true) return {};
  const etag = String(reply.getHeader('etag') ?? `"${payload.version}"`);
  if (reply.statusCode !== 201) return { etag };
  return { etag, location: String(reply.getHeader('location') ?? `${pathOf(request)}/${payload.id}`) };
}

function isResource(payload: unknown): payload is Resource {
  return typeof payload === 'object' && payload !== null && 'id' in payload && 'version' in payload;
}

function pathOf(request: FastifyRequest): string {
  const path = request.url.split('?', 1)[0] ?? '';
  return path.endsWith('/') ? path.slice(0, -1) : path;
}
