import fc from 'fast-check';
import { dateOf, dayNumber, isCalendarDate } from './calendar.js';
import { periodAt, periodIndexOf, PERIODS, periodsBefore } from './period.js';
import type { PeriodPlan } from './period.js';

const day = fc.integer({ min: dayNumber('0001-01-01'), max: dayNumber('9999-12-31') });
const date = day.map((number) => dateOf(number) ?? '');
const plan = fc
  .record({
    period: fc.constantFrom(...PERIODS),
    startDate: date,
    length: fc.option(fc.integer({ min: 1, max: 4_000 })),
  })
  .map(({ period, startDate, length }): PeriodPlan => ({
    ...{ period, startDate },
    endDate: length === null ? null : dateOf(dayNumber(startDate) + length),
  }));

describe('a calendar date', () => {
  it('is a day that exists, and its number is that of Date', () => {
    fc.assert(
      fc.property(day, (number) => {
        const text = dateOf(number) ?? '';
        expect(isCalendarDate(text)).toBe(true);
        expect(dayNumber(text)).toBe(number);
        expect(new Date(number * 86_400_000).toISOString().slice(0, 10)).toBe(text);
      }),
    );
  });

  it.each([
    '2026-02-29',
    '2026-02-30',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '0000-01-01',
    '2026-1-1',
    '2026-01-01T',
    '',
  ])('is not %j', (text) => expect(isCalendarDate(text)).toBe(false));

  it('is the 29th of February in a leap year', () => {
    for (const text of ['2024-02-29', '2000-02-29']) expect(isCalendarDate(text)).toBe(true);
  });
});

describe('the periods of a plan', () => {
  it('hold every day from the first to the last exactly once, in their order', () => {
    fc.assert(
      fc.property(plan, fc.integer({ min: 0, max: 5_000 }), (one, offset) => {
        const at = dateOf(dayNumber(one.startDate) + offset);
        fc.pre(at !== null);
        const index = periodIndexOf(one, at);
        const isCovered = one.endDate === null || at < one.endDate;
        expect(index !== null).toBe(isCovered);
        if (index === null) return;
        const { from, until } = periodAt(one, index);
        expect(from <= at && (until === null || at < until)).toBe(true);
        expect(periodIndexOf(one, from)).toBe(index);
        if (until !== null && until !== one.endDate) expect(periodAt(one, index + 1).from).toBe(until);
        if (until !== null) expect(periodsBefore(one, until)).toBe(index + 1);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never drift: a short month begins on its last day, the next one on the day of the first', () => {
    fc.assert(
      fc.property(
        date,
        fc.constantFrom('monthly', 'quarterly', 'yearly'),
        fc.nat(100),
        (startDate, period, index) => {
          fc.pre(startDate < '9900');
          const { from } = periodAt({ period, startDate, endDate: null }, index);
          const wanted = Number(startDate.slice(8));
          const next = dateOf(dayNumber(from) + 1) ?? '';
          const isLastOfMonth = next.slice(5, 7) !== from.slice(5, 7);
          expect(Number(from.slice(8)) === wanted || (Number(from.slice(8)) < wanted && isLastOfMonth)).toBe(
            true,
          );
        },
      ),
    );
    const starts = [0, 1, 2, 3, 13].map(
      (index) => periodAt({ period: 'monthly', startDate: '2023-01-31', endDate: null }, index).from,
    );
    expect(starts).toEqual(['2023-01-31', '2023-02-28', '2023-03-31', '2023-04-30', '2024-02-29']);
  });

  it('end with the budget, or go on beyond what has a name', () => {
    expect(periodAt({ period: 'yearly', startDate: '2024-02-29', endDate: '2025-01-01' }, 0)).toEqual({
      ...{ from: '2024-02-29', until: '2025-01-01' },
    });
    expect(periodAt({ period: 'once', startDate: '2024-02-29', endDate: null }, 0).until).toBeNull();
    expect(periodAt({ period: 'yearly', startDate: '9999-02-28', endDate: null }, 0).until).toBeNull();
  });
});
