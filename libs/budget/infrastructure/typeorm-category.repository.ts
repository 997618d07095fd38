import { Injectable } from '@nestjs/common';
import { HistoryQueries, VersionedStore, VersionNotFound } from '#platform/change-log';
import { CallContext, tenantColumn, TenantForbidden } from '#platform/context';
import { Database, isForeignKeyViolation, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import { Category } from '../domain/category.js';
import type { CategoryContent, CategoryState } from '../domain/category.js';
import { CategoryRepository } from '../domain/category.repository.js';
import type { CategoryUses } from '../domain/category.repository.js';
import { CategoryInUse, CategoryNameTaken, CategoryNotFound } from '../domain/errors.js';
import type { CategoryId } from '../domain/identity.js';
import { nameKey } from '../domain/names.js';
import {
  CATEGORY_MAPPING,
  CATEGORY_TYPE,
  CategoryTable,
  toCategoryContent,
  toCategoryState,
} from './category.table.js';
import type { CategoryRecord } from './category.table.js';

/** What refers to a category, so that it does not go. */
const BELONGS = ['category_parent', 'item_category'];

@Injectable()
export class TypeOrmCategoryRepository extends CategoryRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly history: HistoryQueries,
    private readonly context: CallContext,
  ) {
    super();
  }

  /** Its row is not locked: whoever changes categories holds the tree, and items come to one that is being moved. */
  override async get(id: CategoryId): Promise<Category> {
    const row = await this.database.manager.findOne(CategoryTable, { where: { id } });
    if (!row) throw new CategoryNotFound();
    const { tenant } = this.context.current.caller;
    if (tenant !== null && row.tenant !== tenant) throw new TenantForbidden();
    return this.store.watch(Category.restore(toCategoryState(row)), CATEGORY_MAPPING);
  }

  override async find(id: CategoryId): Promise<CategoryState | null> {
    const row = await this.database.manager.findOne(CategoryTable, { where: { id } });
    return row && toCategoryState(row);
  }

  override async findByName(
    tenant: string | null,
    { name, parentId }: CategoryContent,
  ): Promise<CategoryId | null> {
    const [row] = await this.database.read<{ id: CategoryId }>({
      name: 'category_by_name',
      text: `select id from budget.category
             where tenant = $1 and name_key = $2 and parent_id is not distinct from $3::uuid`,
      values: [tenantColumn(tenant), nameKey(name), parentId],
    });
    return row?.id ?? null;
  }

  override async contentAt(id: CategoryId, version: number): Promise<CategoryContent> {
    const { row } = await this.history.version({ aggregateType: CATEGORY_TYPE, id }, version);
    if (!row) throw new VersionNotFound(version); // That version took it away: there is nothing to go back to.
    return toCategoryContent(row as unknown as CategoryRecord);
  }

  override isIdUsed(id: CategoryId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  override async usesOf(id: CategoryId): Promise<CategoryUses> {
    const [row] = await this.database.read<CategoryUses>({
      name: 'category_uses',
      text: `select (select count(*)::int from budget.item where category_id = $1) as items,
               (select count(*)::int from budget.category where parent_id = $1) as categories`,
      values: [id],
    });
    return row ?? { items: 0, categories: 0 };
  }

  override async save(category: Category): Promise<void> {
    const { tenant, name, parentId } = category.snapshot;
    const isGoing = category.change?.removes === true;
    try {
      await this.store.save(category, CATEGORY_MAPPING);
    } catch (error) {
      if (isUniqueViolation(error, 'category_name'))
        throw new CategoryNameTaken(tenant, { name, parentId }, null);
      if (isUniqueViolation(error, 'category_pkey')) throw new IdConflict();
      if (isGoing && BELONGS.some((constraint) => isForeignKeyViolation(error, constraint)))
        throw new CategoryInUse(null);
      throw error;
    }
  }
}
