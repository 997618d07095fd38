import { Injectable } from '@nestjs/common';
import { HistoryQueries, VersionedStore, VersionNotFound } from '#platform/change-log';
import { tenantColumn } from '#platform/context';
import { Database, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import { DeviceTypeKeyTaken, DeviceTypeNotFound } from '../domain/device-errors.js';
import { DeviceType } from '../domain/device-type.js';
import type { DeviceTypeContent, DeviceTypeKey } from '../domain/device-type.js';
import { DeviceTypeRepository } from '../domain/device-type.repository.js';
import type { DeviceTypeId } from '../domain/identity.js';
import {
  DEVICE_TYPE_MAPPING,
  DEVICE_TYPE_TYPE,
  DeviceTypeTable,
  toDeviceTypeContent,
  toDeviceTypeState,
} from './device-type.table.js';
import type { DeviceTypeRecord, DeviceTypeRow } from './device-type.table.js';
import { claimType } from './device-type-locks.js';

const LOCKED = { lock: { mode: 'pessimistic_write' } } as const;

@Injectable()
export class TypeOrmDeviceTypeRepository extends DeviceTypeRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly history: HistoryQueries,
  ) {
    super();
  }

  override async get(id: DeviceTypeId): Promise<DeviceType> {
    const row = await this.store.lock(DeviceTypeTable, { id });
    if (!row) throw new DeviceTypeNotFound();
    return this.#restore(row);
  }

  override async findByKey(tenant: string | null, key: DeviceTypeKey): Promise<DeviceType | null> {
    const where = { tenant: tenantColumn(tenant), key };
    const row = await this.database.manager.findOne(DeviceTypeTable, { where, ...LOCKED });
    return row && this.#restore(row);
  }

  override async contentAt(id: DeviceTypeId, version: number): Promise<DeviceTypeContent> {
    const { row } = await this.history.version({ aggregateType: DEVICE_TYPE_TYPE, id }, version);
    if (!row) throw new VersionNotFound(version); // That version took it away: there is nothing to go back to.
    return toDeviceTypeContent(row as unknown as DeviceTypeRecord);
  }

  override async isIdUsed(id: DeviceTypeId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  /** Of a shared type they are also those of every tenant that has none of its own by this key. */
  override async countDevices(tenant: string | null, key: DeviceTypeKey): Promise<number> {
    await claimType(this.database, key);
    const whose =
      tenant === null
        ? `not exists (select from devices.device_type o where o.tenant = d.tenant and o.key = d.device_type and o.tenant <> $1)`
        : 'd.tenant = $1';
    const { rows } = await this.database.transaction.query<{ count: number }>({
      text: `select count(*)::int as count from devices.device d where d.device_type = $2 and ${whose}`,
      values: [tenantColumn(tenant), key],
    });
    return rows[0]?.count ?? 0;
  }

  override async save(type: DeviceType): Promise<void> {
    const { tenant, key } = type.snapshot;
    try {
      await this.store.save(type, DEVICE_TYPE_MAPPING);
    } catch (error) {
      if (isUniqueViolation(error, 'device_type_key')) throw new DeviceTypeKeyTaken(tenant, key, null);
      if (isUniqueViolation(error, 'device_type_pkey')) throw new IdConflict();
      throw error;
    }
  }

  #restore(row: DeviceTypeRow): DeviceType {
    return this.store.watch(DeviceType.restore(toDeviceTypeState(row)), DEVICE_TYPE_MAPPING);
  }
}
