import type { Page, PageRequest } from '#shared-kernel';
import type { BudgetId } from '../domain/identity.js';
import type { CurrencyCode } from '../domain/money.js';
import type { DateWindow } from '../domain/period.js';
import type { ThresholdAction } from '../domain/threshold.js';

/** A threshold that was crossed, as it is shown. */
export interface AlertView {
  readonly id: string;
  readonly tenant: string | null;
  readonly budgetId: string;
  readonly period: DateWindow;
  readonly percent: number;
  readonly action: ThresholdAction;
  readonly currency: CurrencyCode;
  /** As it was then, in minor units. */
  readonly spent: bigint;
  /** The limit with what was carried in, then. */
  readonly available: bigint;
  readonly itemId: string | null;
  readonly supervisorRequestId: string | null;
  /** When the supervisor request was there; null: it is not yet, or none was to be. */
  readonly openedAt: Date | null;
  readonly createdAt: Date;
}

/** Reads alerts. An abstract class, so that it is also its injection token. */
export abstract class AlertQueries {
  /** Those of a budget, newest first unless sorted otherwise. @throws BudgetNotFound, InvalidInput, InvalidCursor */
  abstract ofBudget(id: BudgetId, request: PageRequest): Promise<Page<AlertView>>;
}
