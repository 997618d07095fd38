import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { isKnownToFramework, PROBLEM_TYPE, refusalOf } from './problem.js';
import { requestIdOf } from './request-marks.js';
import { SECURITY_HEADERS } from './security-headers.js';

/**
 * Answers what Node's parser gave up on. There is no request, so that no hook sees it, and no telling where the next one
 * would begin: the connection ends.
 */
export function answerBroken(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const known = isKnownToFramework(error) ? error : { code: 'MALFORMED_REQUEST' };
    const { problem, head, body } = answerTo(known, randomUUID());
    const lines = Object.entries({ ...head, Connection: 'close' }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    socket.write(
      [`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`, ...lines, '', body].join('\r\n'),
    );
  }
  socket.destroySoon();
}

/** Answers a request whose `Expect` is not `100-continue`, for which Node has an empty answer. */
export function answerExpectation(request: IncomingMessage, response: ServerResponse): void {
  const { problem, head, body } = answerTo({ code: 'EXPECTATION_FAILED' }, requestIdOf(request.headers));
  response.writeHead(problem.status, { ...head, Connection: 'close' }).end(body);
}

function answerTo(error: unknown, requestId: string) {
  const { problem } = refusalOf(error, requestId);
  const body = JSON.stringify(problem);
  const head = {
    'X-Request-Id': requestId,
    ...SECURITY_HEADERS.data,
    'Content-Type': PROBLEM_TYPE,
    'Content-Length': String(Buffer.byteLength(body)),
  };
  return { problem, head, body };
}
