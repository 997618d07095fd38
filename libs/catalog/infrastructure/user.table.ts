import { EntitySchema } from 'typeorm';
import type { Labels } from '#shared-kernel';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import { foldCase } from '#platform/database';
import type { UserView } from '../application/user.queries.js';
import type { CompanyId, TeamId, UserId } from '../domain/identity.js';
import type { Belonging, MemberRole } from '../domain/member.js';
import type { UserContent, UserState } from '../domain/user.js';
import { emailKey } from '../domain/user-email.js';

export const USER_TYPE = 'catalog.user';

/** A team of a user as it lies in JSON. */
interface BelongingJson {
  readonly team_id: string;
  readonly role: string;
  readonly since: string;
}

/** A user as it is stored. */
export interface UserRow extends StoredRow {
  readonly companyId: string;
  readonly name: string;
  readonly email: string;
  readonly active: boolean;
  readonly labels: Labels;
  readonly teams: readonly BelongingJson[];
}

/** A row as it is written: with what is only searched, and not read back. */
export interface WrittenUserRow extends UserRow {
  readonly emailKey: string;
  readonly searchText: string;
}

/** `user` is a word of SQL. */
export const UserTable = new EntitySchema<WrittenUserRow>({
  name: 'Person',
  schema: 'catalog',
  tableName: 'person',
  columns: {
    ...storedColumns,
    companyId: { name: 'company_id', type: 'uuid' },
    name: { type: 'text' },
    email: { type: 'text' },
    emailKey: { name: 'email_key', type: 'text', select: false },
    active: { type: 'boolean' },
    labels: { type: 'json' },
    teams: { type: 'json' },
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});

/** Every column that is read, of the table called `t`. */
export const USER_COLUMNS =
  'id, tenant, version, company_id, name, email, active, labels, teams, created_at, created_by, updated_at, updated_by'.replaceAll(
    /\w+/g,
    't.$&',
  );

/** The same by column name: what statements of our own give, and what the change log keeps. */
export interface UserRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly company_id: string;
  readonly name: string;
  readonly email: string;
  readonly active: boolean;
  readonly labels: Labels;
  readonly teams: readonly BelongingJson[];
  /** A date, or its text where it comes out of JSON. */
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
}

export const USER_MAPPING: Mapping<UserState, WrittenUserRow> = {
  table: UserTable,
  hidden: ['emailKey', 'searchText'],
  aggregateType: USER_TYPE,
  subject: ({ email }) => email,
  toRow: ({ companyId, name, email, active, labels, teams }) => ({
    companyId,
    name,
    email,
    emailKey: emailKey(email),
    active,
    labels,
    teams: teams.map(({ teamId, role, since }) => ({ team_id: teamId, role, since: since.toISOString() })),
    searchText: foldCase(`${name}\n${email}`), // Nothing is found across the two.
  }),
};

/** What was checked on its way in is trusted on its way out. */
export function toUserState(row: UserRow): UserState {
  const { id, tenant, version, companyId, name, email, active, labels, teams } = row;
  const { createdAt, createdBy, updatedAt, updatedBy } = row;
  return {
    id: id as UserId,
    tenant: tenantFromColumn(tenant),
    version,
    stamp: { createdAt, createdBy, updatedAt, updatedBy },
    companyId: companyId as CompanyId,
    name,
    email,
    active,
    labels,
    teams: teams.map(toBelonging),
  };
}

/** A row as the change log kept it. */
export const toUserContent = ({ name, email, active, labels }: UserRecord): UserContent => ({
  name,
  email,
  active,
  labels,
});

/** As it is shown. */
export function toUserView(record: UserRecord): UserView {
  return {
    ...toUserContent(record),
    id: record.id as UserId,
    tenant: tenantFromColumn(record.tenant),
    version: record.version,
    companyId: record.company_id as CompanyId,
    teams: record.teams.map(toBelonging),
    stamp: {
      createdAt: new Date(record.created_at),
      createdBy: record.created_by,
      updatedAt: new Date(record.updated_at),
      updatedBy: record.updated_by,
    },
  };
}

const toBelonging = ({ team_id, role, since }: BelongingJson): Belonging => ({
  teamId: team_id as TeamId,
  role: role as MemberRole,
  since: new Date(since),
});
