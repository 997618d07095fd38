import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { redactApiKeys } from '#platform/auth';
import type { Answered } from '#platform/http';
import { isoTime } from './iso-time.js';
import type { Metrics } from './metrics.js';

const MILLISECONDS = 1_000;

/**
 * One line a request: who, what, how it ended, how long it took. The route and not the path, because a path may hold
 * what does not belong in a log. The line is put together here and not by pino, because its fields are known: a request
 * that is answered from memory takes about as long as to look at each of them.
 */
export class AccessLog {
  readonly #lines: DestinationStream;

  constructor(
    private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {
    this.#lines = (logger as Logger & { [pino.symbols.streamSym]: DestinationStream })[
      pino.symbols.streamSym
    ];
  }

  answered({ method, route, status, requestId, receivedAt, call }: Answered): void {
    const milliseconds = performance.now() - receivedAt;
    this.metrics.request(method, route, status, milliseconds / MILLISECONDS);
    if (!this.logger.isLevelEnabled('info')) return;
    const caller = call?.caller;
    const traceId = call?.traceId ? `,"traceId":"${call.traceId}"` : '';
    this.#lines.write(
      redactApiKeys(
        `{"level":"info"${isoTime()},"requestId":${JSON.stringify(requestId)},"method":"${method}","route":${JSON.stringify(route)},"status":${status},"durationMs":${Math.round(milliseconds * MILLISECONDS) / MILLISECONDS},"actor":${caller ? JSON.stringify(caller.actor) : 'null'},"tenant":${caller?.tenant ? `"${caller.tenant}"` : 'null'}${traceId}}\n`,
      ),
    );
  }
}
