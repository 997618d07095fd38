import { Injectable } from '@nestjs/common';
import type { FindOptionsWhere } from 'typeorm';
import { HistoryQueries, VersionedStore, VersionNotFound } from '#platform/change-log';
import { tenantColumn } from '#platform/context';
import { Database, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import { DeviceNotFound, MacAddressTaken } from '../domain/device-errors.js';
import { Device } from '../domain/device.js';
import type { DeviceContent } from '../domain/device.js';
import { DeviceRepository } from '../domain/device.repository.js';
import type { DeviceId } from '../domain/identity.js';
import type { MacAddress } from '../domain/mac-address.js';
import { DEVICE_MAPPING, DEVICE_TYPE, DeviceTable, toDeviceContent, toDeviceState } from './device.table.js';
import type { DeviceRecord, DeviceRow, WrittenDeviceRow } from './device.table.js';

const LOCKED = { lock: { mode: 'pessimistic_write' } } as const;
const AT_ONCE = 200;

@Injectable()
export class TypeOrmDeviceRepository extends DeviceRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly history: HistoryQueries,
  ) {
    super();
  }

  override async get(id: DeviceId): Promise<Device> {
    const row = await this.store.lock(DeviceTable, { id });
    if (!row) throw new DeviceNotFound();
    return this.#restore(row);
  }

  override findOwn(tenant: string | null, id: DeviceId): Promise<Device | null> {
    return this.#find({ tenant: tenantColumn(tenant), id });
  }

  override findByMac(tenant: string | null, macAddress: MacAddress): Promise<Device | null> {
    return this.#find({ tenant: tenantColumn(tenant), macAddress });
  }

  override async contentAt(id: DeviceId, version: number): Promise<DeviceContent> {
    const { row } = await this.history.version({ aggregateType: DEVICE_TYPE, id }, version);
    if (!row) throw new VersionNotFound(version); // That version took it away: there is nothing to go back to.
    return toDeviceContent(row as unknown as DeviceRecord);
  }

  override async isIdUsed(id: DeviceId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  override async someOfTeam(teamId: string, after: string | null): Promise<readonly DeviceId[]> {
    const rows = await this.database.read<{ id: DeviceId }>({
      name: 'devices_of_team',
      text: `select id from devices.device where owner_team_id = $1 and ($2::uuid is null or id > $2::uuid)
             order by id limit ${AT_ONCE}`,
      values: [teamId, after],
    });
    return rows.map(({ id }) => id);
  }

  override async countOfTeam(teamId: string): Promise<number> {
    const [row] = await this.database.read<{ count: number }>({
      name: 'count_devices_of_team',
      text: 'select count(*)::int as count from devices.device where owner_team_id = $1',
      values: [teamId],
    });
    return row?.count ?? 0;
  }

  override async save(device: Device): Promise<void> {
    const { tenant, macAddress } = device.snapshot;
    try {
      await this.store.save(device, DEVICE_MAPPING);
    } catch (error) {
      if (isUniqueViolation(error, 'device_mac')) throw new MacAddressTaken(tenant, macAddress ?? '', null);
      if (isUniqueViolation(error, 'device_pkey')) throw new IdConflict();
      throw error;
    }
  }

  async #find(where: FindOptionsWhere<WrittenDeviceRow>): Promise<Device | null> {
    const row = await this.database.manager.findOne(DeviceTable, { where, ...LOCKED });
    return row && this.#restore(row);
  }

  #restore(row: DeviceRow): Device {
    return this.store.watch(Device.restore(toDeviceState(row)), DEVICE_MAPPING);
  }
}
