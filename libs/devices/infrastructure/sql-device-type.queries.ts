import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { SHARED_TENANT, tenantColumn } from '#platform/context';
import { Conditions, containsPattern, Database } from '#platform/database';
import { DeviceTypeQueries } from '../application/device-type.queries.js';
import type { DeviceTypeFilter, DeviceTypeView } from '../application/device-type.queries.js';
import { DeviceTypeNotFound } from '../domain/device-errors.js';
import type { DeviceTypeId } from '../domain/identity.js';
import { DEVICE_TYPE_COLUMNS, DEVICE_TYPE_TYPE, toDeviceTypeView } from './device-type.table.js';
import type { DeviceTypeRecord } from './device-type.table.js';

@Injectable()
export class SqlDeviceTypeQueries extends DeviceTypeQueries {
  readonly #views: StoredViews<DeviceTypeRecord, DeviceTypeView>;

  constructor(
    private readonly database: Database,
    views: StoredViewFactory,
  ) {
    super();
    this.#views = views.of<DeviceTypeRecord, DeviceTypeView>({
      aggregateType: DEVICE_TYPE_TYPE,
      list: {
        name: 'device-types',
        table: 'devices.device_type',
        columns: DEVICE_TYPE_COLUMNS,
        sorts: {
          key: { column: 'key', type: 'text' },
          name: { column: 'name', type: 'text' },
          created_at: { column: 'created_at', type: 'timestamptz' },
          updated_at: { column: 'updated_at', type: 'timestamptz' },
        },
        defaultSort: 'key',
      },
      toView: toDeviceTypeView,
      notFound: () => new DeviceTypeNotFound(),
    });
  }

  override get(id: DeviceTypeId): Promise<DeviceTypeView> {
    return this.#views.get(id);
  }

  override async byKey(tenant: string | null, key: string): Promise<DeviceTypeView> {
    const [record] = await this.database.read<DeviceTypeRecord>({
      name: 'device_type_by_key',
      text: `select ${DEVICE_TYPE_COLUMNS} from devices.device_type t
             where t.tenant in ($1, $2) and t.key = $3 order by t.tenant = $2 limit 1`,
      values: [tenantColumn(tenant), SHARED_TENANT, key],
    });
    if (!record) throw new DeviceTypeNotFound();
    return toDeviceTypeView(record);
  }

  override asOf(id: DeviceTypeId, at: Date): Promise<DeviceTypeView> {
    return this.#views.asOf(id, at);
  }

  override page({ tenant, q }: DeviceTypeFilter, request: PageRequest): Promise<Page<DeviceTypeView>> {
    const tenants = tenant === null ? [SHARED_TENANT] : [tenant, SHARED_TENANT];
    const where = new Conditions().when(q, (conditions, text) =>
      conditions.and('t.id in (select devices.search_device_type(?, ?))', tenants, containsPattern(text)),
    );
    return this.#views.page(tenant, where, request);
  }

  override versions(id: DeviceTypeId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.#views.versions(id, request);
  }

  override version(id: DeviceTypeId, version: number): Promise<PastStateOf<DeviceTypeView>> {
    return this.#views.version(id, version);
  }
}
