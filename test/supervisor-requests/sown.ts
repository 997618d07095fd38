import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { eventually } from '../api.js';
import type { TestApi } from '../api.js';
import { administer } from '../test-database.js';

export const REQUESTS = '/api/v1/supervisor-requests';

export const aStore = (): string => `store-${randomUUID()}`;
export const aTenant = (): string => `t-${randomUUID()}`;
export const storeOf = (store: string, rest = ''): string =>
  `/api/v1/stores/${encodeURIComponent(store)}/supervisor-requests${rest}`;

/** What a test says of a request; times are in seconds from now. */
export interface Sown {
  readonly id?: string;
  readonly tenant?: string;
  readonly store?: string;
  readonly kind?: string;
  readonly priority?: number;
  readonly made?: number;
  readonly expires?: number;
  readonly escalation?: readonly object[];
  readonly escalated?: number;
  readonly on_timeout?: string;
  readonly default_response?: object;
  readonly claimed_by?: string;
  readonly claim_expires?: number;
  /** When something is due; else as the request expires or its claim runs out. */
  readonly due?: number;
  readonly status_code?: string;
  readonly resolution?: string;
  /** Seconds after it was made. */
  readonly claimed_after?: number;
  readonly responded_after?: number;
}

const LIFE_SECONDS = 1_800;

/** Puts requests into the database as they are, with nothing in the change log; gives their ids. */
export async function sow(api: TestApi, sown: readonly Sown[]): Promise<string[]> {
  const rows = sown.map((each) => ({
    ...{ id: randomUUID(), tenant: '_shared', store: 'store', kind: 'question', priority: 3, made: 0 },
    ...{ expires: LIFE_SECONDS, escalation: [], escalated: 0, on_timeout: 'unresolved' },
    ...{ status_code: 'pending_response' },
    ...each,
  }));
  const text = JSON.stringify(rows).replaceAll("'", "''");
  await administer(
    api.database.url,
    `insert into supervisor.request (id, tenant, version, store_id, kind, question, details, priority, request_timestamp, expires_at,
       status_code, resolution, claimed_by, claim_expires_at, first_claimed_at, responded_at, on_timeout, default_response,
       allow_late_response, requested_by, escalation, escalated, due_at, search_text, created_at, updated_at, created_by, updated_by)
     select r.id, r.tenant, 1, r.store, r.kind, 'Open?', '{}', r.priority, n.now + r.made * s, n.now + r.expires * s,
       r.status_code, r.resolution, r.claimed_by, n.now + r.claim_expires * s, n.now + (r.made + r.claimed_after) * s,
       n.now + (r.made + r.responded_after) * s, r.on_timeout, r.default_response, false, 'key:asker', r.escalation, r.escalated,
       case r.status_code when 'pending_response' then n.now + coalesce(r.due, least(r.expires, r.claim_expires)) * s end, '',
       n.now + r.made * s, n.now + r.made * s, 'key:asker', 'key:asker'
     from (select date_trunc('milliseconds', now()) as now, interval '1 second' as s) as n cross join json_to_recordset('${text}') as r(
       id uuid, tenant text, store text, kind text, priority int, made float8, expires float8, escalation json, escalated int,
       on_timeout text, default_response json, claimed_by text, claim_expires float8, due float8, status_code text,
       resolution text, claimed_after float8, responded_after float8)`,
  );
  return rows.map(({ id }) => id);
}

/** What the change log says of a request: its versions, the oldest first. */
export const told = (api: TestApi, id: string): Promise<any[]> =>
  administer<any>(
    api.database.url,
    `select aggregate_version as version, type, actor, occurred_at, snapshot from platform.change_log
     where aggregate_id = '${id}' order by aggregate_version`,
  );

/** The row, as it is. */
export async function rowOf(api: TestApi, id: string): Promise<any> {
  const [row] = await administer<any>(
    api.database.url,
    `select * from supervisor.request where id = '${id}'`,
  );
  return row;
}

/**
 * Starts the work while a transaction of its own has the row locked, and ends that with the last statement as soon as the work
 * waits for it.
 */
export async function whileLocked<T>(
  api: TestApi,
  { id, end }: { readonly id: string; readonly end: string },
  work: () => Promise<T>,
): Promise<T> {
  const holder = new pg.Client({ connectionString: api.database.url });
  await holder.connect();
  try {
    await holder.query(`begin; select from supervisor.request where id = '${id}' for update`);
    const working = work();
    const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
                   and wait_event in ('transactionid', 'tuple')`;
    await eventually(
      () => administer(api.database.url, waits),
      (waiting) => waiting.length > 0,
    );
    await holder.query(end);
    return await working;
  } finally {
    await holder.end();
  }
}

const SWEEPER = `hashtextextended('job:supervisor-timeouts', 0)`;

/** Does the work while nothing is swept, so that what is due is settled by whoever looks. */
export async function whileUnswept<T>(api: TestApi, work: () => Promise<T>): Promise<T> {
  const holder = new pg.Client({ connectionString: api.database.url });
  await holder.connect();
  try {
    await holder.query(`select pg_advisory_lock(${SWEEPER})`);
    return await work();
  } finally {
    await holder.end();
  }
}
