import { Conditions } from '#platform/database';
import type { Statement } from '#platform/database';
import { whereLabelsMatch } from '#platform/database';
import { parseSelector } from '#shared-kernel';
import { tenantColumn } from '#platform/context';
import type { PeriodTotal } from '../domain/budget-period.js';
import type { BudgetState } from '../domain/budget.js';
import type { CalendarDate } from '../domain/item.js';
import { periodAt, periodIndexOf } from '../domain/period.js';
import type { PeriodPlan } from '../domain/period.js';
import { COUNTED_STATUSES, countsRefunds } from '../domain/scope.js';

/** A row of `budget.period_total`; the sum is the text of an integer. */
export interface TotalRow {
  readonly budget_id: string;
  readonly period_start: CalendarDate;
  readonly spent: string;
}

/** In the order of their numbers. */
export const toTotals = (plan: PeriodPlan, rows: readonly TotalRow[]): PeriodTotal[] =>
  rows
    .map(({ period_start, spent }) => ({ index: indexOf(plan, period_start), spent: BigInt(spent) }))
    .sort((a, b) => a.index - b.index);

/** A total stands at the first day of a period of its budget: it is written anew whenever those change. */
function indexOf(plan: PeriodPlan, start: CalendarDate): number {
  const index = periodIndexOf(plan, start);
  if (index === null) throw new Error(`${start} is no day of the budget.`);
  return index;
}

/** What was added to one period of one budget. */
export interface Addition {
  readonly tenant: string | null;
  readonly budgetId: string;
  readonly periodStart: CalendarDate;
  readonly spent: bigint;
}

/** Makes the totals that are not there yet. */
export const adding = (additions: readonly Addition[]): Statement => ({
  name: 'budget_add',
  text: `insert into budget.period_total as t (tenant, budget_id, period_start, spent)
         select * from unnest($1::text[], $2::uuid[], $3::date[], $4::numeric[])
         on conflict (budget_id, period_start) do update set spent = t.spent + excluded.spent`,
  values: [
    additions.map(({ tenant }) => tenantColumn(tenant)),
    additions.map(({ budgetId }) => budgetId),
    additions.map(({ periodStart }) => periodStart),
    additions.map(({ spent }) => String(spent)),
  ],
});

/** Of budgets whose remainders are carried on, all; of others, those of these days. */
export const totalsOf = (
  budgets: readonly Pick<BudgetState, 'id' | 'rollover'>[],
  starts: readonly CalendarDate[],
): Statement => ({
  name: 'budget_totals',
  text: `select budget_id, period_start::text, spent::text from budget.period_total
         where budget_id = any ($1) or (budget_id = any ($2) and period_start = any ($3::date[]))`,
  values: [
    budgets.filter(({ rollover }) => rollover !== 'none').map(({ id }) => id),
    budgets.filter(({ rollover }) => rollover === 'none').map(({ id }) => id),
    starts,
  ],
});

export const allTotalsOf = (budgetId: string): Statement => ({
  name: 'budget_all_totals',
  text: 'select budget_id, period_start::text, spent::text from budget.period_total where budget_id = $1',
  values: [budgetId],
});

/** What items that count add up to, by day. The same as `spentBy` tells of each. */
export function countingAnew(budget: BudgetState): Statement {
  const { scope, currency, tenant, startDate, endDate } = budget;
  const where = new Conditions()
    .and('t.tenant = ?', tenantColumn(tenant))
    .and('t.currency = ?', currency)
    .isOneOf('t.status', COUNTED_STATUSES)
    .and('t.transaction_date >= ?', startDate)
    .when(endDate, (all, date) => all.and('t.transaction_date < ?', date))
    .when(scope.teamId, (all, id) => all.and('t.team_id = ?', id))
    .when(scope.environment, (all, key) => all.and('t.environment = ?', key))
    .when(scope.selector, (all, text) => whereLabelsMatch(all, parseSelector(text)));
  if (!countsRefunds(scope)) where.and(`t.flow = 'outflow'`);
  else where.and(`t.category_id in (${BELOW})`, [...scope.categoryIds]);
  return {
    text: `select t.transaction_date::text as day, sum(case t.flow when 'outflow' then t.amount else - t.amount end)::text as spent
           from budget.item t where ${where.text} group by t.transaction_date`,
    values: where.values,
  };
}

const BELOW = `
  with recursive below as (
    select c.id from budget.category c where c.id = any (?::uuid[])
    union select c.id from budget.category c join below b on c.parent_id = b.id)
  select id from below`;

export interface DayRow {
  readonly day: CalendarDate;
  readonly spent: string;
}

/** The days of a budget as what is to be stored of its periods. */
export function additionsOf(budget: BudgetState, days: readonly DayRow[]): Addition[] {
  const sums = new Map<number, bigint>();
  for (const { day, spent } of days) {
    const index = indexOf(budget, day);
    sums.set(index, (sums.get(index) ?? 0n) + BigInt(spent));
  }
  return [...sums].map(([index, spent]) => ({
    tenant: budget.tenant,
    budgetId: budget.id,
    periodStart: periodAt(budget, index).from,
    spent,
  }));
}
