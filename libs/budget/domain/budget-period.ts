import { periodAt } from './period.js';
import type { DateWindow, PeriodPlan } from './period.js';
import { crossed, percentOf } from './threshold.js';
import type { Spending, Threshold } from './threshold.js';

export const ROLLOVERS = ['none', 'surplus', 'all'] as const;
/** What of the remainder the next period gets: nothing, what is above zero, or whatever it is, debts too. */
export type Rollover = (typeof ROLLOVERS)[number];

/** What of a budget tells how its periods follow from what was spent. */
export interface BudgetTerms extends PeriodPlan {
  /** In minor units, 0 or more: what each period adds. */
  readonly limit: bigint;
  readonly rollover: Rollover;
  readonly thresholds: readonly Threshold[];
}

/** What was spent in a period, by its number; below zero where more came back than went out. */
export interface PeriodTotal {
  readonly index: number;
  readonly spent: bigint;
}

/** A period, and what is left of it. */
export interface BudgetPeriod extends DateWindow {
  readonly limit: bigint;
  readonly carriedIn: bigint;
  readonly spent: bigint;
  /** The limit and what was carried in, without what was spent. */
  readonly remaining: bigint;
  readonly percent: number | null;
}

/** A threshold that something crossed, and in which period. */
export interface Crossing extends Spending {
  readonly index: number;
  readonly threshold: Threshold;
}

/** Goes through the periods in their order, from total to total: a long time without any costs one step. */
class Carrying {
  #index = 0;
  #carried = 0n;
  #next = 0;

  /** @param totals in the order of their numbers, each once */
  constructor(
    private readonly terms: Pick<BudgetTerms, 'limit' | 'rollover'>,
    private readonly totals: readonly PeriodTotal[],
  ) {}

  /** What is spent of what is there in a period, none before the one that was asked for last. */
  at(index: number): Spending & { readonly carriedIn: bigint } {
    let total = this.totals[this.#next];
    while (total && total.index < index) {
      this.#rest(total.index);
      this.#pass(total.spent);
      this.#next += 1;
      total = this.totals[this.#next];
    }
    this.#rest(index);
    const spent = total?.index === index ? total.spent : 0n;
    return { spent, carriedIn: this.#carried, available: this.terms.limit + this.#carried };
  }

  /** Over periods in which nothing was spent. */
  #rest(index: number): void {
    const { limit, rollover } = this.terms;
    if (rollover !== 'none') this.#carried += limit * BigInt(index - this.#index);
    this.#index = index;
  }

  #pass(spent: bigint): void {
    const { limit, rollover } = this.terms;
    const remaining = this.#carried + limit - spent;
    if (rollover === 'none') this.#carried = 0n;
    else this.#carried = rollover === 'surplus' && remaining < 0n ? 0n : remaining;
    this.#index += 1;
  }
}

/** The periods from one number up to, and without, another. */
export function periodsOf(
  terms: BudgetTerms,
  totals: readonly PeriodTotal[],
  [first, end]: readonly [number, number],
): BudgetPeriod[] {
  const carrying = new Carrying(terms, totals);
  const { limit } = terms;
  return Array.from({ length: Math.max(0, end - first) }, (_, offset) => {
    const { spent, available, carriedIn } = carrying.at(first + offset);
    const percent = percentOf({ spent, available });
    return {
      ...periodAt(terms, first + offset),
      ...{ limit, carriedIn, spent, remaining: available - spent, percent },
    };
  });
}

/** Totals with what was added to some of them. */
export function withAdded(
  totals: readonly PeriodTotal[],
  added: ReadonlyMap<number, bigint>,
): readonly PeriodTotal[] {
  const sums = new Map(totals.map(({ index, spent }) => [index, spent]));
  for (const [index, delta] of added) sums.set(index, (sums.get(index) ?? 0n) + delta);
  return [...sums].map(([index, spent]) => ({ index, spent })).sort((a, b) => a.index - b.index);
}

/**
 * What is crossed by adding to what was spent: in the periods added to, and, where the remainder is carried on, in those
 * after them in which something is spent.
 */
export function crossingsOf(
  terms: BudgetTerms,
  totals: readonly PeriodTotal[],
  added: ReadonlyMap<number, bigint>,
): Crossing[] {
  if (terms.thresholds.length === 0 || added.size === 0) return [];
  const after = withAdded(totals, added);
  const earliest = Math.min(...added.keys());
  const isConcerned = (index: number): boolean =>
    added.has(index) || (terms.rollover !== 'none' && index > earliest);
  const [was, is] = [new Carrying(terms, totals), new Carrying(terms, after)];
  return after
    .filter(({ index }) => isConcerned(index))
    .flatMap(({ index }) => crossedAt(terms, index, [was.at(index), is.at(index)]));
}

/** What is met in a period as it stands, as if nothing of it had been spent before. */
export const crossingsAt = (terms: BudgetTerms, totals: readonly PeriodTotal[], index: number): Crossing[] =>
  crossedAt(terms, index, [{ spent: 0n, available: 0n }, new Carrying(terms, totals).at(index)]);

const crossedAt = (
  { thresholds }: BudgetTerms,
  index: number,
  [before, after]: readonly [Spending, Spending],
): Crossing[] =>
  crossed(thresholds, before, after).map((threshold) => ({
    index,
    threshold,
    spent: after.spent,
    available: after.available,
  }));
