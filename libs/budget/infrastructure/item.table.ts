import { EntitySchema } from 'typeorm';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import { foldCase } from '#platform/database';
import type { Labels } from '#shared-kernel';
import type { ItemView } from '../application/item.queries.js';
import type { CategoryId, ImportId, ItemId, PayeeId } from '../domain/identity.js';
import type { Flow, ItemContent, ItemState, ItemStatus } from '../domain/item.js';
import type { CurrencyCode } from '../domain/money.js';

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

/** A row by column name: what statements of our own give, and what the change log keeps. */
export interface BudgetItemRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly item: string;
  readonly amount: string;
  readonly currency: string;
  readonly flow: string;
  readonly payor_id: string;
  readonly payee_id: string;
  readonly category_id: string | null;
  readonly transaction_date: string;
  readonly status: string;
  readonly team_id: string | null;
  readonly environment: string | null;
  readonly notes: string | null;
  readonly labels: Labels;
  readonly import_id: string | null;
  /** A date, or its text where it comes out of JSON. */
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
}

/** Every column that is read, of the table called `t`. */
export const BUDGET_ITEM_COLUMNS =
  'id, tenant, version, item, amount, currency, flow, payor_id, payee_id, category_id, transaction_date, status, team_id, environment, notes, labels, import_id, created_at, created_by, updated_at, updated_by'.replaceAll(
    /\w+/g,
    't.$&',
  );

export const BUDGET_ITEM_MAPPING: Mapping<ItemState, WrittenBudgetItemRow> = {
  table: BudgetItemTable,
  hidden: ['searchText'],
  aggregateType: BUDGET_ITEM_TYPE,
  subject: ({ item }) => item,
  toRow: (item) => ({
    item: item.item,
    amount: item.amount.toString(),
    currency: item.currency,
    flow: item.flow,
    payorId: item.payorId,
    payeeId: item.payeeId,
    categoryId: item.categoryId,
    transactionDate: item.transactionDate,
    status: item.status,
    teamId: item.teamId,
    environment: item.environment,
    notes: item.notes,
    labels: item.labels,
    importId: item.importId,
    importKey: item.importKey,
    searchText: searchTextOf(item),
  }),
};

/** Parted by a line break, so that nothing is found across two that is in neither. */
const searchTextOf = ({ item, notes }: ItemContent): string =>
  foldCase(notes === null ? item : `${item}\n${notes}`);

/** What was checked on its way in is trusted on its way out. */
export function toItemState(row: BudgetItemRow): ItemState {
  const { createdAt, createdBy, updatedAt, updatedBy } = row;
  return {
    id: row.id as ItemId,
    tenant: tenantFromColumn(row.tenant),
    version: row.version,
    stamp: { createdAt, createdBy, updatedAt, updatedBy },
    item: row.item,
    amount: BigInt(row.amount),
    currency: row.currency as CurrencyCode,
    flow: row.flow as Flow,
    payorId: row.payorId as PayeeId,
    payeeId: row.payeeId as PayeeId,
    categoryId: row.categoryId as CategoryId | null,
    transactionDate: row.transactionDate,
    status: row.status as ItemStatus,
    teamId: row.teamId,
    environment: row.environment,
    notes: row.notes,
    labels: row.labels,
    importId: row.importId as ImportId | null,
    importKey: row.importKey,
  };
}

export const toItemContent = (record: BudgetItemRecord): ItemContent => ({
  item: record.item,
  amount: BigInt(record.amount),
  currency: record.currency as CurrencyCode,
  flow: record.flow as Flow,
  payorId: record.payor_id as PayeeId,
  payeeId: record.payee_id as PayeeId,
  categoryId: record.category_id as CategoryId | null,
  transactionDate: record.transaction_date,
  status: record.status as ItemStatus,
  teamId: record.team_id,
  environment: record.environment,
  notes: record.notes,
  labels: record.labels,
});

/** As it is shown. */
export const toItemView = (record: BudgetItemRecord): ItemView => ({
  ...toItemContent(record),
  id: record.id as ItemId,
  tenant: tenantFromColumn(record.tenant),
  version: record.version,
  importId: record.import_id as ImportId | null,
  stamp: {
    createdAt: new Date(record.created_at),
    createdBy: record.created_by,
    updatedAt: new Date(record.updated_at),
    updatedBy: record.updated_by,
  },
});
