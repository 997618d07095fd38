import fc from 'fast-check';
import { crossingsAt, crossingsOf, periodsOf, ROLLOVERS, withAdded } from './budget-period.js';
import type { BudgetTerms, PeriodTotal } from './budget-period.js';
import { crossed, isMet, percentOf } from './threshold.js';
import type { Threshold } from './threshold.js';

const LENGTH = 40;
const minor = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 19n });
const totals = fc
  .uniqueArray(fc.record({ index: fc.nat(LENGTH - 1), spent: minor }), { selector: ({ index }) => index })
  .map((all) => all.sort((a, b) => a.index - b.index));
const rollover = fc.constantFrom(...ROLLOVERS);

const terms = (more: Partial<BudgetTerms> = {}): BudgetTerms => ({
  ...{ period: 'weekly', startDate: '2026-01-01', endDate: null },
  ...{ limit: 100n, rollover: 'none', thresholds: [], ...more },
});
const event = (percent: number): Threshold => ({ percent, action: 'event', priority: null });
const spentIn = (all: readonly PeriodTotal[], index: number): bigint =>
  all.find((total) => total.index === index)?.spent ?? 0n;

describe('what is carried from period to period', () => {
  it('is what each period left, one by one, by the rule of the budget', () => {
    fc.assert(
      fc.property(totals, rollover, fc.bigInt({ min: 0n, max: 10n ** 18n }), (all, rule, limit) => {
        let carried = 0n;
        for (const [index, period] of periodsOf(terms({ limit, rollover: rule }), all, [
          0,
          LENGTH,
        ]).entries()) {
          const spent = spentIn(all, index);
          const remaining = limit + carried - spent;
          expect(period).toMatchObject({ limit, carriedIn: carried, spent, remaining });
          if (rule === 'none') carried = 0n;
          else carried = rule === 'surplus' && remaining < 0n ? 0n : remaining;
        }
      }),
    );
  });

  it('loses nothing where all of it is carried: limits and what was spent are what remains', () => {
    fc.assert(
      fc.property(totals, fc.bigInt({ min: 0n, max: 10n ** 18n }), (all, limit) => {
        const last = periodsOf(terms({ limit, rollover: 'all' }), all, [0, LENGTH]).at(-1);
        const spent = all.reduce((sum, total) => sum + total.spent, 0n);
        expect(last?.remaining).toBe(limit * BigInt(LENGTH) - spent);
      }),
    );
  });

  it('is the same from wherever one begins to look', () => {
    fc.assert(
      fc.property(totals, rollover, fc.nat(LENGTH - 1), (all, rule, first) => {
        const whole = periodsOf(terms({ rollover: rule }), all, [0, LENGTH]);
        expect(periodsOf(terms({ rollover: rule }), all, [first, LENGTH])).toEqual(whole.slice(first));
      }),
    );
  });
});

describe('a threshold', () => {
  it('is met from the very amount on', () => {
    const available = 3n;
    expect(isMet(event(33.333), { spent: 1n, available })).toBe(true);
    expect(isMet(event(33.334), { spent: 1n, available })).toBe(false);
    const huge = 10n ** 30n;
    expect(isMet(event(80), { spent: (huge * 8n) / 10n, available: huge })).toBe(true);
    expect(isMet(event(80), { spent: (huge * 8n) / 10n - 1n, available: huge })).toBe(false);
  });

  it('is met by whatever is spent where there is nothing to spend, and never by nothing', () => {
    for (const available of [0n, -5n]) {
      expect(isMet(event(1_000), { spent: 1n, available })).toBe(true);
      for (const spent of [0n, -1n]) expect(isMet(event(0.001), { spent, available })).toBe(false);
      expect(percentOf({ spent: 1n, available })).toBeNull();
    }
  });

  it('is shown as crossed only where it is: a share is never rounded up', () => {
    expect(percentOf({ spent: 799_999n, available: 1_000_000n })).toBe(79.999);
    expect(percentOf({ spent: -1n, available: 3n })).toBe(-33.333);
    expect(
      crossed([event(90), event(80)], { spent: 0n, available: 100n }, { spent: 95n, available: 100n }),
    ).toEqual([event(80), event(90)]);
  });

  it('is crossed once however the same is spent in steps that only add', () => {
    const amounts = fc.array(fc.record({ index: fc.nat(5), spent: fc.bigInt({ min: 1n, max: 60n }) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(amounts, rollover, (steps, rule) => {
        const budget = terms({ rollover: rule, thresholds: [event(50), event(100), event(200)] });
        let all: readonly PeriodTotal[] = [];
        const told: string[] = [];
        for (const { index, spent } of steps) {
          const added = new Map([[index, spent]]);
          told.push(...crossingsOf(budget, all, added).map((one) => `${one.index} ${one.threshold.percent}`));
          all = withAdded(all, added);
        }
        const met = all.flatMap(({ index }) =>
          crossingsAt(budget, all, index).map((one) => `${one.index} ${one.threshold.percent}`),
        );
        expect(told.sort()).toEqual(met.sort());
      }),
    );
  });
});
