import { Injectable } from '@nestjs/common';
import { SHARED_TENANT } from '#platform/context';
import { Database } from '#platform/database';
import { Settling } from '../application/settling.js';
import { StatisticsQueries } from '../application/statistics.queries.js';
import type { Percentiles, RequestStatistics, StatisticsOf } from '../application/statistics.queries.js';
import { STATUS_CODES } from '../domain/request-state.js';

/** More are left to the sweeper, and counted as what they will be. */
const SETTLED_AT_ONCE = 500;

interface StatisticsRow {
  readonly as_of: Date;
  readonly pending: number;
  readonly responses: number;
  readonly timeouts: number;
  readonly cancelled: number;
  readonly resolved: number;
  readonly unresolved: number;
  readonly to_claim: number[] | null;
  readonly to_response: number[] | null;
  readonly backlog: number[];
  readonly oldest: Date | null;
}

const OF_STORE = 't.tenant = any ($1) and t.store_id = $2';
const IN_WINDOW = `t.request_timestamp >= $3::timestamptz and t.request_timestamp < $4::timestamptz`;
/** Says nothing, but an index of what became of a store's requests is read by it. */
const ANY_CODE = `t.status_code = any ('{${STATUS_CODES.join()}}')`;
const COUNT = 'count(*) filter';
const MOMENTS = 'array[0.5, 0.9, 0.95]';
const secondsTo = (column: string): string =>
  `within group (order by extract(epoch from t.${column} - t.request_timestamp)::float8)`;

/**
 * One snapshot. Requests whose time is over and that nobody has settled yet are few: they are read by when they were due, and
 * moved from pending to timeout.
 */
const STATISTICS = `
  with overdue as materialized (
    select t.priority, t.on_timeout, ${IN_WINDOW} as counted from supervisor.request t
    where ${OF_STORE} and t.due_at <= statement_timestamp() and t.expires_at <= statement_timestamp()
  ), late as (
    select ${COUNT} (where counted) as all, ${COUNT} (where counted and on_timeout = 'unresolved') as unresolved from overdue
  ), counted as (
    select
      ${COUNT} (where t.status_code = 'pending_response') as pending,
      ${COUNT} (where t.status_code = 'response_received') as responses,
      ${COUNT} (where t.status_code = 'timeout') as timeouts,
      ${COUNT} (where t.status_code = 'cancelled') as cancelled,
      ${COUNT} (where t.resolution = 'resolved') as resolved,
      ${COUNT} (where t.resolution = 'unresolved') as unresolved,
      percentile_disc(${MOMENTS}) ${secondsTo('first_claimed_at')}
        filter (where t.first_claimed_at is not null) as to_claim,
      percentile_disc(${MOMENTS}) ${secondsTo('responded_at')}
        filter (where t.status_code = 'response_received') as to_response
    from supervisor.request t where ${OF_STORE} and ${ANY_CODE} and ${IN_WINDOW}
  ), waiting as (
    select t.priority, count(*) as count from supervisor.request t
    where ${OF_STORE} and t.status_code = 'pending_response' group by t.priority
  )
  select statement_timestamp() as as_of, (c.pending - late.all)::int as pending, c.responses::int, (c.timeouts + late.all)::int as timeouts,
    c.cancelled::int, (c.resolved + late.all - late.unresolved)::int as resolved, (c.unresolved + late.unresolved)::int as unresolved,
    c.to_claim, c.to_response,
    array(select (coalesce((select count from waiting where priority = p), 0)
      - (select count(*) from overdue where priority = p))::int from generate_series(1, 5) as p order by p) as backlog,
    (select min(first.request_timestamp) from unnest($1::text[]) as own(tenant) cross join lateral (
       select t.request_timestamp from supervisor.request t
       where t.tenant = own.tenant and t.store_id = $2 and t.status_code = 'pending_response' and t.expires_at > statement_timestamp()
       order by t.request_timestamp, t.id limit 1) as first) as oldest
  from counted c cross join late`;

@Injectable()
export class SqlStatisticsQueries extends StatisticsQueries {
  constructor(
    private readonly database: Database,
    private readonly settling: Settling,
  ) {
    super();
  }

  override async of({ tenant, storeId, from, until }: StatisticsOf): Promise<RequestStatistics> {
    const tenants = tenant === null ? [null] : [tenant, null];
    await this.settling.settleDue({ tenants, storeId }, SETTLED_AT_ONCE);
    const columns = tenants.map((each) => each ?? SHARED_TENANT);
    const [row] = await this.database.read<StatisticsRow>({
      name: 'request_statistics',
      text: STATISTICS,
      values: [columns, storeId, from ?? '-infinity', until ?? 'infinity'],
    });
    if (!row) throw new Error('An aggregate gives one row.');
    return toStatistics(row);
  }
}

const toStatistics = (row: StatisticsRow): RequestStatistics => ({
  asOf: row.as_of,
  counts: {
    pending_response: row.pending,
    response_received: row.responses,
    timeout: row.timeouts,
    cancelled: row.cancelled,
  },
  resolutions: { resolved: row.resolved, unresolved: row.unresolved },
  backlog: row.backlog,
  oldestPending: row.oldest && {
    requestTimestamp: row.oldest,
    ageSeconds: (row.as_of.getTime() - row.oldest.getTime()) / 1_000,
  },
  secondsToClaim: toPercentiles(row.to_claim),
  secondsToResponse: toPercentiles(row.to_response),
});

/** All are null together, where there is nothing to tell of. */
function toPercentiles(values: readonly (number | null)[] | null): Percentiles | null {
  const [p50 = null, p90 = null, p95 = null] = values ?? [];
  return p50 === null || p90 === null || p95 === null ? null : { p50, p90, p95 };
}
