import { dateOf, dayNumber, dayNumberOf, LAST_DATE, monthsAfter, partsOf } from './calendar.js';
import type { CalendarDate, DayNumber } from './calendar.js';
import type { CurrencyCode } from './money.js';
import { NOTHING } from './report.js';
import type { SpanSums, Sums } from './report.js';

export const INTERVALS = ['day', 'week', 'month'] as const;
export type Interval = (typeof INTERVALS)[number];

/** Days from one up to another one that is not of them; null: up to the end of the calendar. */
export interface Span {
  readonly from: CalendarDate;
  readonly until: CalendarDate | null;
}

/** What one currency came to, span after span. */
export interface Series {
  readonly currency: CurrencyCode;
  readonly spans: readonly (Span & Sums)[];
}

const DAYS_PER_WEEK = 7;
/** 1970-01-01, which days are counted from, was a Thursday. */
const THURSDAY = 3;

/** The first day of the interval that a day is of; weeks begin on Monday, as those of ISO 8601 do. */
export function beginningOf(date: CalendarDate, interval: Interval): CalendarDate {
  if (interval === 'month') return `${date.slice(0, 7)}-01`;
  if (interval === 'day') return date;
  const day = dayNumber(date);
  const weekday = (((day + THURSDAY) % DAYS_PER_WEEK) + DAYS_PER_WEEK) % DAYS_PER_WEEK;
  return dateOf(day - weekday) ?? date;
}

/** So many intervals later, or earlier; the calendar begins with the year 1. Null: after its end. */
export function intervalsAfter(
  beginning: CalendarDate,
  count: number,
  interval: Interval,
): CalendarDate | null {
  if (interval === 'month') return clamped(dayNumberOf(monthsAfter(partsOf(beginning), count)));
  return clamped(dayNumber(beginning) + count * (interval === 'week' ? DAYS_PER_WEEK : 1));
}

const FIRST_DATE: CalendarDate = '0001-01-01';

const clamped = (day: DayNumber): CalendarDate | null => dateOf(Math.max(day, dayNumber(FIRST_DATE)));

/** How many intervals have a day in the span. */
export function intervalsIn({ from, until }: Span, interval: Interval): number {
  if (until !== null && until <= from) return 0;
  const last = until === null ? LAST_DATE : (dateOf(dayNumber(until) - 1) ?? LAST_DATE);
  return indexOf(last, interval) - indexOf(from, interval) + 1;
}

/** Intervals between any two days are the difference of their indexes. */
function indexOf(date: CalendarDate, interval: Interval): number {
  const { year, month } = partsOf(date);
  if (interval === 'month') return year * 12 + month;
  const day = dayNumber(beginningOf(date, interval));
  return interval === 'week' ? (day + THURSDAY) / DAYS_PER_WEEK : day; // Mondays are whole weeks apart.
}

/** The intervals with a day in the span; the first and the last are cut by it. */
export function spansOf(span: Span, interval: Interval): Span[] {
  const beginning = beginningOf(span.from, interval);
  return Array.from({ length: intervalsIn(span, interval) }, (_, index) => {
    const begins = intervalsAfter(beginning, index, interval) ?? span.from;
    const ends = intervalsAfter(beginning, index + 1, interval);
    const isCut = span.until !== null && (ends === null || ends > span.until);
    return { from: index === 0 ? span.from : begins, until: isCut ? span.until : ends };
  });
}

/**
 * Every span for every currency, with nothing where nothing is known.
 * @param sums by the first day of the interval, which may be before the first span
 */
export function seriesOf(
  { spans, interval }: { readonly spans: readonly Span[]; readonly interval: Interval },
  currencies: readonly CurrencyCode[],
  sums: readonly SpanSums[],
): Series[] {
  const known = new Map(sums.map((sum) => [`${sum.currency} ${sum.from}`, sum]));
  const shown = [...new Set([...currencies, ...sums.map(({ currency }) => currency)])].sort();
  return shown.map((currency) => ({
    currency,
    spans: spans.map((span) => {
      const { inflow, outflow, count } =
        known.get(`${currency} ${beginningOf(span.from, interval)}`) ?? NOTHING;
      return { ...span, inflow, outflow, count };
    }),
  }));
}
