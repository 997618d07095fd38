import type { CalendarDate } from './calendar.js';
import type { CurrencyCode } from './money.js';

/** What items of one currency come to, in minor units: many that fit a column do so no more together. */
export interface Sums {
  readonly inflow: bigint;
  readonly outflow: bigint;
  readonly count: number;
}

/** By what items are put together. */
export const GROUPINGS = ['category', 'payee', 'team', 'environment', 'month'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** What the items of one group and one currency come to. */
export interface GroupSums extends Sums {
  readonly currency: CurrencyCode;
  /** An id, the key of an environment, or a month such as 2026-05; null: items that have none. */
  readonly key: string | null;
  /** What people call it; null where its key is its name, or nobody here knows it. */
  readonly name: string | null;
}

/** What the groups that are not shown come to, in one currency. */
export interface RestSums extends Sums {
  readonly currency: CurrencyCode;
  readonly groups: number;
}

/** What all items of one currency come to. */
export interface CurrencySums extends Sums {
  readonly currency: CurrencyCode;
}

export const netOf = ({ inflow, outflow }: Sums): bigint => inflow - outflow;

/** By currency, in the order in which they come. */
export function totalsOf(parts: readonly CurrencySums[]): CurrencySums[] {
  const totals = new Map<CurrencyCode, CurrencySums>();
  for (const { currency, inflow, outflow, count } of parts) {
    const total = totals.get(currency) ?? { currency, ...NOTHING };
    totals.set(currency, {
      currency,
      inflow: total.inflow + inflow,
      outflow: total.outflow + outflow,
      count: total.count + count,
    });
  }
  return [...totals.values()];
}

export const NOTHING: Sums = { inflow: 0n, outflow: 0n, count: 0 };

/** What the items of some days and one currency come to; `from` is the first of the days. */
export interface SpanSums extends CurrencySums {
  readonly from: CalendarDate;
}
