import { EntitySchema } from 'typeorm';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import { foldCase } from '#platform/database';
import type { SchemaView } from '../application/schema.queries.js';
import type { Compatibility, ConfigSchemaState, SchemaReference } from '../domain/config-schema.js';
import type { SchemaVersion } from '../domain/config-schema-version.js';
import type { SchemaId } from '../domain/identity.js';
import type { JsonValue } from '../domain/json.js';

export const SCHEMA_TYPE = 'configuration.schema';

/** A schema as it is stored. */
export interface SchemaRow extends StoredRow {
  readonly name: string;
  readonly schemaVersion: string;
  readonly jsonSchema: JsonValue;
  readonly compatibility: Compatibility;
  readonly description: string | null;
  readonly refs: string[];
}

/** A row as it is written: with what is only searched, and not read back. */
export interface WrittenSchemaRow extends SchemaRow {
  readonly searchText: string;
}

export const JsonSchemaTable = new EntitySchema<WrittenSchemaRow>({
  name: 'ConfigurationSchema',
  schema: 'configuration',
  tableName: 'json_schema',
  columns: {
    ...storedColumns,
    name: { type: 'text' },
    schemaVersion: { name: 'schema_version', type: 'text' },
    jsonSchema: { name: 'json_schema', type: 'json' },
    compatibility: { type: 'text' },
    description: { type: 'text', nullable: true },
    refs: { type: 'text', array: true },
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});

/** Every column that is read, of the table called `t`. */
export const SCHEMA_COLUMNS =
  'id, tenant, version, name, schema_version, json_schema, compatibility, description, refs, created_at, created_by, updated_at, updated_by'.replaceAll(
    /\w+/g,
    't.$&',
  );

/** The same by column name: what statements of our own give, and what the change log keeps. */
export interface SchemaRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly name: string;
  readonly schema_version: string;
  readonly json_schema: JsonValue;
  readonly compatibility: Compatibility;
  readonly description: string | null;
  readonly refs: readonly string[];
  /** A date, or its text where it comes out of JSON. */
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
}

export const SCHEMA_MAPPING: Mapping<ConfigSchemaState, WrittenSchemaRow> = {
  table: JsonSchemaTable,
  hidden: ['searchText'],
  aggregateType: SCHEMA_TYPE,
  subject: ({ name, schemaVersion }) => `${name}/${schemaVersion}`,
  toRow: ({ name, schemaVersion, jsonSchema, compatibility, description, references }) => ({
    name,
    schemaVersion,
    jsonSchema,
    compatibility,
    description,
    refs: references.map(refOf),
    searchText: foldCase(`${name}\n${description ?? ''}`),
  }),
};

/** A reference in its column: no part of it has a colon. */
export const refOf = ({ name, version, id }: SchemaReference): string => `${name}:${version}:${id}`;

export function referenceFrom(ref: string): SchemaReference {
  const [name = '', version = '', id = ''] = ref.split(':');
  return { name, version, id: id as SchemaId };
}

/** What was checked on its way in is trusted on its way out. */
export function toSchemaState(row: SchemaRow): ConfigSchemaState {
  const { id, tenant, version, name, schemaVersion, jsonSchema, compatibility, description, refs } = row;
  const { createdAt, createdBy, updatedAt, updatedBy } = row;
  return {
    id: id as SchemaId,
    tenant: tenantFromColumn(tenant),
    version,
    stamp: { createdAt, createdBy, updatedAt, updatedBy },
    name,
    schemaVersion: schemaVersion as SchemaVersion,
    jsonSchema,
    compatibility,
    description,
    references: refs.map(referenceFrom),
  };
}

/** As it is shown. */
export function toSchemaView(record: SchemaRecord): SchemaView {
  return {
    id: record.id as SchemaId,
    tenant: tenantFromColumn(record.tenant),
    version: record.version,
    name: record.name,
    schemaVersion: record.schema_version as SchemaVersion,
    jsonSchema: record.json_schema,
    compatibility: record.compatibility,
    description: record.description,
    references: record.refs.map(referenceFrom),
    stamp: {
      createdAt: new Date(record.created_at),
      createdBy: record.created_by,
      updatedAt: new Date(record.updated_at),
      updatedBy: record.updated_by,
    },
  };
}
