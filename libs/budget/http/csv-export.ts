import { writeCsvRow } from '#platform/csv';
import { formatAmount } from '../domain/money.js';
import { pathText } from '../domain/named-item.js';
import type { NamedItem } from '../domain/named-item.js';
import { ITEM_COLUMNS } from './csv-items.js';
import type { ItemColumn } from './csv-items.js';

/** The first line of an export. */
export const csvHeader = (): string => writeCsvRow(ITEM_COLUMNS);

/** One line of an export, as an import takes it. */
export function toCsvRow(item: NamedItem): string {
  const { amount, currency, category } = item;
  const cells: Readonly<Record<ItemColumn, string | null>> = {
    id: item.id,
    item: item.item,
    amount: formatAmount({ minor: amount, currency }),
    currency,
    flow: item.flow,
    payor_id: item.payorId,
    payor: item.payor,
    payee_id: item.payeeId,
    payee: item.payee,
    category_id: item.categoryId,
    category: category && pathText(category),
    transaction_date: item.transactionDate,
    status: item.status,
    team_id: item.teamId,
    environment: item.environment,
    notes: item.notes,
    labels: JSON.stringify(item.labels),
  };
  return writeCsvRow(ITEM_COLUMNS.map((column) => cells[column] ?? ''));
}
