import { EntitySchema } from 'typeorm';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import { foldCase } from '#platform/database';
import type { Labels } from '#shared-kernel';
import type { DeviceView } from '../application/device.queries.js';
import type { DeviceContent, DeviceState } from '../domain/device.js';
import type { JsonObject } from '../domain/documents.js';
import type { DeviceId } from '../domain/identity.js';
import type { IpAddress } from '../domain/ip-address.js';
import type { MacAddress } from '../domain/mac-address.js';

export const DEVICE_TYPE = 'devices.device';

/** A device as it is stored. */
export interface DeviceRow extends StoredRow {
  readonly name: string | null;
  readonly deviceType: string;
  readonly macAddress: string | null;
  readonly ipAddress: string | null;
  readonly registrationDate: Date;
  readonly environment: string | null;
  readonly ownerTeamId: string | null;
  readonly storeId: string | null;
  readonly labels: Labels;
  readonly attributes: object;
  readonly desired: object;
  readonly desiredVersion: number;
  readonly heartbeatSeconds: number;
}

/** A row as it is written: with what is only searched, and not read back. */
export interface WrittenDeviceRow extends DeviceRow {
  readonly searchText: string;
}

export const DeviceTable = new EntitySchema<WrittenDeviceRow>({
  name: 'Device',
  schema: 'devices',
  tableName: 'device',
  columns: {
    ...storedColumns,
    name: { type: 'text', nullable: true },
    deviceType: { name: 'device_type', type: 'text' },
    macAddress: { name: 'mac_address', type: 'text', nullable: true },
    ipAddress: { name: 'ip_address', type: 'text', nullable: true },
    registrationDate: { name: 'registration_date', type: 'timestamptz', precision: 3 },
    environment: { type: 'text', nullable: true },
    ownerTeamId: { name: 'owner_team_id', type: 'uuid', nullable: true },
    storeId: { name: 'store_id', type: 'text', nullable: true },
    labels: { type: 'json' },
    attributes: { type: 'json' },
    desired: { type: 'json' },
    desiredVersion: { name: 'desired_version', type: 'int' },
    heartbeatSeconds: { name: 'heartbeat_seconds', type: 'int' },
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});

/** What is said of a device, without its documents. */
export interface RegistrationRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly name: string | null;
  readonly device_type: string;
  readonly mac_address: string | null;
  readonly ip_address: string | null;
  /** A date, or its text where it comes out of JSON. */
  readonly registration_date: Date | string;
  readonly environment: string | null;
  readonly owner_team_id: string | null;
  readonly store_id: string | null;
  readonly labels: Labels;
  readonly heartbeat_seconds: number;
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
}

/** A row by column name: what statements of our own give, and what the change log keeps. */
export interface DeviceRecord extends RegistrationRecord {
  readonly attributes: JsonObject;
  readonly desired: JsonObject;
  readonly desired_version: number;
}

const columnsOf = (names: string): string => names.replaceAll(/\w+/g, 't.$&');

/** Columns of a registration, of the table called `t`. */
export const REGISTRATION_COLUMNS = columnsOf(
  'id, tenant, version, name, device_type, mac_address, ip_address, registration_date, environment, owner_team_id, store_id, labels, heartbeat_seconds, created_at, created_by, updated_at, updated_by',
);

/** Every column that is read, of the table called `t`. */
export const DEVICE_COLUMNS = `${REGISTRATION_COLUMNS}, ${columnsOf('attributes, desired, desired_version')}`;

export const DEVICE_MAPPING: Mapping<DeviceState, WrittenDeviceRow> = {
  table: DeviceTable,
  hidden: ['searchText'],
  aggregateType: DEVICE_TYPE,
  subject: ({ name, macAddress, id }) => name ?? macAddress ?? id,
  toRow: (device) => ({
    name: device.name,
    deviceType: device.deviceType,
    macAddress: device.macAddress,
    ipAddress: device.ipAddress,
    registrationDate: device.registrationDate,
    environment: device.environment,
    ownerTeamId: device.ownerTeamId,
    storeId: device.storeId,
    labels: device.labels,
    attributes: device.attributes,
    desired: device.desired,
    desiredVersion: device.desiredVersion,
    heartbeatSeconds: device.heartbeatSeconds,
    searchText: searchTextOf(device),
  }),
};

/** Parted by line breaks, so that nothing is found across two that is in neither. */
const searchTextOf = ({ name, macAddress, ipAddress, storeId }: DeviceContent): string =>
  foldCase([name, macAddress, ipAddress, storeId].filter((text) => text !== null).join('\n'));

/** What was checked on its way in is trusted on its way out. */
export function toDeviceState(row: DeviceRow): DeviceState {
  const { createdAt, createdBy, updatedAt, updatedBy } = row;
  return {
    id: row.id as DeviceId,
    tenant: tenantFromColumn(row.tenant),
    version: row.version,
    stamp: { createdAt, createdBy, updatedAt, updatedBy },
    name: row.name,
    deviceType: row.deviceType,
    macAddress: row.macAddress as MacAddress | null,
    ipAddress: row.ipAddress as IpAddress | null,
    registrationDate: row.registrationDate,
    environment: row.environment,
    ownerTeamId: row.ownerTeamId,
    storeId: row.storeId,
    labels: row.labels,
    attributes: row.attributes as JsonObject,
    desired: row.desired as JsonObject,
    desiredVersion: row.desiredVersion,
    heartbeatSeconds: row.heartbeatSeconds,
  };
}

/** A row as the change log kept it. */
export const toDeviceContent = (record: DeviceRecord): DeviceContent => ({
  ...toRegistration(record),
  attributes: record.attributes,
  desired: record.desired,
});

export const toRegistration = (
  record: RegistrationRecord,
): Omit<DeviceContent, 'attributes' | 'desired'> => ({
  name: record.name,
  deviceType: record.device_type,
  macAddress: record.mac_address as MacAddress | null,
  ipAddress: record.ip_address as IpAddress | null,
  registrationDate: new Date(record.registration_date),
  environment: record.environment,
  ownerTeamId: record.owner_team_id,
  storeId: record.store_id,
  labels: record.labels,
  heartbeatSeconds: record.heartbeat_seconds,
});

/** What is known of a device besides what is said of it. */
export const toIdentity = (
  record: RegistrationRecord,
): Pick<DeviceView, 'id' | 'tenant' | 'version' | 'stamp'> => ({
  id: record.id,
  tenant: tenantFromColumn(record.tenant),
  version: record.version,
  stamp: {
    createdAt: new Date(record.created_at),
    createdBy: record.created_by,
    updatedAt: new Date(record.updated_at),
    updatedBy: record.updated_by,
  },
});

/** As it is shown. */
export const toDeviceView = (record: DeviceRecord): DeviceView => ({
  ...toIdentity(record),
  ...toDeviceContent(record),
  desiredVersion: record.desired_version,
});
