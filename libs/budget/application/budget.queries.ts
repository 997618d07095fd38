import type { Page, PageRequest, PastStateOf, PastVersion, Stamp } from '#shared-kernel';
import type { BudgetPeriod } from '../domain/budget-period.js';
import type { BudgetContent } from '../domain/budget.js';
import type { BudgetId } from '../domain/identity.js';
import type { CalendarDate } from '../domain/item.js';
import type { CurrencyCode } from '../domain/money.js';

/** A budget as it is shown. */
export interface BudgetView extends BudgetContent {
  readonly id: string;
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp;
}

/** Which budgets a list shows. */
export interface BudgetFilter {
  /** The tenant looked for; its budgets and the shared ones. */
  readonly tenant: string | null;
  /** Any of these teams. */
  readonly ownerTeamIds?: readonly string[] | undefined;
  /** Any of these. */
  readonly currencies?: readonly string[] | undefined;
  /** Anywhere in the name, whatever the case. */
  readonly q?: string | undefined;
}

/** Which periods: those with a day in the window. */
export interface PeriodFilter {
  /** Absent: the last ones of the window, up to 1000. */
  readonly from?: CalendarDate | undefined;
  /** Without this day. Absent: until now, but at least the first period. */
  readonly until?: CalendarDate | undefined;
}

/** Periods of one budget. */
export interface BudgetPeriods {
  readonly currency: CurrencyCode;
  readonly periods: readonly BudgetPeriod[];
}

/** Everything that is read of budgets. An abstract class, so that it is also its injection token. */
export abstract class BudgetQueries {
  /** @throws BudgetNotFound */
  abstract get(id: BudgetId): Promise<BudgetView>;

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was gone */
  abstract asOf(id: BudgetId, at: Date): Promise<BudgetView>;

  /** @throws InvalidInput, InvalidCursor */
  abstract page(filter: BudgetFilter, request: PageRequest): Promise<Page<BudgetView>>;

  /** Newest first. @throws NoHistory, InvalidCursor */
  abstract versions(id: BudgetId, request: PageRequest): Promise<Page<PastVersion>>;

  /** @throws VersionNotFound */
  abstract version(id: BudgetId, version: number): Promise<PastStateOf<BudgetView>>;

  /** In their order. @throws BudgetNotFound, InvalidInput where there are more than 1000 */
  abstract periods(id: BudgetId, filter: PeriodFilter): Promise<BudgetPeriods>;
}
