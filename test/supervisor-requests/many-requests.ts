import type pg from 'pg';

export const TENANT = 'acme';
/** Of one store, half of them pending, a minute apart. */
export const COUNT = 400_000;
/** Half an hour apart, of all tenants and in the same store. */
const SHARED = 8_000;
/** In stores of a hundred. */
const ELSEWHERE = 40_000;

export const STORE = 'store-042';
export const TEAM = '00000000-0000-4000-8000-000000000001';
const END = `timestamptz '2099-01-01'`;

/** So many requests that a page which reads more than it shows is told from one that does not. */
export async function makeMany(owner: pg.Pool): Promise<void> {
  const { rows } = await owner.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes
     where schemaname = 'supervisor' and tablename = 'request' and indexname <> 'request_pkey'`,
  );
  // An index is built faster than it is kept.
  await owner.query(rows.map(({ name }) => `drop index supervisor.${name};`).join(''));
  await owner.query(INSERT);
  await owner.query(rows.map(({ definition }) => `${definition};`).join(''));
  await owner.query('vacuum analyze supervisor.request');
}

const INSERT = `
  insert into supervisor.request (id, tenant, version, store_id, kind, question, details, priority, request_timestamp,
    expires_at, status_code, resolution, settled_at, assignee_team_id, claimed_by, claim_expires_at, first_claimed_at,
    responded_at, on_timeout, allow_late_response, requested_by, escalation, escalated, due_at, search_text,
    created_at, updated_at, created_by, updated_by)
  select md5(tenant || n)::uuid, tenant, 1, store, case when n % 1000 < 2 then 'alert' else 'question' end, 'Question ' || n, '{}',
    priority, made, ${END}, code,
    case code when 'pending_response' then null when 'response_received' then 'resolved' else 'unresolved' end,
    case code when 'pending_response' then null else made + interval '1 minute' end,
    case when n % 100 < 2 then '${TEAM}'::uuid end,
    case when claimed then 'worker' end, case when claimed then ${END} end, case when claimed then made end,
    case code when 'response_received' then made + interval '1 minute' end,
    'unresolved', false, 'test', '[]', 0, case code when 'pending_response' then ${END} end, 'question ' || n,
    made, made, 'test', 'test'
  from (
    select *, 1 + n / 2 % 5 as priority, timestamptz '2020-01-01' + minutes * interval '1 minute' as made,
      case when n % 2 = 0 then 'pending_response' when n % 401 = 0 then 'cancelled' when n % 8 = 1 then 'timeout'
        else 'response_received' end as code,
      n % 400 = 2 as claimed
    from (
      select '${TENANT}' as tenant, '${STORE}' as store, n, n as minutes from generate_series(1, ${COUNT}) as n
      union all
      select '_shared', '${STORE}', n, n * ${COUNT / SHARED} from generate_series(1, ${SHARED}) as n
      union all
      select '${TENANT}', 'store-' || 1000 + n % ${ELSEWHERE / 100}, ${COUNT} + n, n * ${COUNT / ELSEWHERE}
      from generate_series(1, ${ELSEWHERE}) as n) as numbered) as request`;
