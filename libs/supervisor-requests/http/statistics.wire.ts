import type { RequestStatistics, StatisticsOf } from '../application/statistics.queries.js';
import type { StatisticsResponse } from './statistics.dto.js';

export const toStatisticsResponse = (
  of: StatisticsOf,
  statistics: RequestStatistics,
): StatisticsResponse => ({
  store_id: of.storeId,
  tenant_id: of.tenant,
  from: of.from?.toISOString() ?? null,
  until: of.until?.toISOString() ?? null,
  as_of: statistics.asOf.toISOString(),
  counts: statistics.counts,
  resolutions: statistics.resolutions,
  timeout_rate: timeoutRate(statistics),
  seconds_to_claim: statistics.secondsToClaim,
  seconds_to_response: statistics.secondsToResponse,
  backlog: statistics.backlog.map((count, index) => ({ priority: index + 1, count })),
  oldest_pending: statistics.oldestPending && {
    request_timestamp: statistics.oldestPending.requestTimestamp.toISOString(),
    age_seconds: statistics.oldestPending.ageSeconds,
  },
});

function timeoutRate({ counts }: RequestStatistics): number | null {
  const settled = counts.response_received + counts.timeout + counts.cancelled;
  return settled === 0 ? null : counts.timeout / settled;
}
