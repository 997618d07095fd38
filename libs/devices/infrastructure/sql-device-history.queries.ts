import { Injectable } from '@nestjs/common';
import type { Page, PageRequest } from '#shared-kernel';
import { Conditions, Cursors, Database } from '#platform/database';
import { DeviceHistoryQueries } from '../application/device-history.queries.js';
import type {
  Condition,
  DeviceDetails,
  HistoryFilter,
  HistoryItem,
} from '../application/device-history.queries.js';
import { DeviceQueries } from '../application/device.queries.js';
import { connectivityAt } from '../domain/connectivity.js';
import type { Connectivity } from '../domain/connectivity.js';
import { deltaOf } from '../domain/delta.js';
import { DeviceNotFound } from '../domain/device-errors.js';
import { HISTORY_KINDS } from '../domain/device-journal.js';
import type { HistoryKind } from '../domain/device-journal.js';
import type { JsonObject } from '../domain/documents.js';
import type { DeviceId } from '../domain/identity.js';
import { DEVICE_COLUMNS, toDeviceView } from './device.table.js';
import type { DeviceRecord } from './device.table.js';
import { liveOf } from './report-statements.js';
import type { LiveRow } from './report-statements.js';

interface PastRow {
  readonly status: { readonly value: string; readonly data: JsonObject | null } | null;
  readonly status_observed_at: Date | null;
  readonly reported: JsonObject | null;
  readonly reported_observed_at: Date | null;
  readonly reported_version: string;
  readonly connectivity: { readonly connectivity: Connectivity } | null;
}

interface HistoryRow {
  readonly seq: string;
  readonly kind: HistoryKind;
  readonly document: unknown;
  readonly observed_at: Date;
  readonly recorded_at: Date;
  readonly actor: string;
  readonly late: boolean;
}

const CONDITION_COLUMNS =
  'l.device_id, l.status_value, l.status_data, l.status_observed_at, l.last_seen_at, l.has_delta, l.told_connectivity, l.due_at';

/** The last of a kind that was observed until an instant; of one instant the later recorded. */
const lastOf = (kind: HistoryKind): string => `
  left join lateral (
    select h.document, h.observed_at from devices.history h
    where h.device_id = $1 and h.kind = '${kind}' and h.observed_at <= $2
    order by h.observed_at desc, h.seq desc limit 1) as last_${kind} on true`;

@Injectable()
export class SqlDeviceHistoryQueries extends DeviceHistoryQueries {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly devices: DeviceQueries,
  ) {
    super();
  }

  override async condition(id: DeviceId): Promise<Condition> {
    const [row] = await this.database.read<LiveRow & { heartbeat_seconds: number; now: Date }>({
      name: 'device_condition',
      text: `select ${CONDITION_COLUMNS}, t.heartbeat_seconds, statement_timestamp() as now
             from devices.device t join devices.live l on l.device_id = t.id where t.id = $1`,
      values: [id],
    });
    if (!row) throw new DeviceNotFound();
    const { status, lastSeenAt } = liveOf(row);
    return { status, lastSeenAt, connectivity: connectivityAt(lastSeenAt, row.heartbeat_seconds, row.now) };
  }

  override async details(id: DeviceId): Promise<DeviceDetails> {
    const [row] = await this.database.read<DeviceRecord & LiveRow & { now: Date }>({
      name: 'device_details',
      text: `select ${DEVICE_COLUMNS}, ${CONDITION_COLUMNS}, l.reported, l.reported_version, l.reported_observed_at,
               statement_timestamp() as now
             from devices.device t join devices.live l on l.device_id = t.id where t.id = $1`,
      values: [id],
    });
    if (!row) throw new DeviceNotFound();
    const device = toDeviceView(row);
    const { status, reported, lastSeenAt } = liveOf(row);
    const connectivity = connectivityAt(lastSeenAt, device.heartbeatSeconds, row.now);
    const delta = deltaOf(device.desired, reported.document);
    return { device, status, reported, delta, lastSeenAt, connectivity };
  }

  override async detailsAsOf(id: DeviceId, at: Date): Promise<DeviceDetails> {
    const device = await this.devices.asOf(id, at);
    const [row] = await this.database.read<PastRow>({
      name: 'device_details_as_of',
      text: `select last_status.document as status, last_status.observed_at as status_observed_at,
               last_reported.document as reported, last_reported.observed_at as reported_observed_at,
               last_connectivity.document as connectivity,
               (select count(*) from devices.history h
                where h.device_id = $1 and h.kind = 'reported' and h.observed_at <= $2 and not h.late) as reported_version
             from (select 1) as one ${lastOf('status')} ${lastOf('reported')} ${lastOf('connectivity')}`,
      values: [id, at],
    });
    const observedAt = row?.status_observed_at ?? null;
    const seen = [observedAt, row?.reported_observed_at ?? null].filter((each) => each !== null);
    const document = row?.reported ?? {};
    return {
      device,
      status: row?.status && observedAt ? { ...row.status, observedAt } : null,
      reported: {
        document,
        version: Number(row?.reported_version ?? 0),
        observedAt: row?.reported_observed_at ?? null,
      },
      delta: deltaOf(device.desired, document),
      connectivity: row?.connectivity?.connectivity ?? 'never',
      lastSeenAt: seen.length === 0 ? null : new Date(Math.max(...seen.map((each) => each.getTime()))),
    };
  }

  override async page(
    id: DeviceId,
    { kinds, from, until }: HistoryFilter,
    { limit, cursor }: PageRequest,
  ): Promise<Page<HistoryItem>> {
    const scope = ['device-history', id, kinds ?? null, from ?? null, until ?? null];
    const before = cursor === undefined ? null : Number(this.cursors.open(scope, cursor)[0]);
    const where = new Conditions()
      .and('h.device_id = ?', id)
      .when(before, (self, seq) => self.and('h.seq < ?', seq))
      .when(from, (self, instant) => self.and('h.observed_at >= ?', instant))
      .when(until, (self, instant) => self.and('h.observed_at < ?', instant));
    // With every kind named, an index leads to the window.
    if (kinds || from || until) where.and('h.kind = any (?)', kinds ?? HISTORY_KINDS);
    const rows = await this.database.read<HistoryRow>({
      text: `select h.seq, h.kind, h.document, h.observed_at, h.recorded_at, h.actor, h.late
             from devices.history h where ${where.text} order by h.seq desc limit ${where.bind(limit + 1)}`,
      values: where.values,
    });
    if (rows.length === 0) await this.condition(id);
    const items = rows.slice(0, limit).map(toItem);
    const last = items.at(-1);
    const nextCursor = rows.length > limit && last ? this.cursors.seal(scope, [last.seq]) : null;
    return { items, limit, nextCursor };
  }
}

const toItem = (row: HistoryRow): HistoryItem => ({
  seq: Number(row.seq),
  kind: row.kind,
  document: row.document,
  observedAt: row.observed_at,
  recordedAt: row.recorded_at,
  actor: row.actor,
  late: row.late,
});
