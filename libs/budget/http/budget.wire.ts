import type { AlertView } from '../application/alert.queries.js';
import type { BudgetPeriods, BudgetView } from '../application/budget.queries.js';
import type { BudgetState } from '../domain/budget.js';
import { formatAmount } from '../domain/money.js';
import type { CurrencyCode } from '../domain/money.js';
import type { AlertResponse } from './alert.dto.js';
import type { BudgetResponse } from './budget.dto.js';
import type { BudgetPeriodsResponse } from './period.dto.js';

/** As it is shown. */
export const toBudgetResponse = (budget: BudgetView): BudgetResponse => ({
  id: budget.id,
  tenant_id: budget.tenant,
  version: budget.version,
  name: budget.name,
  owner_team_id: budget.ownerTeamId,
  scope: {
    team_id: budget.scope.teamId,
    environment: budget.scope.environment,
    category_ids: budget.scope.categoryIds,
    selector: budget.scope.selector,
  },
  currency: budget.currency,
  limit: formatAmount({ minor: budget.limit, currency: budget.currency }),
  period: budget.period,
  start_date: budget.startDate,
  end_date: budget.endDate,
  time_zone: budget.timeZone,
  rollover: budget.rollover,
  thresholds: budget.thresholds,
  created_at: budget.stamp.createdAt.toISOString(),
  updated_at: budget.stamp.updatedAt.toISOString(),
  created_by: budget.stamp.createdBy,
  updated_by: budget.stamp.updatedBy,
});

/** What was just stored, as it is shown. */
export function toStoredBudget({ stamp, ...budget }: BudgetState): BudgetResponse {
  if (!stamp) throw new Error('Only what is stored can be shown.');
  return toBudgetResponse({ ...budget, stamp });
}

/** All amounts are of the one currency. */
export function toPeriodsResponse({ currency, periods }: BudgetPeriods): BudgetPeriodsResponse {
  const money = (minor: bigint): string => formatAmount({ minor, currency });
  return {
    currency,
    items: periods.map(({ from, until, percent, ...period }) => ({
      from,
      until,
      limit: money(period.limit),
      carried_in: money(period.carriedIn),
      spent: money(period.spent),
      remaining: money(period.remaining),
      percent,
    })),
  };
}

export function toAlertResponse(alert: AlertView): AlertResponse {
  const { currency } = alert;
  const money = (minor: bigint): string => formatAmount({ minor, currency });
  return {
    id: alert.id,
    tenant_id: alert.tenant,
    budget_id: alert.budgetId,
    period: alert.period,
    percent: alert.percent,
    action: alert.action,
    currency,
    spent: money(alert.spent),
    available: money(alert.available),
    item_id: alert.itemId,
    supervisor_request_id: alert.supervisorRequestId,
    opened_at: alert.openedAt?.toISOString() ?? null,
    created_at: alert.createdAt.toISOString(),
  };
}

/** A threshold that was crossed, as readers of events see it: like the alert, but before anybody is asked. */
export function presentThreshold(crossed: Readonly<Record<string, unknown>>): object {
  const currency = String(crossed['currency']) as CurrencyCode;
  const money = (minor: unknown): string => formatAmount({ minor: BigInt(String(minor)), currency });
  return {
    id: crossed['id'],
    tenant_id: crossed['tenant_id'],
    budget_id: crossed['budget_id'],
    period: { from: crossed['period_start'], until: crossed['period_until'] },
    percent: crossed['percent'],
    action: crossed['action'],
    currency,
    spent: money(crossed['spent']),
    available: money(crossed['available']),
    item_id: crossed['item_id'],
    supervisor_request_id: crossed['supervisor_request_id'],
  };
}
