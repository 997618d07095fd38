import type { IncomingMessage } from 'node:http';

/** True while some of a body is on its way that nobody will read: it would stand before the connection's next request. */
export function hasUnreadBody({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false; // Node says so of a request without a body only after it was handed over.
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = headers;
  return length !== '0' || encoding !== undefined;
}
