import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { ItemQueries } from '../application/item.queries.js';
import type { ItemFilter, ItemView } from '../application/item.queries.js';
import type { ItemId } from '../domain/identity.js';
import { ItemNotFound } from '../domain/item-errors.js';
import { BY_PARTY, conditionsOf, ITEMS } from './item-conditions.js';
import { BUDGET_ITEM_COLUMNS, BUDGET_ITEM_TYPE, toItemView } from './item.table.js';
import type { BudgetItemRecord } from './item.table.js';

@Injectable()
export class SqlItemQueries extends ItemQueries {
  readonly #items: StoredViews<BudgetItemRecord, ItemView>;
  readonly #byParty: StoredViews<BudgetItemRecord, ItemView>;

  constructor(views: StoredViewFactory) {
    super();
    const viewsOf = (name: string, table: string): StoredViews<BudgetItemRecord, ItemView> =>
      views.of<BudgetItemRecord, ItemView>({
        aggregateType: BUDGET_ITEM_TYPE,
        list: { name, table, columns: BUDGET_ITEM_COLUMNS, sorts: SORTS, defaultSort: '-transaction_date' },
        toView: toItemView,
        notFound: () => new ItemNotFound(),
      });
    this.#items = viewsOf('budget-items', ITEMS);
    this.#byParty = viewsOf('budget-items-by-party', BY_PARTY);
  }

  override get(id: ItemId): Promise<ItemView> {
    return this.#items.get(id);
  }

  override asOf(id: ItemId, at: Date): Promise<ItemView> {
    return this.#items.asOf(id, at);
  }

  override page(filter: ItemFilter, request: PageRequest): Promise<Page<ItemView>> {
    const { where, split } = conditionsOf(filter);
    const views = filter.parties ? this.#byParty : this.#items;
    return views.page(filter.tenant, where, { ...request, split });
  }

  override versions(id: ItemId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.#items.versions(id, request);
  }

  override version(id: ItemId, version: number): Promise<PastStateOf<ItemView>> {
    return this.#items.version(id, version);
  }
}

const SORTS = {
  transaction_date: { column: 'transaction_date', type: 'date' },
  amount: { column: 'amount', type: 'bigint' },
  item: { column: 'item', type: 'text' },
  updated_at: { column: 'updated_at', type: 'timestamptz' },
} as const;
