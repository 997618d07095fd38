import { Injectable } from '@nestjs/common';
import { SHARED_TENANT, tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import { DeviceTypes } from '../application/device-types.js';
import type { DeviceTypeRules } from '../application/device-types.js';
import { holdTypes } from './device-type-locks.js';
import { DEVICE_TYPE_COLUMNS, toDeviceTypeView } from './device-type.table.js';
import type { DeviceTypeRecord } from './device-type.table.js';

@Injectable()
export class SqlDeviceTypes extends DeviceTypes {
  constructor(private readonly database: Database) {
    super();
  }

  override async find(
    tenant: string | null,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, DeviceTypeRules>> {
    await holdTypes(this.database, keys);
    const records = await this.database.read<DeviceTypeRecord>({
      name: 'device_types_by_keys',
      text: `select distinct on (t.key) ${DEVICE_TYPE_COLUMNS} from devices.device_type t
             where t.tenant in ($1, $2) and t.key = any ($3) order by t.key, t.tenant = $2`,
      values: [tenantColumn(tenant), SHARED_TENANT, [...new Set(keys)]],
    });
    return new Map(records.map((record) => [record.key, toDeviceTypeView(record)]));
  }
}
