import type { ItemView } from '../application/item.queries.js';
import type { ItemState } from '../domain/item.js';
import { formatAmount } from '../domain/money.js';
import type { ItemResponse } from './item.dto.js';

/** As it is shown. */
export const toItemResponse = (view: ItemView): ItemResponse => ({
  id: view.id,
  tenant_id: view.tenant,
  version: view.version,
  item: view.item,
  amount: formatAmount({ minor: view.amount, currency: view.currency }),
  currency: view.currency,
  flow: view.flow,
  payor_id: view.payorId,
  payee_id: view.payeeId,
  category_id: view.categoryId,
  transaction_date: view.transactionDate,
  status: view.status,
  team_id: view.teamId,
  environment: view.environment,
  notes: view.notes,
  labels: view.labels,
  import_id: view.importId,
  created_at: view.stamp.createdAt.toISOString(),
  updated_at: view.stamp.updatedAt.toISOString(),
  created_by: view.stamp.createdBy,
  updated_by: view.stamp.updatedBy,
});

/** What was just stored. */
export function toStoredItem({ stamp, ...item }: ItemState): ItemResponse {
  if (!stamp) throw new Error('Only what is stored can be shown.');
  return toItemResponse({ ...item, stamp });
}
