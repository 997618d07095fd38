import type { CategoryView } from '../application/category.queries.js';
import type { CategoryState } from '../domain/category.js';
import type { CategoryResponse } from './category.dto.js';

/** As it is shown. */
export const toCategoryResponse = ({ stamp, ...category }: CategoryView): CategoryResponse => ({
  id: category.id,
  tenant_id: category.tenant,
  version: category.version,
  name: category.name,
  parent_id: category.parentId,
  created_at: stamp.createdAt.toISOString(),
  updated_at: stamp.updatedAt.toISOString(),
  created_by: stamp.createdBy,
  updated_by: stamp.updatedBy,
});

/** What was just stored, as it is shown. */
export function toStoredCategory({ stamp, ...category }: CategoryState): CategoryResponse {
  if (!stamp) throw new Error('Only what is stored can be shown.');
  return toCategoryResponse({ ...category, stamp });
}
