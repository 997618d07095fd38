import { EntitySchema } from 'typeorm';
import type { Labels } from '#shared-kernel';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import { foldCase } from '#platform/database';
import type { TeamView } from '../application/team.queries.js';
import type { CompanyId, Slug, TeamId, UserId } from '../domain/identity.js';
import type { Member, MemberRole } from '../domain/member.js';
import type { TeamContent, TeamState } from '../domain/team.js';

export const TEAM_TYPE = 'catalog.team';

/** A member as it lies in JSON. */
interface MemberJson {
  readonly user_id: string;
  readonly role: string;
  readonly since: string;
}

/** A team as it is stored. */
export interface TeamRow extends StoredRow {
  readonly companyId: string;
  readonly name: string;
  readonly slug: string;
  readonly description: string | null;
  readonly email: string | null;
  readonly parentTeamId: string | null;
  readonly labels: Labels;
  readonly members: readonly MemberJson[];
}

/** A row as it is written: with what is only searched, and not read back. */
export interface WrittenTeamRow extends TeamRow {
  readonly searchText: string;
}

export const TeamTable = new EntitySchema<WrittenTeamRow>({
  name: 'Team',
  schema: 'catalog',
  tableName: 'team',
  columns: {
    ...storedColumns,
    companyId: { name: 'company_id', type: 'uuid' },
    name: { type: 'text' },
    slug: { type: 'text' },
    description: { type: 'text', nullable: true },
    email: { type: 'text', nullable: true },
    parentTeamId: { name: 'parent_team_id', type: 'uuid', nullable: true },
    labels: { type: 'json' },
    members: { type: 'json' },
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});

/** Every column that is read, of the table called `t`. */
export const TEAM_COLUMNS =
  'id, tenant, version, company_id, name, slug, description, email, parent_team_id, labels, members, created_at, created_by, updated_at, updated_by'.replaceAll(
    /\w+/g,
    't.$&',
  );

/** The same by column name: what statements of our own give, and what the change log keeps. */
export interface TeamRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly company_id: string;
  readonly name: string;
  readonly slug: string;
  readonly description: string | null;
  readonly email: string | null;
  readonly parent_team_id: string | null;
  readonly labels: Labels;
  readonly members: readonly MemberJson[];
  /** A date, or its text where it comes out of JSON. */
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
}

export const TEAM_MAPPING: Mapping<TeamState, WrittenTeamRow> = {
  table: TeamTable,
  hidden: ['searchText'],
  aggregateType: TEAM_TYPE,
  subject: ({ slug }) => slug,
  toRow: ({ companyId, name, slug, description, email, parentId, labels, members }) => ({
    companyId,
    name,
    slug,
    description,
    email,
    parentTeamId: parentId,
    labels,
    members: members.map(({ userId, role, since }) => ({
      user_id: userId,
      role,
      since: since.toISOString(),
    })),
    searchText: foldCase([name, slug, description ?? ''].join('\n')), // Nothing is found across them.
  }),
};

/** What was checked on its way in is trusted on its way out. */
export function toTeamState(row: TeamRow): TeamState {
  const { id, tenant, version, companyId, name, slug, description, email, parentTeamId, labels } = row;
  const { createdAt, createdBy, updatedAt, updatedBy } = row;
  return {
    id: id as TeamId,
    tenant: tenantFromColumn(tenant),
    version,
    stamp: { createdAt, createdBy, updatedAt, updatedBy },
    companyId: companyId as CompanyId,
    name,
    slug: slug as Slug,
    description,
    email,
    parentId: parentTeamId as TeamId | null,
    labels,
    members: row.members.map(toMember),
  };
}

/** A row as the change log kept it. */
export const toTeamContent = (record: TeamRecord): TeamContent => ({
  name: record.name,
  slug: record.slug as Slug,
  description: record.description,
  email: record.email,
  parentId: record.parent_team_id as TeamId | null,
  labels: record.labels,
});

/** As it is shown. */
export function toTeamView(record: TeamRecord): TeamView {
  return {
    ...toTeamContent(record),
    id: record.id as TeamId,
    tenant: tenantFromColumn(record.tenant),
    version: record.version,
    companyId: record.company_id as CompanyId,
    members: record.members.map(toMember),
    stamp: {
      createdAt: new Date(record.created_at),
      createdBy: record.created_by,
      updatedAt: new Date(record.updated_at),
      updatedBy: record.updated_by,
    },
  };
}

const toMember = ({ user_id, role, since }: MemberJson): Member => ({
  userId: user_id as UserId,
  role: role as MemberRole,
  since: new Date(since),
});
