import { EntitySchema } from 'typeorm';
import { storedColumns } from '#platform/change-log';
import type { StoredRow } from '#platform/change-log';

export const CATEGORY_TYPE = 'budget.category';

/** A category as it is stored. */
export interface CategoryRow extends StoredRow {
  readonly name: string;
  readonly parentId: string | null;
}

/** A row as it is written: with what is only searched, and not read back. */
export interface WrittenCategoryRow extends CategoryRow {
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
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});
