import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { SHARED_TENANT } from '#platform/context';
import { Conditions, containsPattern } from '#platform/database';
import { CategoryQueries } from '../application/category.queries.js';
import type { CategoryFilter, CategoryView } from '../application/category.queries.js';
import { CategoryNotFound } from '../domain/errors.js';
import type { CategoryId } from '../domain/identity.js';
import { nameKey } from '../domain/names.js';
import { CATEGORY_COLUMNS, CATEGORY_TYPE, toCategoryView } from './category.table.js';
import type { CategoryRecord } from './category.table.js';

@Injectable()
export class SqlCategoryQueries extends CategoryQueries {
  readonly #views: StoredViews<CategoryRecord, CategoryView>;

  constructor(views: StoredViewFactory) {
    super();
    this.#views = views.of<CategoryRecord, CategoryView>({
      aggregateType: CATEGORY_TYPE,
      list: {
        name: 'budget-categories',
        table: 'budget.category',
        columns: CATEGORY_COLUMNS,
        sorts: {
          name: { column: 'name', type: 'text' },
          created_at: { column: 'created_at', type: 'timestamptz' },
          updated_at: { column: 'updated_at', type: 'timestamptz' },
        },
        defaultSort: 'name',
      },
      toView: toCategoryView,
      notFound: () => new CategoryNotFound(),
    });
  }

  override get(id: CategoryId): Promise<CategoryView> {
    return this.#views.get(id);
  }

  override asOf(id: CategoryId, at: Date): Promise<CategoryView> {
    return this.#views.asOf(id, at);
  }

  override page(filter: CategoryFilter, request: PageRequest): Promise<Page<CategoryView>> {
    return this.#views.page(filter.tenant, whereCategory(filter), request);
  }

  override versions(id: CategoryId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.#views.versions(id, request);
  }

  override version(id: CategoryId, version: number): Promise<PastStateOf<CategoryView>> {
    return this.#views.version(id, version);
  }
}

function whereCategory({ tenant, parentIds, isRoot, names, q }: CategoryFilter): Conditions {
  const tenants = tenant === null ? [SHARED_TENANT] : [tenant, SHARED_TENANT];
  return new Conditions()
    .when(parentIds, (where, any) => where.isOneOf('t.parent_id', any))
    .when(isRoot, (where, is) => where.raw(`t.parent_id is ${is ? '' : 'not '}null`))
    .when(names, (where, any) => where.isOneOf('t.name_key', any.map(nameKey)))
    .when(q, (where, text) =>
      where.and('t.id in (select budget.search_category(?, ?))', tenants, containsPattern(text)),
    );
}
