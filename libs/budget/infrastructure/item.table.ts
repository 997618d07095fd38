import { EntitySchema } from 'typeorm';
import { storedColumns } from '#platform/change-log';
import type { StoredRow } from '#platform/change-log';
import type { Labels } from '#shared-kernel';

export const BUDGET_ITEM_TYPE = 'budget.item';

/** An item as it is stored; the amount is the text of an integer. */
export interface BudgetItemRow extends StoredRow {
  readonly item: string;
  readonly amount: string;
  readonly currency: string;
  readonly flow: string;
  readonly payorId: string;
  readonly payeeId: string;
  readonly categoryId: string | null;
  readonly transactionDate: string;
  readonly status: string;
  readonly teamId: string | null;
  readonly environment: string | null;
  readonly notes: string | null;
  readonly labels: Labels;
  readonly importId: string | null;
  readonly importKey: string | null;
}

/** A row as it is written: with what is only searched, and not read back. */
export interface WrittenBudgetItemRow extends BudgetItemRow {
  readonly searchText: string;
}

export const BudgetItemTable = new EntitySchema<WrittenBudgetItemRow>({
  name: 'BudgetItem',
  schema: 'budget',
  tableName: 'item',
  columns: {
    ...storedColumns,
    item: { type: 'text' },
    amount: { type: 'bigint' },
    currency: { type: 'text' },
    flow: { type: 'text' },
    payorId: { name: 'payor_id', type: 'uuid' },
    payeeId: { name: 'payee_id', type: 'uuid' },
    categoryId: { name: 'category_id', type: 'uuid', nullable: true },
    transactionDate: { name: 'transaction_date', type: 'date' },
    status: { type: 'text' },
    teamId: { name: 'team_id', type: 'uuid', nullable: true },
    environment: { type: 'text', nullable: true },
    notes: { type: 'text', nullable: true },
    labels: { type: 'json' },
    importId: { name: 'import_id', type: 'uuid', nullable: true },
    importKey: { name: 'import_key', type: 'text', nullable: true },
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});
