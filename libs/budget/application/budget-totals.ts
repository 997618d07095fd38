import type { BudgetState } from '../domain/budget.js';
import type { CategoryId } from '../domain/identity.js';

/** What is spent of budgets, where the budgets themselves change. An abstract class, so that it is also its injection token. */
export abstract class BudgetTotals {
  /**
   * Until the unit of work ends no item of the tenant is counted and no budget of it changes; first of all, before
   * anything is locked that items need. Null: of what belongs to all tenants.
   */
  abstract hold(tenant: string | null): Promise<void>;

  /** Likewise, for whoever moves a category of the tenant: those of all tenants have items and budgets of each below them. */
  abstract holdForMove(tenant: string | null): Promise<void>;

  /**
   * What items add up to, counted anew where the budget counts others than before, and the thresholds that its present
   * period has met: each is told once. Periods that are over stay as they were told.
   * @param before null for a new budget
   */
  abstract follow(before: BudgetState | null, after: BudgetState): Promise<void>;

  /**
   * For whoever moves a category of this tenant, in the same unit of work and after it is moved: the budgets that count
   * by one of those above it, before or now, are counted anew. Null: a category of all tenants.
   */
  abstract categoryMoved(tenant: string | null, above: readonly CategoryId[]): Promise<void>;
}
