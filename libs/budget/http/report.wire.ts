import type { Summary, TimeSeries } from '../application/report.queries.js';
import { formatAmount } from '../domain/money.js';
import type { CurrencyCode } from '../domain/money.js';
import { netOf } from '../domain/report.js';
import type { Grouping, Sums } from '../domain/report.js';
import type { Interval } from '../domain/time-series.js';
import type { SummaryResponse, TimeSeriesResponse } from './report.dto.js';

export const toSummaryResponse = (
  grouping: Grouping,
  { groups, rest, totals }: Summary,
): SummaryResponse => ({
  group_by: grouping,
  items: groups.map((one) => ({
    key: one.key,
    name: one.name,
    currency: one.currency,
    ...toSums(one, one.currency),
  })),
  rest: rest.map((one) => ({ currency: one.currency, groups: one.groups, ...toSums(one, one.currency) })),
  totals: totals.map((one) => ({ currency: one.currency, ...toSums(one, one.currency) })),
});

export const toTimeSeriesResponse = (
  interval: Interval,
  { from, until, series }: TimeSeries,
): TimeSeriesResponse => ({
  interval,
  from,
  until,
  series: series.map(({ currency, spans }) => ({
    currency,
    items: spans.map((span) => ({ from: span.from, until: span.until, ...toSums(span, currency) })),
  })),
});

interface SumsWire {
  readonly inflow: string;
  readonly outflow: string;
  readonly net: string;
  readonly count: number;
}

function toSums(sums: Sums, currency: CurrencyCode): SumsWire {
  const money = (minor: bigint): string => formatAmount({ minor, currency });
  return {
    inflow: money(sums.inflow),
    outflow: money(sums.outflow),
    net: money(netOf(sums)),
    count: sums.count,
  };
}
