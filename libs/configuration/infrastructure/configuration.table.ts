import { EntitySchema } from 'typeorm';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import { foldCase } from '#platform/database';
import type { ConfigurationView } from '../application/configuration.queries.js';
import type { ConfigurationContent, ConfigurationState } from '../domain/configuration-state.js';
import type {
  ConfigurationId,
  ConfigurationName,
  EnvironmentName,
  SchemaId,
  ServiceId,
} from '../domain/identity.js';
import type { JsonObject } from '../domain/json.js';
import type { SecretPlacement } from '../domain/secret-reference.js';

export const CONFIGURATION_TYPE = 'configuration.configuration';

/** A configuration as it is stored. */
export interface ConfigurationRow extends StoredRow {
  readonly service: string;
  readonly name: string;
  readonly environment: string;
  readonly document: JsonObject;
  readonly schemaId: string | null;
  readonly secretRefs: readonly SecretPlacement[];
  readonly finalKeys: readonly string[];
  readonly isActive: boolean;
  readonly effectiveFrom: Date | null;
  readonly effectiveUntil: Date | null;
  readonly description: string | null;
}

/** A row as it is written: with what is only searched, and not read back. */
export interface WrittenConfigurationRow extends ConfigurationRow {
  readonly searchText: string;
}

export const ConfigurationTable = new EntitySchema<WrittenConfigurationRow>({
  name: 'Configuration',
  schema: 'configuration',
  tableName: 'configuration',
  columns: {
    ...storedColumns,
    service: { type: 'text' },
    name: { type: 'text' },
    environment: { type: 'text' },
    document: { type: 'json' },
    schemaId: { name: 'schema_id', type: 'uuid', nullable: true },
    secretRefs: { name: 'secret_refs', type: 'json' },
    finalKeys: { name: 'final_keys', type: 'text', array: true },
    isActive: { name: 'is_active', type: 'boolean' },
    effectiveFrom: { name: 'effective_from', type: 'timestamptz', precision: 3, nullable: true },
    effectiveUntil: { name: 'effective_until', type: 'timestamptz', precision: 3, nullable: true },
    description: { type: 'text', nullable: true },
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});

/** Every column that is read, of the table called `t`, and when it is read. */
export const CONFIGURATION_COLUMNS = `${'id, tenant, version, service, name, environment, document, schema_id, secret_refs, final_keys, is_active, effective_from, effective_until, description, created_at, created_by, updated_at, updated_by'.replaceAll(
  /\w+/g,
  't.$&',
)}, statement_timestamp() as seen_at`;

/** The same by column name: what statements of our own give, and what the change log keeps. */
export interface ConfigurationRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly service: string;
  readonly name: string;
  readonly environment: string;
  readonly document: JsonObject;
  readonly schema_id: string | null;
  readonly secret_refs: readonly SecretPlacement[];
  readonly final_keys: readonly string[];
  readonly is_active: boolean;
  /** A date, or its text where it comes out of JSON. */
  readonly effective_from: Date | string | null;
  readonly effective_until: Date | string | null;
  readonly description: string | null;
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
  /** Absent where the log is read: then it is the instant of the change. */
  readonly seen_at?: Date | string;
}

/** What its events are about: enough to know whose documents it changes. */
export const subjectOf = ({ service, name, environment }: Subject): string =>
  `${service}/${name}/${environment}`;

/** Names hold no slash. */
export const serviceOf = (subject: string): string => subject.slice(0, subject.indexOf('/'));

interface Subject {
  readonly service: string;
  readonly name: string;
  readonly environment: string;
}

export const CONFIGURATION_MAPPING: Mapping<ConfigurationState, WrittenConfigurationRow> = {
  table: ConfigurationTable,
  hidden: ['searchText'],
  aggregateType: CONFIGURATION_TYPE,
  subject: subjectOf,
  toRow: (state) => ({
    service: state.service,
    name: state.name,
    environment: state.environment,
    document: state.values,
    schemaId: state.schemaId,
    secretRefs: state.secretRefs,
    finalKeys: state.finalKeys,
    isActive: state.isActive,
    effectiveFrom: state.effectiveFrom,
    effectiveUntil: state.effectiveUntil,
    description: state.description,
    searchText: foldCase(`${state.service}\n${state.name}\n${state.description ?? ''}`),
  }),
};

/** What was checked on its way in is trusted on its way out. */
export function toConfigurationState(row: ConfigurationRow): ConfigurationState {
  const { createdAt, createdBy, updatedAt, updatedBy } = row;
  return {
    id: row.id as ConfigurationId,
    tenant: tenantFromColumn(row.tenant),
    version: row.version,
    stamp: { createdAt, createdBy, updatedAt, updatedBy },
    service: row.service as ServiceId,
    name: row.name as ConfigurationName,
    environment: row.environment as EnvironmentName,
    values: row.document,
    schemaId: row.schemaId as SchemaId | null,
    secretRefs: row.secretRefs,
    finalKeys: row.finalKeys,
    isActive: row.isActive,
    effectiveFrom: row.effectiveFrom,
    effectiveUntil: row.effectiveUntil,
    description: row.description,
  };
}

/** A row as the change log kept it. */
export const toConfigurationContent = (record: ConfigurationRecord): ConfigurationContent => ({
  values: record.document,
  schemaId: record.schema_id as SchemaId | null,
  secretRefs: record.secret_refs,
  finalKeys: record.final_keys,
  isActive: record.is_active,
  effectiveFrom: toDate(record.effective_from),
  effectiveUntil: toDate(record.effective_until),
  description: record.description,
});

/** As it is shown. */
export const toConfigurationView = (record: ConfigurationRecord): ConfigurationView => ({
  ...toConfigurationContent(record),
  id: record.id as ConfigurationId,
  tenant: tenantFromColumn(record.tenant),
  version: record.version,
  service: record.service as ServiceId,
  name: record.name as ConfigurationName,
  environment: record.environment as EnvironmentName,
  stamp: {
    createdAt: new Date(record.created_at),
    createdBy: record.created_by,
    updatedAt: new Date(record.updated_at),
    updatedBy: record.updated_by,
  },
  seenAt: new Date(record.seen_at ?? record.updated_at),
});

const toDate = (time: Date | string | null): Date | null => (time === null ? null : new Date(time));
