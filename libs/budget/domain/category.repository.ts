import type { Category, CategoryContent, CategoryState } from './category.js';
import type { CategoryId } from './identity.js';

/** How much is of a category, or below it. */
export interface CategoryUses {
  readonly items: number;
  readonly categories: number;
}

/** The categories of the caller. An abstract class, so that it is also its injection token. */
export abstract class CategoryRepository {
  /**
   * The category, as long as its tree is held: nobody else changes it meanwhile.
   * @throws CategoryNotFound, TenantForbidden for one that belongs to all
   */
  abstract get(id: CategoryId): Promise<Category>;

  /** Without keeping it; null when there is none, or none for this caller. */
  abstract find(id: CategoryId): Promise<CategoryState | null>;

  /** The tenant's own category of this name, whatever the case, at this place in the tree; null when there is none. */
  abstract findByName(tenant: string | null, { name, parentId }: CategoryContent): Promise<CategoryId | null>;

  /**
   * What it was like in a version.
   * @throws VersionNotFound, also for the version that removed it
   */
  abstract contentAt(id: CategoryId, version: number): Promise<CategoryContent>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: CategoryId): Promise<boolean>;

  abstract usesOf(id: CategoryId): Promise<CategoryUses>;

  /**
   * Stores the category and its row in the change log: both, or neither. Nothing happened, nothing is stored.
   * @throws CategoryNameTaken, CategoryInUse where something is of one that is to go, IdConflict, StaleVersion
   */
  abstract save(category: Category): Promise<void>;
}
