import type { Logger } from 'pino';
import type { Answered } from '#platform/http';
import type { Metrics } from './metrics.js';

const MILLISECONDS = 1_000;

/**
 * One line a request: who, what, how it ended, how long it took. The route and not the path, because a path may hold
 * what does not belong in a log.
 */
export class AccessLog {
  readonly #logger: Logger;

  constructor(
    logger: Logger,
    private readonly metrics: Metrics,
  ) {
    this.#logger = logger.child({}, { redact: [] }); // Its fields are known; to look for others costs more than the line.
  }

  answered({ method, route, status, requestId, receivedAt, call }: Answered): void {
    const milliseconds = performance.now() - receivedAt;
    this.metrics.request(method, route, status, milliseconds / MILLISECONDS);
    if (!this.#logger.isLevelEnabled('info')) return;
    this.#logger.info({
      requestId,
      method,
      route,
      status,
      durationMs: Math.round(milliseconds * MILLISECONDS) / MILLISECONDS,
      actor: call?.caller.actor ?? null,
      tenant: call?.caller.tenant ?? null,
      ...(call?.traceId ? { traceId: call.traceId } : {}),
    });
  }
}
