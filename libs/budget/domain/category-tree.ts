import { CategoryCycle, CategoryTooDeep } from './errors.js';
import type { CategoryId } from './identity.js';

/** A category with everything below it. */
export interface Subtree {
  readonly id: CategoryId;
  /** How many levels it has; a category without others below it has one. */
  readonly height: number;
}

/** A root has depth 1. */
export const CATEGORY_DEPTH_MAX = 10;

/** How categories stand below each other. An abstract class, so that it is also its injection token. */
export abstract class CategoryTree {
  /**
   * Lets nobody else change who stands where among the categories of a tenant until the end of the open unit of work.
   * Taken before any category is kept, so that two changes never wait for each other. Null: among those of all tenants,
   * which others stand below.
   */
  abstract hold(tenant: string | null): Promise<void>;

  /** From the category itself up to its root; empty where there is no such category for this caller. */
  abstract pathOf(id: CategoryId): Promise<readonly CategoryId[]>;

  abstract heightOf(id: CategoryId): Promise<number>;
}

/**
 * Whether a subtree may stand below a category.
 * @param path from that category up to its root
 * @param pointer where the category is named
 * @throws CategoryCycle, CategoryTooDeep
 */
export function expectPlace(subtree: Subtree, path: readonly CategoryId[], pointer: string): void {
  if (path.includes(subtree.id)) throw new CategoryCycle(pointer);
  const depth = path.length + subtree.height;
  if (depth > CATEGORY_DEPTH_MAX) throw new CategoryTooDeep(depth, CATEGORY_DEPTH_MAX, pointer);
}
