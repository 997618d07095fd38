/** Columns of an export, in its order; an import takes them in any order, and which of them are there is up to the sender. */
export const ITEM_COLUMNS = [
  ...['id', 'item', 'amount', 'currency', 'flow', 'payor_id', 'payor', 'payee_id', 'payee'],
  ...['category_id', 'category', 'transaction_date', 'status', 'team_id', 'environment', 'notes', 'labels'],
] as const;
export type ItemColumn = (typeof ITEM_COLUMNS)[number];
