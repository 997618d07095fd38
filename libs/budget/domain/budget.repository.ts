import type { Budget, BudgetContent } from './budget.js';
import type { BudgetId } from './identity.js';

/** The budgets of the caller. An abstract class, so that it is also its injection token. */
export abstract class BudgetRepository {
  /**
   * The budget, kept for this unit of work: nobody else changes it meanwhile, and no item of its tenant is counted.
   * @throws BudgetNotFound, TenantForbidden for one that belongs to all
   */
  abstract get(id: BudgetId): Promise<Budget>;

  /** The tenant's own budget of this name, as it is stored; null when there is none. */
  abstract findByName(tenant: string | null, name: string): Promise<Budget | null>;

  /**
   * What it was like in a version.
   * @throws VersionNotFound, also for the version that removed it
   */
  abstract contentAt(id: BudgetId, version: number): Promise<BudgetContent>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: BudgetId): Promise<boolean>;

  /** How many the team owns, as far as the caller sees. */
  abstract countOfTeam(teamId: string): Promise<number>;

  /** Some that the team owns, in the order of their ids, after this one; none is the end. */
  abstract someOfTeam(teamId: string, after: BudgetId | null): Promise<readonly BudgetId[]>;

  /**
   * Stores the budget and its row in the change log: both, or neither. Nothing happened, nothing is stored.
   * @throws BudgetNameTaken, IdConflict, StaleVersion
   */
  abstract save(budget: Budget): Promise<void>;
}
