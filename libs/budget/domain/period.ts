import { dateOf, dayNumber, dayNumberOf, LAST_DATE, monthsAfter, partsOf } from './calendar.js';
import type { DayNumber } from './calendar.js';
import type { CalendarDate } from './item.js';

export const PERIODS = ['weekly', 'monthly', 'quarterly', 'yearly', 'once'] as const;
export type Period = (typeof PERIODS)[number];

/** By which days a budget begins anew. */
export interface PeriodPlan {
  readonly period: Period;
  readonly startDate: CalendarDate;
  /** The first day that does not count any more; null: it goes on. */
  readonly endDate: CalendarDate | null;
}

/** The days from the first one up to, and without, the second: null where it goes on beyond the year 9999, or for ever. */
export interface DateWindow {
  readonly from: CalendarDate;
  readonly until: CalendarDate | null;
}

const DAYS_PER_WEEK = 7;
const MONTHS: Readonly<Record<Exclude<Period, 'weekly' | 'once'>, number>> = {
  monthly: 1,
  quarterly: 3,
  yearly: 12,
};

/** Which period a day falls into, counted from 0; null: the budget does not cover it. */
export function periodIndexOf(plan: PeriodPlan, date: CalendarDate): number | null {
  if (date < plan.startDate || (plan.endDate !== null && date >= plan.endDate)) return null;
  if (plan.period === 'once') return 0;
  const [first, day] = [dayNumber(plan.startDate), dayNumber(date)];
  if (plan.period === 'weekly') return Math.floor((day - first) / DAYS_PER_WEEK);
  const [start, at] = [partsOf(plan.startDate), partsOf(date)];
  const months = (at.year - start.year) * 12 + at.month - start.month;
  const index = Math.floor(months / MONTHS[plan.period]);
  return firstDay(plan, index) <= day ? index : index - 1;
}

/** The period with this number, which begins before the budget ends. */
export function periodAt(plan: PeriodPlan, index: number): DateWindow {
  const from = dateOf(firstDay(plan, index));
  if (from === null) throw new Error(`There is no period ${index}.`);
  const next = plan.period === 'once' ? null : dateOf(firstDay(plan, index + 1));
  const { endDate } = plan;
  return { from, until: endDate !== null && (next === null || endDate < next) ? endDate : next };
}

/** How many periods there are until the day, and without it. */
export function periodsBefore(plan: PeriodPlan, date: CalendarDate | null): number {
  const end = [date, plan.endDate].filter((each) => each !== null).sort()[0];
  const last = end === undefined ? LAST_DATE : dateOf(dayNumber(end) - 1);
  if (last === null || last < plan.startDate) return 0;
  return (periodIndexOf(plan, last) ?? -1) + 1;
}

/** Reckoned from the first day each time, so that what begins on the 31st comes back to it after a short month. */
function firstDay({ period, startDate }: PeriodPlan, index: number): DayNumber {
  if (period === 'once') return dayNumber(startDate);
  if (period === 'weekly') return dayNumber(startDate) + index * DAYS_PER_WEEK;
  return dayNumberOf(monthsAfter(partsOf(startDate), index * MONTHS[period]));
}
