import type { CalendarDate } from '../domain/item.js';
import type { CurrencySums, Grouping, GroupSums, RestSums } from '../domain/report.js';
import type { Interval, Series } from '../domain/time-series.js';
import type { ItemFilter } from './item.queries.js';

/** How many intervals a time series has at most. */
export const INTERVALS_MAX = 1_000;

/** How a summary is made. */
export interface SummaryRequest {
  readonly grouping: Grouping;
  /** How many groups of a currency are shown at most: those that most money went through, or the latest months. */
  readonly limit: number;
}

/** What items come to, group by group; groups and rest together are the totals. */
export interface Summary {
  readonly groups: readonly GroupSums[];
  readonly rest: readonly RestSums[];
  readonly totals: readonly CurrencySums[];
}

/** What items come to over time. */
export interface TimeSeries {
  /** What was looked at; null where no end was asked for and there are no items. */
  readonly from: CalendarDate | null;
  readonly until: CalendarDate | null;
  readonly series: readonly Series[];
}

/**
 * Sums of items: of the tenant's own ones alone, as its budgets and exports, and without planned ones unless the filter
 * says which. An abstract class, so that it is also its injection token.
 */
export abstract class ReportQueries {
  abstract summary(filter: ItemFilter, request: SummaryRequest): Promise<Summary>;

  /**
   * An end that the filter does not name is that of the items, as far as so many intervals are shown.
   * @throws InvalidInput where both are named and there are more intervals between
   */
  abstract timeSeries(filter: ItemFilter, interval: Interval): Promise<TimeSeries>;
}
