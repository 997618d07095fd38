import { AggregateRoot } from '#shared-kernel';
import type { Stamp } from '#shared-kernel';
import type { CategoryId } from './identity.js';
import { checkedName } from './names.js';

/** The part of a category that has a history and can be rolled back. */
export interface CategoryContent {
  readonly name: string;
  /** The category right above this one; null: a root. */
  readonly parentId: CategoryId | null;
}

/** Everything there is to know about a category. */
export interface CategoryState extends CategoryContent {
  readonly id: CategoryId;
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp | null;
}

/** What is to change; absent leaves as it is. */
export type CategoryRevision = Partial<CategoryContent>;

/** What items are for. Where it stands in the tree is for the caller to check. */
export class Category extends AggregateRoot<CategoryState> {
  /** @throws InvalidInput */
  static create(
    identity: { readonly id: CategoryId; readonly tenant: string | null },
    { name, parentId }: CategoryContent,
    reason: string | null = null,
  ): Category {
    const category = new Category({
      ...identity,
      version: 0,
      stamp: null,
      name: checkedName(name),
      parentId,
    });
    category.record('created', { reason });
    return category;
  }

  /** Rebuilds a stored category; for repositories and tests alone. */
  static restore(state: CategoryState): Category {
    return new Category(state);
  }

  /** Changes what is named and leaves the rest. What is as it was before makes no new version. @throws InvalidInput */
  revise(revision: CategoryRevision, reason: string | null): void {
    const { name = this.state.name, parentId = this.state.parentId } = revision;
    const next = { ...this.state, name: checkedName(name), parentId };
    if (sameContent(next, this.state)) return;
    this.state = next;
    this.record('updated', { reason });
  }

  /** Going back is going forward: an old content becomes the newest version. */
  revertTo({ name, parentId }: CategoryContent, version: number, reason: string | null): void {
    this.state = { ...this.state, name, parentId };
    this.record('rolled_back', { reason, rolledBackFrom: version });
  }

  /** Takes it away; its history stays. */
  delete(reason: string | null): void {
    this.record('deleted', { reason, removes: true });
  }
}

/** True when both say the same of a category. */
export const sameContent = (a: CategoryContent, b: CategoryContent): boolean =>
  a.name === b.name && a.parentId === b.parentId;
