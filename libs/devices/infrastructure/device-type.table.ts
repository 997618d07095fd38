import { EntitySchema } from 'typeorm';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import { foldCase } from '#platform/database';
import type { DeviceTypeView } from '../application/device-type.queries.js';
import type { DeviceTypeContent, DeviceTypeKey, DeviceTypeState, Schema } from '../domain/device-type.js';
import type { DeviceTypeId } from '../domain/identity.js';

export const DEVICE_TYPE_TYPE = 'devices.device_type';

/** A device type as it is stored. */
export interface DeviceTypeRow extends StoredRow {
  readonly key: string;
  readonly name: string;
  readonly statusValues: string[];
  readonly attributesSchema: object | boolean | null;
  readonly statusDataSchema: object | boolean | null;
}

/** A row as it is written: with what is only searched, and not read back. */
export interface WrittenDeviceTypeRow extends DeviceTypeRow {
  readonly searchText: string;
}

export const DeviceTypeTable = new EntitySchema<WrittenDeviceTypeRow>({
  name: 'DeviceType',
  schema: 'devices',
  tableName: 'device_type',
  columns: {
    ...storedColumns,
    key: { type: 'text' },
    name: { type: 'text' },
    statusValues: { name: 'status_values', type: 'text', array: true },
    attributesSchema: { name: 'attributes_schema', type: 'json', nullable: true },
    statusDataSchema: { name: 'status_data_schema', type: 'json', nullable: true },
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});

/** Every column that is read, of the table called `t`. */
export const DEVICE_TYPE_COLUMNS =
  'id, tenant, version, key, name, status_values, attributes_schema, status_data_schema, created_at, created_by, updated_at, updated_by'.replaceAll(
    /\w+/g,
    't.$&',
  );

/** The same by column name: what statements of our own give, and what the change log keeps. */
export interface DeviceTypeRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly key: string;
  readonly name: string;
  readonly status_values: readonly string[];
  readonly attributes_schema: Schema | null;
  readonly status_data_schema: Schema | null;
  /** A date, or its text where it comes out of JSON. */
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
}

export const DEVICE_TYPE_MAPPING: Mapping<DeviceTypeState, WrittenDeviceTypeRow> = {
  table: DeviceTypeTable,
  hidden: ['searchText'],
  aggregateType: DEVICE_TYPE_TYPE,
  subject: ({ key }) => key,
  toRow: ({ key, name, statusValues, attributesSchema, statusDataSchema }) => ({
    key,
    name,
    statusValues: [...statusValues],
    attributesSchema,
    statusDataSchema,
    searchText: foldCase(`${key}\n${name}`),
  }),
};

/** What was checked on its way in is trusted on its way out. */
export function toDeviceTypeState(row: DeviceTypeRow): DeviceTypeState {
  const { createdAt, createdBy, updatedAt, updatedBy } = row;
  return {
    id: row.id as DeviceTypeId,
    tenant: tenantFromColumn(row.tenant),
    version: row.version,
    stamp: { createdAt, createdBy, updatedAt, updatedBy },
    key: row.key as DeviceTypeKey,
    name: row.name,
    statusValues: row.statusValues,
    attributesSchema: row.attributesSchema as Schema | null,
    statusDataSchema: row.statusDataSchema as Schema | null,
  };
}

/** A row as the change log kept it. */
export const toDeviceTypeContent = (record: DeviceTypeRecord): DeviceTypeContent => ({
  name: record.name,
  statusValues: record.status_values,
  attributesSchema: record.attributes_schema,
  statusDataSchema: record.status_data_schema,
});

/** As it is shown. */
export function toDeviceTypeView(record: DeviceTypeRecord): DeviceTypeView {
  return {
    ...toDeviceTypeContent(record),
    id: record.id,
    tenant: tenantFromColumn(record.tenant),
    version: record.version,
    key: record.key,
    stamp: {
      createdAt: new Date(record.created_at),
      createdBy: record.created_by,
      updatedAt: new Date(record.updated_at),
      updatedBy: record.updated_by,
    },
  };
}
