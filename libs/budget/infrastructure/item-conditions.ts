import { SHARED_TENANT } from '#platform/context';
import { Conditions, containsPattern, whereLabelRowsMatch } from '#platform/database';
import type { Split } from '#platform/database';
import type { ItemFilter } from '../application/item.queries.js';

const LABELS = { table: 'budget.item_label', owner: 'item_id' } as const;

export const ITEMS = 'budget.item';

/** Each item once for either side: with a party, two indexes are read in order and merged. */
export const BY_PARTY = `(select i.*, i.payor_id as party_id, false as is_repeated from ${ITEMS} i
  union all select i.*, i.payee_id as party_id, true as is_repeated from ${ITEMS} i)`;

/** What the conditions of a filter are about, to be called `t`. */
export const itemsOf = ({ parties }: ItemFilter): string => (parties ? BY_PARTY : ITEMS);

/** What leads an index of its own, and what of it is asked for; the rarer it makes what is looked at, the earlier. */
const leading = (filter: ItemFilter): readonly (readonly [string, readonly string[] | undefined])[] => [
  ['t.import_id', filter.imports],
  ['t.party_id', filter.parties],
  ['t.payor_id', filter.payors],
  ['t.payee_id', filter.payees],
  ['t.category_id', filter.categories],
  ['t.team_id', filter.teams],
  ['t.environment', filter.environments],
  ['t.status', filter.statuses],
  ['t.flow', filter.flows],
];

/** What of the items called `t` a filter lets through, and by which column they are read in order value by value. */
export interface ItemConditions {
  readonly where: Conditions;
  readonly split: readonly Split[];
}

export function conditionsOf(filter: ItemFilter): ItemConditions {
  const where = new Conditions();
  const asked = leading(filter).flatMap(([column, values]) => (values ? [{ column, values }] : []));
  const [split, ...others] = asked;
  for (const { column, values } of others) where.isOneOf(column, values);
  addOwn(where, filter);
  if (filter.parties) where.and('not (t.is_repeated and t.payor_id = any (?))', [...filter.parties]);
  return { where, split: split ? [{ column: split.column, values: [...new Set(split.values)] }] : [] };
}

function addOwn(where: Conditions, filter: ItemFilter): void {
  const tenants = filter.tenant === null ? [SHARED_TENANT] : [filter.tenant, SHARED_TENANT];
  where
    .when(filter.currencies, (conditions, currencies) => conditions.isOneOf('t.currency', currencies))
    .when(filter.amountMin, (conditions, least) => conditions.and('t.amount >= ?', least.toString()))
    .when(filter.amountMax, (conditions, most) => conditions.and('t.amount <= ?', most.toString()))
    .when(filter.from, (conditions, from) => conditions.and('t.transaction_date >= ?', from))
    .when(filter.until, (conditions, until) => conditions.and('t.transaction_date < ?', until))
    .when(filter.selector, (conditions, selector) => whereLabelRowsMatch(conditions, selector, LABELS))
    .when(filter.q, (conditions, text) =>
      conditions.and('t.id in (select budget.search_item(?, ?))', tenants, containsPattern(text)),
    );
}
