import { EntitySchema } from 'typeorm';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import type { ImportView } from '../application/import.queries.js';
import type { ImportId } from '../domain/identity.js';
import type { ImportFormat } from '../domain/import-record.js';
import type { ImportState } from '../domain/import.js';

export const IMPORT_TYPE = 'budget.import';

/** An import as it is stored. */
export interface ImportRow extends StoredRow {
  readonly format: string;
  readonly total: number;
  readonly created: number;
  readonly unchanged: number;
  readonly failed: number;
}

export const ImportTable = new EntitySchema<ImportRow>({
  name: 'BudgetImport',
  schema: 'budget',
  tableName: 'import',
  columns: {
    ...storedColumns,
    format: { type: 'text' },
    total: { type: 'int' },
    created: { type: 'int' },
    unchanged: { type: 'int' },
    failed: { type: 'int' },
  },
});

/** Every column that is read, of the table called `t`. */
export const IMPORT_COLUMNS =
  'id, tenant, version, format, total, created, unchanged, failed, created_at, created_by, updated_at, updated_by'.replaceAll(
    /\w+/g,
    't.$&',
  );

/** The same by column name: what statements of our own give, and what the change log keeps. */
export interface ImportRowRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly format: string;
  readonly total: number;
  readonly created: number;
  readonly unchanged: number;
  readonly failed: number;
  /** A date, or its text where it comes out of JSON. */
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
}

export const IMPORT_MAPPING: Mapping<ImportState, ImportRow> = {
  table: ImportTable,
  aggregateType: IMPORT_TYPE,
  subject: ({ id }) => id,
  toRow: ({ format, total, created, unchanged, failed }) => ({ format, total, created, unchanged, failed }),
};

/** What was checked on its way in is trusted on its way out. */
export function toImportState(row: ImportRow): ImportState {
  const { createdAt, createdBy, updatedAt, updatedBy } = row;
  const { total, created, unchanged, failed } = row;
  return {
    id: row.id as ImportId,
    tenant: tenantFromColumn(row.tenant),
    version: row.version,
    stamp: { createdAt, createdBy, updatedAt, updatedBy },
    format: row.format as ImportFormat,
    ...{ total, created, unchanged, failed },
  };
}

/** As it is shown. */
export const toImportView = (record: ImportRowRecord): ImportView => ({
  id: record.id as ImportId,
  tenant: tenantFromColumn(record.tenant),
  version: record.version,
  format: record.format as ImportFormat,
  total: record.total,
  created: record.created,
  unchanged: record.unchanged,
  failed: record.failed,
  stamp: {
    createdAt: new Date(record.created_at),
    createdBy: record.created_by,
    updatedAt: new Date(record.updated_at),
    updatedBy: record.updated_by,
  },
});
