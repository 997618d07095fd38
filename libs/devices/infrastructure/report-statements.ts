import { SHARED_TENANT, tenantColumn } from '#platform/context';
import type { Statement } from '#platform/database';
import type { ReportingName } from '../application/device-reports.js';
import type { Connectivity } from '../domain/connectivity.js';
import type { JsonObject } from '../domain/documents.js';
import type { Live } from '../domain/live-device.js';

/** A row of devices.live; what is reported stands in it only where it is asked for. */
export interface LiveRow {
  readonly device_id: string;
  readonly status_value: string | null;
  readonly status_data: JsonObject | null;
  readonly status_observed_at: Date | null;
  readonly last_seen_at: Date | null;
  readonly has_delta: boolean;
  readonly told_connectivity: Connectivity;
  readonly due_at: Date | null;
  readonly revision: number;
  readonly reported?: JsonObject;
  readonly reported_version?: number;
  readonly reported_observed_at?: Date | null;
}

/** What is said of a device that reports. */
export interface ReporterRow {
  readonly id: string;
  readonly tenant: string;
  readonly mac_address: string | null;
  readonly name: string | null;
  readonly heartbeat_seconds: number;
  readonly device_type: string;
  readonly desired?: JsonObject;
  readonly type_id: string | null;
  readonly type_version: number | null;
  readonly now: Date;
}

/** A type of a tenant, as it is now. */
export interface TypeOfTenantRow {
  readonly tenant: string;
  readonly key: string;
  readonly id: string;
  readonly version: number;
  readonly now: Date;
}

const LIVE_COLUMNS = `l.device_id, l.status_value, l.status_data, l.status_observed_at, l.last_seen_at, l.has_delta,
  l.told_connectivity, l.due_at, l.revision`;
const REPORTED_COLUMNS = 'l.reported, l.reported_version, l.reported_observed_at';
/** Addresses, of which there are few on most devices' reports, are looked up in the same statement. */
const BY_ID = 'any ($1::uuid[])';
const BY_ID_OR_MAC = `any (array(
  select unnest($1::uuid[]) union
  select m.id from devices.device m where m.tenant = any ($2) and m.mac_address = any ($3)))`;

/** Which devices report. */
export interface Reporting {
  readonly ids: readonly string[];
  readonly macs: readonly string[];
  readonly tenants: readonly string[];
  readonly breadth: Breadth;
}

/** Whether some say what they report: that is a document, and not read or written for nothing. */
export type Breadth = 'status' | 'with-reported';

/** All that are named. */
export function reportingOf(names: readonly ReportingName[]): Omit<Reporting, 'breadth'> {
  const ids = new Set<string>();
  const macs = new Set<string>();
  const tenants = new Set<string>();
  for (const name of names) {
    if ('id' in name) {
      ids.add(name.id);
      continue;
    }
    macs.add(name.mac);
    tenants.add(tenantColumn(name.tenant)).add(SHARED_TENANT);
  }
  return { ids: [...ids], macs: [...macs], tenants: [...tenants] };
}

const which = ({ macs }: Reporting): string => (macs.length === 0 ? BY_ID : BY_ID_OR_MAC);
const named = (name: string, { macs, breadth }: Reporting): string =>
  [name, ...(macs.length > 0 ? ['by_mac'] : []), ...(breadth === 'status' ? [] : ['with_reported'])].join(
    '_',
  );
const valuesOf = ({ ids, macs, tenants }: Reporting): unknown[] =>
  macs.length === 0 ? [ids] : [ids, tenants, macs];

/** Keeps how they are for this transaction, always in the order of their ids, so that no two wait for each other. */
export const lockLive = (reporting: Reporting): Statement => ({
  name: named('reports_lock', reporting),
  text: `select ${LIVE_COLUMNS}${reporting.breadth === 'status' ? '' : `, ${REPORTED_COLUMNS}`}
         from devices.live l where l.device_id = ${which(reporting)} order by l.device_id for update`,
  values: valuesOf(reporting),
});

/**
 * What is said of them, as it is once the lock is there: whoever changes what is desired takes the lock, too. The time is
 * that of the database, and later than that of whoever had the lock before.
 */
export const readReporters = (reporting: Reporting): Statement => ({
  name: named('reports_read', reporting),
  text: `select d.id, d.tenant, d.mac_address, d.name, d.heartbeat_seconds, d.device_type,${reporting.breadth === 'status' ? '' : ' d.desired,'}
           coalesce(own.id, shared.id) as type_id, coalesce(own.version, shared.version) as type_version,
           clock_timestamp()::timestamptz(3) as now
         from devices.device d
         left join devices.device_type own on own.tenant = d.tenant and own.key = d.device_type
         left join devices.device_type shared on shared.tenant = '${SHARED_TENANT}' and shared.key = d.device_type
         where d.id = ${which(reporting)}`,
  values: valuesOf(reporting),
});

/** The types of these keys, and what time it is. */
export const readTypes = (tenants: readonly string[], keys: readonly string[]): Statement => ({
  name: 'reports_types',
  text: `select t.tenant, t.key, t.id, t.version, clock_timestamp()::timestamptz(3) as now
         from devices.device_type t where t.tenant = any ($1) and t.key = any ($2)`,
  values: [tenants, keys],
});

/** A device and an instant that is reported of it, and that is not after what is current. */
export interface Reach {
  readonly id: string;
  readonly at: Date;
}

export interface PastStatusRow {
  readonly device_id: string;
  readonly document: { readonly value: string; readonly data: JsonObject | null };
  readonly observed_at: Date;
  readonly recorded_at: Date;
  readonly late: boolean;
}

