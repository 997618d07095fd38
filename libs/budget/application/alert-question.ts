import type { Question } from '#supervisor-requests';
import { formatAmount } from '../domain/money.js';
import type { CurrencyCode } from '../domain/money.js';
import type { DateWindow } from '../domain/period.js';
import { percentOf, PRIORITY_DEFAULT } from '../domain/threshold.js';

/** A threshold that was crossed, and of which budget. */
export interface AskedAlert {
  /** The id that the supervisor request has from the start. */
  readonly requestId: string;
  readonly tenant: string | null;
  readonly budget: { readonly id: string; readonly name: string; readonly ownerTeamId: string | null };
  readonly period: DateWindow;
  readonly percent: number;
  readonly priority: number | null;
  readonly currency: CurrencyCode;
  readonly limit: bigint;
  readonly spent: bigint;
  readonly available: bigint;
  readonly itemId: string | null;
}

const STORE = 'budget';
/** A week: whoever is away for some days finds it. */
const TIMEOUT_SECONDS = 604_800;

/** What a person is asked about an alert. */
export function toQuestion(alert: AskedAlert): Question {
  const { budget, period, percent, currency } = alert;
  const money = (minor: bigint): string => formatAmount({ minor, currency });
  const since = period.until === null ? `since ${period.from}` : `from ${period.from} until ${period.until}`;
  return {
    id: alert.requestId,
    tenant: alert.tenant,
    storeId: STORE,
    kind: 'alert',
    question: `The budget "${budget.name}" has crossed ${percent} %: ${money(alert.spent)} of ${money(alert.available)} ${currency} are spent ${since}.`,
    details: {
      ...{ budget_id: budget.id, budget_name: budget.name, period, threshold: percent, currency },
      percent: percentOf(alert),
      ...{ limit: money(alert.limit), available: money(alert.available), spent: money(alert.spent) },
      remaining: money(alert.available - alert.spent),
      item_id: alert.itemId,
    },
    priority: alert.priority ?? PRIORITY_DEFAULT,
    timeoutSeconds: TIMEOUT_SECONDS,
    assigneeTeamId: budget.ownerTeamId,
    requestedBy: 'system:budget-alerts',
  };
}
