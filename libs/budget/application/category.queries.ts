import type { Page, PageRequest, PastStateOf, PastVersion, Stamp } from '#shared-kernel';
import type { CategoryState } from '../domain/category.js';
import type { CategoryId } from '../domain/identity.js';

/** A category as it is shown. */
export interface CategoryView extends Omit<CategoryState, 'stamp'> {
  readonly stamp: Stamp;
}

/** Which categories a list shows. */
export interface CategoryFilter {
  /** The tenant looked for; its categories and the shared ones. */
  readonly tenant: string | null;
  /** Right below any of these. */
  readonly parentIds?: readonly CategoryId[] | undefined;
  /** True: only those below no other; false: only those below one. */
  readonly isRoot?: boolean | undefined;
  /** Called by any of these names, whatever the case. */
  readonly names?: readonly string[] | undefined;
  /** Anywhere in the name, whatever the case. */
  readonly q?: string | undefined;
}

/** Everything that is read of categories. An abstract class, so that it is also its injection token. */
export abstract class CategoryQueries {
  /** @throws CategoryNotFound */
  abstract get(id: CategoryId): Promise<CategoryView>;

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was gone */
  abstract asOf(id: CategoryId, at: Date): Promise<CategoryView>;

  /** @throws InvalidInput, InvalidCursor */
  abstract page(filter: CategoryFilter, request: PageRequest): Promise<Page<CategoryView>>;

  /** Newest first. @throws NoHistory, InvalidCursor */
  abstract versions(id: CategoryId, request: PageRequest): Promise<Page<PastVersion>>;

  /** @throws VersionNotFound */
  abstract version(id: CategoryId, version: number): Promise<PastStateOf<CategoryView>>;
}
