import { Injectable } from '@nestjs/common';
import { IdConflict, onceMore, UnitOfWork } from '#shared-kernel';
import type { ExpectedVersion } from '#shared-kernel';
import { Category, sameContent } from '../domain/category.js';
import type { CategoryContent, CategoryRevision, CategoryState } from '../domain/category.js';
import { CategoryRepository } from '../domain/category.repository.js';
import { CategoryTree, expectPlace } from '../domain/category-tree.js';
import { CategoryInUse, CategoryNameTaken, CategoryNotFound } from '../domain/errors.js';
import type { CategoryId } from '../domain/identity.js';
import { CategoryUnknown } from '../domain/item-errors.js';
import { BudgetTotals } from './budget-totals.js';

/** Which category to change, and the version the caller looked at when deciding to (null: any). */
export interface CategoryAt {
  readonly id: CategoryId;
  readonly ifVersion: ExpectedVersion;
}

/** A category that is to be made. */
export interface NewCategory {
  readonly id: CategoryId;
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly tenant: string | null;
  readonly content: CategoryContent;
  readonly reason: string | null;
}

/** What became of a request to make a category. */
export interface StoredCategory {
  readonly state: CategoryState;
  readonly outcome: 'created' | 'unchanged';
}

/** What is to change, decided on what is there. */
export type ReviseCategory = (current: CategoryState) => CategoryRevision;

/** Everything that changes a category: one after another in a tenant, so that the tree stays a tree. */
@Injectable()
export class CategoryService {
  constructor(
    private readonly categories: CategoryRepository,
    private readonly tree: CategoryTree,
    private readonly totals: BudgetTotals,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * The same id with the same content again is no conflict: the stored category is the answer.
   * @throws CategoryNameTaken, CategoryUnknown, CategoryTooDeep, IdConflict, InvalidInput
   */
  create(request: NewCategory): Promise<StoredCategory> {
    return onceMore(request, (again) => this.#withHolder(() => this.#create(again)));
  }

  /** @throws CategoryNotFound, StaleVersion, CategoryNameTaken, CategoryUnknown, CategoryCycle, CategoryTooDeep, InvalidInput */
  revise(target: CategoryAt, revise: ReviseCategory, reason: string | null): Promise<CategoryState> {
    return this.#change(target, (category) => category.revise(revise(category.snapshot), reason));
  }

  /** @throws as `revise`, and VersionNotFound */
  rollBack(target: CategoryAt, version: number, reason: string | null): Promise<CategoryState> {
    return this.#change(target, async (category) => {
      category.revertTo(await this.categories.contentAt(target.id, version), version, reason);
    });
  }

  /** @throws CategoryNotFound, StaleVersion, CategoryInUse */
  async delete(target: CategoryAt, reason: string | null): Promise<void> {
    try {
      await this.#change(target, (category) => category.delete(reason));
    } catch (error) {
      if (!(error instanceof CategoryInUse)) throw error;
      throw new CategoryInUse(await this.unitOfWork.run(() => this.categories.usesOf(target.id)));
    }
  }

  async #create(request: NewCategory): Promise<StoredCategory> {
    const { id, tenant, content, reason, idIsGiven } = request;
    if (idIsGiven && (await this.categories.isIdUsed(id))) return this.#repeat(request);
    await this.tree.hold(tenant);
    const category = Category.create({ id, tenant }, content, reason);
    await this.#expectPlace(category.snapshot, 1);
    await this.categories.save(category);
    return { state: category.snapshot, outcome: 'created' };
  }

  #change(target: CategoryAt, act: (category: Category) => void | Promise<void>): Promise<CategoryState> {
    return this.#withHolder(async () => {
      const seen = await this.categories.find(target.id);
      if (!seen) throw new CategoryNotFound();
      await this.tree.hold(seen.tenant);
      const category = await this.categories.get(target.id);
      category.expectVersion(target.ifVersion);
      const before = category.snapshot;
      await act(category);
      await this.#store(category, before);
      return category.snapshot;
    });
  }

  /** What is spent is counted by the tree: while a part of it moves, nobody counts. */
  async #store(category: Category, before: CategoryState): Promise<void> {
    const { id, tenant, parentId } = category.snapshot;
    if (parentId === before.parentId) return this.categories.save(category);
    await this.totals.holdForMove(tenant);
    await this.#expectPlace(category.snapshot, await this.tree.heightOf(id));
    const above = [...(await this.#above(before)), ...(await this.#above(category.snapshot))];
    await this.categories.save(category);
    await this.totals.categoryMoved(tenant, above);
  }

  async #above({ parentId }: CategoryState): Promise<readonly CategoryId[]> {
    return parentId === null ? [] : this.tree.pathOf(parentId);
  }

  /** @throws CategoryUnknown, CategoryCycle, CategoryTooDeep */
  async #expectPlace({ id, tenant, parentId }: CategoryState, height: number): Promise<void> {
    if (parentId === null) return;
    const parent = await this.categories.find(parentId);
    if (!parent || (parent.tenant !== null && parent.tenant !== tenant))
      throw new CategoryUnknown([
        { pointer: PARENT, code: 'category_unknown', detail: 'There is no such category.' },
      ]);
    expectPlace({ id, height }, await this.tree.pathOf(parentId), PARENT);
  }

  /** @throws IdConflict */
  async #repeat({ id, tenant, content, reason }: NewCategory): Promise<StoredCategory> {
    const stored = await this.categories.find(id);
    const wanted = Category.create({ id, tenant }, content, reason).snapshot;
    if (!stored || stored.tenant !== tenant || !sameContent(stored, wanted)) throw new IdConflict();
    return { state: stored, outcome: 'unchanged' };
  }

  /** When the name is taken, the refusal tells by whom. */
  async #withHolder<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.unitOfWork.attempt(work);
    } catch (error) {
      if (!(error instanceof CategoryNameTaken)) throw error;
      const { tenant, place } = error;
      const holder = await this.unitOfWork.run(() => this.categories.findByName(tenant, place));
      throw new CategoryNameTaken(tenant, place, holder);
    }
  }
}

/** Where the category above is named. */
const PARENT = '/parent_id';
