import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { BulkStore, HistoryQueries, VersionedStore, VersionNotFound } from '#platform/change-log';
import { tenantColumn } from '#platform/context';
import { Database, isForeignKeyViolation, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import type { ItemId, PayeeId } from '../domain/identity.js';
import { CategoryUnknown, ItemNotFound, PayeeUnknown } from '../domain/item-errors.js';
import { Item } from '../domain/item.js';
import type { ItemContent } from '../domain/item.js';
import { ItemRepository } from '../domain/item.repository.js';
import type { ItemsOf } from '../domain/item.repository.js';
import {
  BUDGET_ITEM_MAPPING,
  BUDGET_ITEM_TYPE,
  BudgetItemTable,
  toItemContent,
  toItemState,
} from './item.table.js';
import type { BudgetItemRecord, BudgetItemRow } from './item.table.js';

const LOCKED = { lock: { mode: 'pessimistic_write' } } as const;
const AT_ONCE = 1_000;
const TOLD = 100;

@Injectable()
export class TypeOrmItemRepository extends ItemRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly bulk: BulkStore,
    private readonly history: HistoryQueries,
  ) {
    super();
  }

  override async get(id: ItemId): Promise<Item> {
    const row = await this.store.lock(BudgetItemTable, { id });
    if (!row) throw new ItemNotFound();
    return this.#restore(row);
  }

  override async findOwn(tenant: string | null, id: ItemId): Promise<Item | null> {
    const where = { tenant: tenantColumn(tenant), id };
    const row = await this.database.manager.findOne(BudgetItemTable, { where, ...LOCKED });
    return row && this.#restore(row);
  }

  override async contentAt(id: ItemId, version: number): Promise<ItemContent> {
    const { row } = await this.history.version({ aggregateType: BUDGET_ITEM_TYPE, id }, version);
    if (!row) throw new VersionNotFound(version); // That version took it away: there is nothing to go back to.
    return toItemContent(row as unknown as BudgetItemRecord);
  }

  override isIdUsed(id: ItemId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  /** The ids first: which rows they are is decided by an index, and locks are taken in their order. */
  override async some(of: ItemsOf, after: ItemId | null): Promise<readonly Item[]> {
    const { text, value } = conditionOf(of);
    const ids = await this.database.read<{ id: string }>({
      text: `select id from budget.item where ${text} and ($2::uuid is null or id > $2::uuid) order by id limit ${AT_ONCE}`,
      values: [value, after],
    });
    if (ids.length === 0) return [];
    const rows = await this.database.manager.find(BudgetItemTable, {
      where: { id: In(ids.map(({ id }) => id)) },
      order: { id: 'asc' },
      ...LOCKED,
    });
    return rows.map((row) => this.#restore(row));
  }

  override async count(of: ItemsOf): Promise<number> {
    const { text, value } = conditionOf(of);
    const [row] = await this.database.read<{ count: string }>({
      text: `select count(*) from budget.item where ${text}`,
      values: [value],
    });
    return Number(row?.count);
  }

  override async between(one: PayeeId, other: PayeeId): Promise<readonly ItemId[]> {
    const rows = await this.database.read<{ id: ItemId }>({
      name: 'items_between',
      text: `select id from budget.item where payor_id = $1 and payee_id = $2
             union all select id from budget.item where payor_id = $2 and payee_id = $1 order by id limit ${TOLD}`,
      values: [one, other],
    });
    return rows.map(({ id }) => id);
  }

  override async save(item: Item): Promise<void> {
    await explained(() => this.store.save(item, BUDGET_ITEM_MAPPING));
  }

  override async saveAll(items: readonly Item[]): Promise<void> {
    await explained(() => this.bulk.saveAll(items, BUDGET_ITEM_MAPPING));
  }

  #restore(row: BudgetItemRow): Item {
    return this.store.watch(Item.restore(toItemState(row)), BUDGET_ITEM_MAPPING);
  }
}

function conditionOf(of: ItemsOf): { readonly text: string; readonly value: string } {
  if ('partyId' in of) return { text: '(payor_id = $1 or payee_id = $1)', value: of.partyId };
  if ('importId' in of) return { text: 'import_id = $1', value: of.importId };
  return { text: 'team_id = $1', value: of.teamId };
}

/** What was there when it was looked for may be gone when the row is written. */
async function explained(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (isUniqueViolation(error, 'item_pkey')) throw new IdConflict();
    for (const side of ['payor', 'payee']) {
      if (!isForeignKeyViolation(error, `item_${side}`)) continue;
      throw new PayeeUnknown([gone(`/${side}_id`, 'payee')]);
    }
    if (isForeignKeyViolation(error, 'item_category'))
      throw new CategoryUnknown([gone('/category_id', 'category')]);
    throw error;
  }
}

const gone = (pointer: string, what: string): { pointer: string; code: string; detail: string } => ({
  pointer,
  code: `${what}_unknown`,
  detail: `There is no such ${what}.`,
});
