import { EntitySchema } from 'typeorm';
import { storedColumns } from '#platform/change-log';
import type { StoredRow } from '#platform/change-log';
import type { Labels } from '#shared-kernel';

export const PAYEE_TYPE = 'budget.payee';

/** A payee as it is stored. */
export interface PayeeRow extends StoredRow {
  readonly name: string;
  readonly nameKey: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly labels: Labels;
}

/** A row as it is written: with what is only searched, and not read back. */
export interface WrittenPayeeRow extends PayeeRow {
  readonly searchText: string;
}

export const PayeeTable = new EntitySchema<WrittenPayeeRow>({
  name: 'Payee',
  schema: 'budget',
  tableName: 'payee',
  columns: {
    ...storedColumns,
    name: { type: 'text' },
    nameKey: { name: 'name_key', type: 'text', select: false },
    email: { type: 'text', nullable: true },
    phone: { type: 'text', nullable: true },
    labels: { type: 'json' },
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});
