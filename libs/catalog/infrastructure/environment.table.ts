import { EntitySchema } from 'typeorm';
import type { Labels } from '#shared-kernel';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import { foldCase } from '#platform/database';
import type { EnvironmentView } from '../application/environment.queries.js';
import type { EnvironmentContent, EnvironmentState } from '../domain/environment.js';
import type { CompanyId, EnvironmentId, Slug, TeamId } from '../domain/identity.js';
import type { Tier } from '../domain/tier.js';

export const ENVIRONMENT_TYPE = 'catalog.environment';

/** An environment as it is stored. */
export interface EnvironmentRow extends StoredRow {
  readonly companyId: string | null;
  readonly key: string;
  readonly name: string;
  readonly tier: Tier;
  readonly ownerTeamId: string | null;
  readonly labels: Labels;
}

/** A row as it is written: with what is only searched, and not read back. */
export interface WrittenEnvironmentRow extends EnvironmentRow {
  readonly searchText: string;
}

export const EnvironmentTable = new EntitySchema<WrittenEnvironmentRow>({
  name: 'Environment',
  schema: 'catalog',
  tableName: 'environment',
  columns: {
    ...storedColumns,
    companyId: { name: 'company_id', type: 'uuid', nullable: true },
    key: { type: 'text' },
    name: { type: 'text' },
    tier: { type: 'text' },
    ownerTeamId: { name: 'owner_team_id', type: 'uuid', nullable: true },
    labels: { type: 'json' },
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});

/** Every column that is read, of the table called `t`. */
export const ENVIRONMENT_COLUMNS =
  'id, tenant, version, company_id, key, name, tier, owner_team_id, labels, created_at, created_by, updated_at, updated_by'.replaceAll(
    /\w+/g,
    't.$&',
  );

/** The same by column name: what statements of our own give, and what the change log keeps. */
export interface EnvironmentRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly company_id: string | null;
  readonly key: string;
  readonly name: string;
  readonly tier: Tier;
  readonly owner_team_id: string | null;
  readonly labels: Labels;
  /** A date, or its text where it comes out of JSON. */
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
}

export const ENVIRONMENT_MAPPING: Mapping<EnvironmentState, WrittenEnvironmentRow> = {
  table: EnvironmentTable,
  hidden: ['searchText'],
  aggregateType: ENVIRONMENT_TYPE,
  subject: ({ key }) => key,
  toRow: ({ companyId, key, name, tier, ownerTeamId, labels }) => ({
    companyId,
    key,
    name,
    tier,
    ownerTeamId,
    labels,
    searchText: foldCase(`${key}\n${name}`), // Nothing is found across the two.
  }),
};

/** What was checked on its way in is trusted on its way out. */
export function toEnvironmentState(row: EnvironmentRow): EnvironmentState {
  const { id, tenant, version, companyId, key, name, tier, ownerTeamId, labels } = row;
  const { createdAt, createdBy, updatedAt, updatedBy } = row;
  return {
    id: id as EnvironmentId,
    tenant: tenantFromColumn(tenant),
    version,
    stamp: { createdAt, createdBy, updatedAt, updatedBy },
    companyId: companyId as CompanyId | null,
    key: key as Slug,
    name,
    tier,
    ownerTeamId: ownerTeamId as TeamId | null,
    labels,
  };
}

/** A row as the change log kept it. */
export const toEnvironmentContent = (record: EnvironmentRecord): EnvironmentContent => ({
  name: record.name,
  tier: record.tier,
  ownerTeamId: record.owner_team_id as TeamId | null,
  labels: record.labels,
});

/** As it is shown. */
export function toEnvironmentView(record: EnvironmentRecord): EnvironmentView {
  return {
    ...toEnvironmentContent(record),
    id: record.id as EnvironmentId,
    tenant: tenantFromColumn(record.tenant),
    version: record.version,
    companyId: record.company_id as CompanyId | null,
    key: record.key as Slug,
    stamp: {
      createdAt: new Date(record.created_at),
      createdBy: record.created_by,
      updatedAt: new Date(record.updated_at),
      updatedBy: record.updated_by,
    },
  };
}
