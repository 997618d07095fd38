import { EntitySchema } from 'typeorm';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import { foldCase } from '#platform/database';
import type { CategoryView } from '../application/category.queries.js';
import type { CategoryContent, CategoryState } from '../domain/category.js';
import type { CategoryId } from '../domain/identity.js';
import { nameKey } from '../domain/names.js';

export const CATEGORY_TYPE = 'budget.category';

/** A category as it is stored. */
export interface CategoryRow extends StoredRow {
  readonly name: string;
  readonly parentId: string | null;
}

/** A row as it is written: with what is only searched, and not read back. */
export interface WrittenCategoryRow extends CategoryRow {
  readonly nameKey: string;
  readonly searchText: string;
}

export const CategoryTable = new EntitySchema<WrittenCategoryRow>({
  name: 'Category',
  schema: 'budget',
  tableName: 'category',
  columns: {
    ...storedColumns,
    name: { type: 'text' },
    parentId: { name: 'parent_id', type: 'uuid', nullable: true },
    nameKey: { name: 'name_key', type: 'text', select: false },
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});

/** Every column that is read, of the table called `t`. */
export const CATEGORY_COLUMNS =
  'id, tenant, version, name, parent_id, created_at, created_by, updated_at, updated_by'.replaceAll(
    /\w+/g,
    't.$&',
  );

/** The same by column name: what statements of our own give, and what the change log keeps. */
export interface CategoryRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly name: string;
  readonly parent_id: string | null;
  /** A date, or its text where it comes out of JSON. */
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
}

export const CATEGORY_MAPPING: Mapping<CategoryState, WrittenCategoryRow> = {
  table: CategoryTable,
  hidden: ['nameKey', 'searchText'],
  aggregateType: CATEGORY_TYPE,
  subject: ({ name }) => name,
  toRow: ({ name, parentId }) => ({ name, parentId, nameKey: nameKey(name), searchText: foldCase(name) }),
};

/** What was checked on its way in is trusted on its way out. */
export function toCategoryState(row: CategoryRow): CategoryState {
  const { id, tenant, version, name, parentId } = row;
  const { createdAt, createdBy, updatedAt, updatedBy } = row;
  return {
    id: id as CategoryId,
    tenant: tenantFromColumn(tenant),
    version,
    stamp: { createdAt, createdBy, updatedAt, updatedBy },
    name,
    parentId: parentId as CategoryId | null,
  };
}

/** A row as the change log kept it. */
export const toCategoryContent = ({ name, parent_id }: CategoryRecord): CategoryContent => ({
  name,
  parentId: parent_id as CategoryId | null,
});

/** As it is shown. */
export function toCategoryView(record: CategoryRecord): CategoryView {
  return {
    ...toCategoryContent(record),
    id: record.id as CategoryId,
    tenant: tenantFromColumn(record.tenant),
    version: record.version,
    stamp: {
      createdAt: new Date(record.created_at),
      createdBy: record.created_by,
      updatedAt: new Date(record.updated_at),
      updatedBy: record.updated_by,
    },
  };
}
