import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;
const TRACE_PARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;
const NO_TRACE = '0'.repeat(32);

/** The id that the caller gave its request, if it is one, else a new one. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

/** The trace id that the caller works under (W3C Trace Context), if it is one. */
export function traceIdOf(headers: IncomingHttpHeaders): string | null {
  const header = headers['traceparent'];
  const id = typeof header === 'string' ? TRACE_PARENT.exec(header)?.[1] : undefined;
  return id === undefined || id === NO_TRACE ? null : id;
}