export const readStatusesAt = (reaches: readonly Reach[]): Statement => ({
  name: 'reports_past_statuses',
  text: `select h.device_id, h.document, h.observed_at, h.recorded_at, h.late
         from unnest($1::uuid[], $2::timestamptz[]) as r(id, at)
         join devices.history h on h.device_id = r.id and h.kind = 'status' and h.observed_at = r.at`,
  values: [reaches.map(({ id }) => id), reaches.map(({ at }) => at)],
});

export interface PastDocumentRow {
  readonly device_id: string;
  readonly document: JsonObject;
  readonly observed_at: Date;
}

/** Those of the instant itself, and the last one before it. */
export const readDocumentsAt = (reaches: readonly Reach[]): Statement => ({
  name: 'reports_past_documents',
  text: `select h.device_id, h.document, h.observed_at from (
           select h.device_id, h.seq from unnest($1::uuid[], $2::timestamptz[]) as r(id, at)
           join devices.history h on h.device_id = r.id and h.kind = 'reported' and h.observed_at = r.at
           union
           select b.device_id, b.seq from unnest($1::uuid[], $2::timestamptz[]) as r(id, at)
           cross join lateral (
             select b.device_id, b.seq from devices.history b
             where b.device_id = r.id and b.kind = 'reported' and b.observed_at < r.at
             order by b.observed_at desc, b.seq desc limit 1) as b) as found
         join devices.history h using (device_id, seq) order by h.seq`,
  values: [reaches.map(({ id }) => id), reaches.map(({ at }) => at)],
});

/** In the order in which they are given. */
export const INSERT_HISTORY = `
  insert into devices.history (tenant, device_id, kind, document, observed_at, recorded_at, actor, late)
  select r.t, r.i, r.k, r.d, r.o, coalesce($2::timestamptz, statement_timestamp()), r.a, r.l
  from json_to_recordset($1::json) as r(t text, i uuid, k text, d json, o timestamptz, a text, l boolean)`;

/** What did not change is not written anew. */
const UPDATE_STATUS = `
    status_value = case when r.s then r.v else l.status_value end,
    status_data = case when r.s then r.d else l.status_data end,
    status_observed_at = case when r.s then r.o else l.status_observed_at end,
    last_seen_at = r.n, seen_order = r.n,
    told_connectivity = case when r.c then r.t else l.told_connectivity end,
    due_at = case when r.c then r.u else l.due_at end, revision = l.revision + 1`;
const UPDATE_REPORTED = `,
    reported = case when r.p then r.rd else l.reported end,
    reported_version = case when r.p then r.rv else l.reported_version end,
    reported_observed_at = case when r.p then r.ro else l.reported_observed_at end,
    has_delta = case when r.p then r.h else l.has_delta end`;
const STATUS_FIELDS =
  'i uuid, e int, s boolean, v text, d json, o timestamptz, n timestamptz, c boolean, t text, u timestamptz';
const REPORTED_FIELDS = ', p boolean, rd json, rv int, ro timestamptz, h boolean';

/**
 * Held in the order of the ids first, so that no two wait for each other: an update by itself goes by any order. What was decided on another revision than the stored one is
 * not written, and the transaction fails as one that lost a race.
 */
export function updateLive(changed: readonly ChangedLive[], breadth: Breadth): Statement {
  return {
    name: breadth === 'status' ? 'reports_update' : 'reports_update_with_reported',
    text: `with held as (
             select h.device_id from devices.live h where h.device_id = any ($3::uuid[]) order by h.device_id for update),
           written as (
             update devices.live l set ${UPDATE_STATUS}${breadth === 'status' ? '' : UPDATE_REPORTED}
             from json_to_recordset($1::json) as r(${STATUS_FIELDS}${breadth === 'status' ? '' : REPORTED_FIELDS})
             join held on held.device_id = r.i
             where l.device_id = r.i and l.revision = r.e
             returning 1)
           select devices.expect_all(count(*), $2) from written`,
    values: [JSON.stringify(changed.map(recordOf)), changed.length, changed.map(({ id }) => id)],
  };
}

/** How a device was and is. */
export interface ChangedLive {
  readonly id: string;
  /** That was decided on. */
  readonly revision: number;
  readonly before: Live;
  readonly live: Live;
}

function recordOf({ id, revision, before, live }: ChangedLive): object {
  const { status, reported } = live;
  return {
    ...{ i: id, e: revision, n: textOf(live.lastSeenAt) },
    ...((live.told !== before.told || live.dueAt !== before.dueAt) && {
      ...{ c: true, t: live.told, u: textOf(live.dueAt) },
    }),
    ...(status !== before.status && {
      ...{ s: true, v: status?.value, d: status?.data, o: textOf(status?.observedAt ?? null) },
    }),
    ...(reported !== before.reported && {
      ...{ p: true, rd: reported.document, rv: reported.version, ro: textOf(reported.observedAt) },
      h: live.hasDelta,
    }),
  };
}

let newest: { readonly instant: Date; readonly text: string } | null = null;

/** Most reports of a batch are of one instant, which is written once. */
export function textOf(instant: Date | null): string | null {
  if (instant === null) return null;
  if (newest?.instant !== instant) newest = { instant, text: instant.toISOString() };
  return newest.text;
}

export function liveOf(row: LiveRow): Live {
  const { status_value: value, status_observed_at: observedAt } = row;
  return {
    status: value === null || !observedAt ? null : { value, data: row.status_data, observedAt },
    reported: {
      document: row.reported ?? {},
      version: row.reported_version ?? 0,
      observedAt: row.reported_observed_at ?? null,
    },
    lastSeenAt: row.last_seen_at,
    hasDelta: row.has_delta,
    told: row.told_connectivity,
    dueAt: row.due_at,
  };
}
