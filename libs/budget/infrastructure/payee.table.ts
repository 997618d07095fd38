import { EntitySchema } from 'typeorm';
import type { Labels } from '#shared-kernel';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import { foldCase } from '#platform/database';
import type { PayeeView } from '../application/payee.queries.js';
import type { PayeeId } from '../domain/identity.js';
import { nameKey } from '../domain/names.js';
import type { PayeeContent, PayeeState } from '../domain/payee.js';

export const PAYEE_TYPE = 'budget.payee';

/** A payee as it is stored. */
export interface PayeeRow extends StoredRow {
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly labels: Labels;
}

/** A row as it is written: with what is only searched, and not read back. */
export interface WrittenPayeeRow extends PayeeRow {
  readonly nameKey: string;
  readonly emailKey: string | null;
  readonly searchText: string;
}

export const PayeeTable = new EntitySchema<WrittenPayeeRow>({
  name: 'Payee',
  schema: 'budget',
  tableName: 'payee',
  columns: {
    ...storedColumns,
    name: { type: 'text' },
    email: { type: 'text', nullable: true },
    phone: { type: 'text', nullable: true },
    labels: { type: 'json' },
    nameKey: { name: 'name_key', type: 'text', select: false },
    emailKey: { name: 'email_key', type: 'text', nullable: true, select: false },
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});

/** Every column that is read, of the table called `t`. */
export const PAYEE_COLUMNS =
  'id, tenant, version, name, email, phone, labels, created_at, created_by, updated_at, updated_by'.replaceAll(
    /\w+/g,
    't.$&',
  );

/** The same by column name: what statements of our own give, and what the change log keeps. */
export interface PayeeRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly labels: Labels;
  /** A date, or its text where it comes out of JSON. */
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
}

/** By which two addresses are one: nobody tells mailboxes apart by upper and lower case. */
export const emailKey = (email: string): string => email.toLowerCase();

export const PAYEE_MAPPING: Mapping<PayeeState, WrittenPayeeRow> = {
  table: PayeeTable,
  hidden: ['nameKey', 'emailKey', 'searchText'],
  aggregateType: PAYEE_TYPE,
  subject: ({ name }) => name,
  toRow: ({ name, email, phone, labels }) => ({
    name,
    email,
    phone,
    labels,
    nameKey: nameKey(name),
    emailKey: email === null ? null : emailKey(email),
    searchText: foldCase([name, email ?? '', phone ?? ''].join('\n')), // Nothing is found across them.
  }),
};

/** What was checked on its way in is trusted on its way out. */
export function toPayeeState(row: PayeeRow): PayeeState {
  const { id, tenant, version, name, email, phone, labels } = row;
  const { createdAt, createdBy, updatedAt, updatedBy } = row;
  return {
    id: id as PayeeId,
    tenant: tenantFromColumn(tenant),
    version,
    stamp: { createdAt, createdBy, updatedAt, updatedBy },
    name,
    email,
    phone,
    labels,
  };
}

/** A row as the change log kept it. */
export const toPayeeContent = ({ name, email, phone, labels }: PayeeRecord): PayeeContent => ({
  name,
  email,
  phone,
  labels,
});

/** As it is shown. */
export function toPayeeView(record: PayeeRecord): PayeeView {
  return {
    ...toPayeeContent(record),
    id: record.id as PayeeId,
    tenant: tenantFromColumn(record.tenant),
    version: record.version,
    stamp: {
      createdAt: new Date(record.created_at),
      createdBy: record.created_by,
      updatedAt: new Date(record.updated_at),
      updatedBy: record.updated_by,
    },
  };
}
