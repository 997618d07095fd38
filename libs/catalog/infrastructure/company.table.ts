import { EntitySchema } from 'typeorm';
import type { Labels } from '#shared-kernel';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import { foldCase } from '#platform/database';
import type { CompanyView } from '../application/company.queries.js';
import type { CompanyContent, CompanyState } from '../domain/company.js';
import type { CompanyId } from '../domain/identity.js';

export const COMPANY_TYPE = 'catalog.company';

/** A company as it is stored. */
export interface CompanyRow extends StoredRow {
  readonly name: string;
  readonly description: string | null;
  readonly labels: Labels;
}

/** A row as it is written: with what is only searched, and not read back. */
export interface WrittenCompanyRow extends CompanyRow {
  readonly searchText: string;
}

export const CompanyTable = new EntitySchema<WrittenCompanyRow>({
  name: 'Company',
  schema: 'catalog',
  tableName: 'company',
  columns: {
    ...storedColumns,
    name: { type: 'text' },
    description: { type: 'text', nullable: true },
    labels: { type: 'json' },
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});

/** Every column that is read, of the table called `t`. */
export const COMPANY_COLUMNS =
  'id, tenant, version, name, description, labels, created_at, created_by, updated_at, updated_by'.replaceAll(
    /\w+/g,
    't.$&',
  );

/** The same by column name: what statements of our own give, and what the change log keeps. */
export interface CompanyRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly name: string;
  readonly description: string | null;
  readonly labels: Labels;
  /** A date, or its text where it comes out of JSON. */
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
}

export const COMPANY_MAPPING: Mapping<CompanyState, WrittenCompanyRow> = {
  table: CompanyTable,
  hidden: ['searchText'],
  aggregateType: COMPANY_TYPE,
  subject: ({ name }) => name,
  toRow: ({ name, description, labels }) => ({
    name,
    description,
    labels,
    searchText: foldCase(`${name}\n${description ?? ''}`), // Nothing is found across the two.
  }),
};

/** What was checked on its way in is trusted on its way out. */
export function toCompanyState(row: CompanyRow): CompanyState {
  const { id, tenant, version, name, description, labels } = row;
  const { createdAt, createdBy, updatedAt, updatedBy } = row;
  return {
    id: id as CompanyId,
    tenant: tenantFromColumn(tenant),
    version,
    stamp: { createdAt, createdBy, updatedAt, updatedBy },
    name,
    description,
    labels,
  };
}

/** A row as the change log kept it. */
export const toCompanyContent = ({ name, description, labels }: CompanyRecord): CompanyContent => ({
  name,
  description,
  labels,
});

/** As it is shown. */
export function toCompanyView(record: CompanyRecord): CompanyView {
  return {
    ...toCompanyContent(record),
    id: record.id,
    tenant: tenantFromColumn(record.tenant),
    version: record.version,
    name: record.name,
    stamp: {
      createdAt: new Date(record.created_at),
      createdBy: record.created_by,
      updatedAt: new Date(record.updated_at),
      updatedBy: record.updated_by,
    },
  };
}
