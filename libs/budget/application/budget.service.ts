import { Injectable } from '@nestjs/common';
import { IdConflict, onceMore, UnitOfWork } from '#shared-kernel';
import type { ExpectedVersion } from '#shared-kernel';
import { BudgetNameTaken } from '../domain/budget-errors.js';
import { Budget, sameBudget } from '../domain/budget.js';
import type { BudgetContent, BudgetRevision, BudgetState } from '../domain/budget.js';
import { BudgetRepository } from '../domain/budget.repository.js';
import type { BudgetId } from '../domain/identity.js';
import { BudgetChecks } from './budget-checks.js';
import { BudgetTotals } from './budget-totals.js';

/** Which budget to change, and the version the caller looked at when deciding to (null: any). */
export interface BudgetAt {
  readonly id: BudgetId;
  readonly ifVersion: ExpectedVersion;
}

/** A budget that is to be made. */
export interface NewBudget {
  readonly id: BudgetId;
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly tenant: string | null;
  readonly content: BudgetContent;
  readonly reason: string | null;
}

/** What became of a request to make a budget. */
export interface StoredBudget {
  readonly state: BudgetState;
  readonly outcome: 'created' | 'unchanged';
}

/** What is to change, by what there is: how an amount reads depends on the currency. @throws InvalidInput */
export type BudgetChange = (stored: BudgetState) => BudgetRevision;

/** Everything that changes a budget. */
@Injectable()
export class BudgetService {
  constructor(
    private readonly budgets: BudgetRepository,
    private readonly checks: BudgetChecks,
    private readonly totals: BudgetTotals,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * The same id with the same content again is no conflict: the stored budget is the answer.
   * @throws BudgetNameTaken, IdConflict, CategoryUnknown, CatalogReferenceUnknown
   */
  create(request: NewBudget): Promise<StoredBudget> {
    return onceMore(request, (again) => this.#withHolder(() => this.#create(again)));
  }

  /** @throws BudgetNotFound, StaleVersion, InvalidInput, BudgetNameTaken, CategoryUnknown, CatalogReferenceUnknown */
  revise(target: BudgetAt, change: BudgetChange, reason: string | null): Promise<BudgetState> {
    return this.#change(target, (budget) => budget.revise(change(budget.snapshot), reason));
  }

  /** @throws BudgetNotFound, StaleVersion, VersionNotFound, BudgetNameTaken, CategoryUnknown, CatalogReferenceUnknown */
  rollBack(target: BudgetAt, version: number, reason: string | null): Promise<BudgetState> {
    return this.#change(target, async (budget) => {
      budget.revertTo(await this.budgets.contentAt(target.id, version), version, reason);
    });
  }

  /** @throws BudgetNotFound, StaleVersion */
  async delete(target: BudgetAt, reason: string | null): Promise<void> {
    await this.#change(target, (budget) => budget.delete(reason));
  }

  async #create(request: NewBudget): Promise<StoredBudget> {
    const { id, tenant, content, reason, idIsGiven } = request;
    if (idIsGiven && (await this.budgets.isIdUsed(id))) return this.#repeat(request);
    await this.totals.hold(tenant);
    const budget = Budget.create({ id, tenant }, content, reason);
    await this.#store(budget, null);
    return { state: budget.snapshot, outcome: 'created' };
  }

  #change(target: BudgetAt, act: (budget: Budget) => void | Promise<void>): Promise<BudgetState> {
    return this.#withHolder(async () => {
      const budget = await this.budgets.get(target.id);
      budget.expectVersion(target.ifVersion);
      const before = budget.snapshot;
      await act(budget);
      await this.#store(budget, before);
      return budget.snapshot;
    });
  }

  async #store(budget: Budget, before: BudgetState | null): Promise<void> {
    const { change, snapshot } = budget;
    if (!change) return;
    if (!change.removes) await this.checks.expectKnown(before, snapshot);
    await this.budgets.save(budget);
    if (!change.removes) await this.totals.follow(before, snapshot);
  }

  /** @throws IdConflict */
  async #repeat({ id, tenant, content }: NewBudget): Promise<StoredBudget> {
    const stored = (await this.budgets.findByName(tenant, content.name))?.snapshot;
    if (!stored || stored.id !== id || !sameBudget(stored, content)) throw new IdConflict();
    return { state: stored, outcome: 'unchanged' };
  }

  /** When the name is taken, the refusal tells by whom. */
  async #withHolder<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.unitOfWork.attempt(work);
    } catch (error) {
      if (!(error instanceof BudgetNameTaken)) throw error;
      const { tenant, budget: name } = error;
      const holder = await this.unitOfWork.run(() => this.budgets.findByName(tenant, name));
      throw new BudgetNameTaken(tenant, name, holder?.snapshot.id ?? null);
    }
  }
}
