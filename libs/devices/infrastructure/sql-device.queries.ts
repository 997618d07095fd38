import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { SHARED_TENANT, tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import type { Conditions } from '#platform/database';
import { DeviceQueries } from '../application/device.queries.js';
import type { DeviceFilter, DeviceSummary, DeviceView } from '../application/device.queries.js';
import type { Connectivity } from '../domain/connectivity.js';
import { DeviceNotFound } from '../domain/device-errors.js';
import type { DeviceId } from '../domain/identity.js';
import type { MacAddress } from '../domain/mac-address.js';
import { conditionsOf } from './device-conditions.js';
import {
  DEVICE_COLUMNS,
  DEVICE_TYPE,
  REGISTRATION_COLUMNS,
  toDeviceView,
  toIdentity,
  toRegistration,
} from './device.table.js';
import type { DeviceRecord, RegistrationRecord } from './device.table.js';

const EXPORTED_AT_ONCE = 200;

/** How long ago it was last seen, in heartbeats, decides. */
const CONNECTIVITY = `case
  when l.last_seen_at is null then 'never'
  when l.last_seen_at >= statement_timestamp() - make_interval(secs => 2 * d.heartbeat_seconds) then 'online'
  when l.last_seen_at >= statement_timestamp() - make_interval(secs => 4 * d.heartbeat_seconds) then 'late'
  else 'offline' end`;

/** Devices, with how they are; the join leads from either table to the other by its key, within the tenant. */
const DEVICES = `(select d.*, l.last_seen_at, l.seen_order, l.status_value, l.has_delta, ${CONNECTIVITY} as connectivity
  from devices.device d join devices.live l on l.device_id = d.id and l.tenant = d.tenant)`;
const SUMMARY_COLUMNS = `${REGISTRATION_COLUMNS}, t.last_seen_at, t.connectivity, t.name_order, t.ip_order, t.seen_order`;

interface SummaryRecord extends RegistrationRecord {
  readonly last_seen_at: Date | null;
  readonly connectivity: Connectivity;
}

@Injectable()
export class SqlDeviceQueries extends DeviceQueries {
  readonly #summaries: StoredViews<SummaryRecord, DeviceSummary>;
  readonly #views: StoredViews<DeviceRecord, DeviceView>;

  constructor(
    private readonly database: Database,
    views: StoredViewFactory,
  ) {
    super();
    const notFound = (): DeviceNotFound => new DeviceNotFound();
    const sorts = {
      registration_date: { column: 'registration_date', type: 'timestamptz' },
      name: { column: 'name_order', type: 'text' },
      last_seen_at: { column: 'seen_order', type: 'timestamptz' },
      device_type: { column: 'device_type', type: 'text' },
      ip_address: { column: 'ip_order', type: 'inet' },
    };
    const list = { name: 'devices', table: DEVICES, columns: SUMMARY_COLUMNS, sorts };
    this.#summaries = views.of<SummaryRecord, DeviceSummary>({
      aggregateType: DEVICE_TYPE,
      list: { ...list, defaultSort: '-registration_date' },
      toView: toSummary,
      notFound,
    });
    this.#views = views.of<DeviceRecord, DeviceView>({
      aggregateType: DEVICE_TYPE,
      list: { ...list, name: 'device-views', columns: DEVICE_COLUMNS, defaultSort: '-registration_date' },
      toView: toDeviceView,
      notFound,
    });
  }

  override get(id: DeviceId): Promise<DeviceSummary> {
    return this.#summaries.get(id);
  }

  override async byMac(tenant: string | null, mac: MacAddress): Promise<DeviceSummary> {
    const [record] = await this.database.read<SummaryRecord>({
      name: 'device_by_mac',
      text: `select ${SUMMARY_COLUMNS} from ${DEVICES} t
             where t.tenant in ($1, $2) and t.mac_address = $3 order by t.tenant = $2 limit 1`,
      values: [tenantColumn(tenant), SHARED_TENANT, mac],
    });
    if (!record) throw new DeviceNotFound();
    return toSummary(record);
  }

  override asOf(id: DeviceId, at: Date): Promise<DeviceView> {
    return this.#views.asOf(id, at);
  }

  override page(filter: DeviceFilter, request: PageRequest): Promise<Page<DeviceSummary>> {
    return this.#summaries.page(filter.tenant, conditionsOf(filter), request);
  }

  override async *all(filter: DeviceFilter): AsyncGenerator<DeviceView> {
    const own = conditionsOf(filter).and('t.tenant = ?', tenantColumn(filter.tenant));
    let last: string | null = null;
    do {
      const records: DeviceRecord[] = await this.#some(own.copy(), last);
      for (const record of records) yield toDeviceView(record);
      last = records.length < EXPORTED_AT_ONCE ? null : (records.at(-1)?.id ?? null);
    } while (last !== null);
  }

  override versions(id: DeviceId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.#views.versions(id, request);
  }

  override version(id: DeviceId, version: number): Promise<PastStateOf<DeviceView>> {
    return this.#views.version(id, version);
  }

  #some(where: Conditions, after: string | null): Promise<DeviceRecord[]> {
    where.when(after, (conditions, id) => conditions.and('t.id > ?::uuid', id));
    return this.database.read<DeviceRecord>({
      text: `select ${DEVICE_COLUMNS} from ${DEVICES} t where ${where.text} order by t.id limit ${EXPORTED_AT_ONCE}`,
      values: where.values,
    });
  }
}

const toSummary = (record: SummaryRecord): DeviceSummary => ({
  ...toIdentity(record),
  ...toRegistration(record),
  connectivity: record.connectivity,
  lastSeenAt: record.last_seen_at,
});
