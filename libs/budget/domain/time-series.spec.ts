import fc from 'fast-check';
import { dateOf, dayNumber, LAST_DATE } from './calendar.js';
import { currencyCode } from './money.js';
import { beginningOf, INTERVALS, intervalsAfter, intervalsIn, seriesOf, spansOf } from './time-series.js';

const [FIRST, LAST] = [dayNumber('0001-01-01'), dayNumber(LAST_DATE)];
const day = fc.integer({ min: FIRST, max: LAST });
const interval = fc.constantFrom(...INTERVALS);
const dateAt = (at: number): string => dateOf(Math.min(at, LAST)) ?? LAST_DATE;
const span = fc.record({ at: day, days: fc.integer({ min: 1, max: 900 }) }).map(({ at, days }) => ({
  from: dateAt(at),
  until: dateOf(at + days),
}));

it('begins weeks on Monday, as ISO 8601 does, and months on their first day', () => {
  fc.assert(
    fc.property(day, (at) => {
      const week = dayNumber(beginningOf(dateAt(at), 'week'));
      expect(new Date(week * 86_400_000).getUTCDay()).toBe(1);
      expect(at - week).toBeGreaterThanOrEqual(0);
      expect(at - week).toBeLessThan(7);
    }),
  );
  expect(beginningOf('2026-12-31', 'month')).toBe('2026-12-01');
  expect(beginningOf('2027-01-01', 'week')).toBe('2026-12-28');
  expect(beginningOf('0001-01-03', 'week')).toBe('0001-01-01');
});

it('cuts a span into intervals without a gap, each as whole as the span lets it be', () => {
  fc.assert(
    fc.property(span, interval, (whole, of) => {
      const spans = spansOf(whole, of);
      expect(spans).toHaveLength(intervalsIn(whole, of));
      expect(spans.map(({ from }) => from)).toEqual([
        whole.from,
        ...spans.slice(0, -1).map(({ until }) => until),
      ]);
      expect(spans.at(-1)?.until).toBe(whole.until);
      for (const { from } of spans.slice(1)) expect(beginningOf(from, of)).toBe(from);
      for (const { from, until } of spans) {
        const last = until === null ? LAST_DATE : dateAt(dayNumber(until) - 1);
        expect(beginningOf(last, of)).toBe(beginningOf(from, of));
      }
    }),
  );
});

it('has no interval of a span that ends before it begins', () => {
  expect(spansOf({ from: '2026-01-02', until: '2026-01-02' }, 'day')).toEqual([]);
  expect(spansOf({ from: '2026-01-02', until: '2025-01-02' }, 'month')).toEqual([]);
});

it('ends where the calendar does', () => {
  expect(spansOf({ from: '9999-12-30', until: null }, 'week')).toEqual([{ from: '9999-12-30', until: null }]);
  expect(intervalsAfter('9999-12-01', 1, 'month')).toBeNull();
  expect(intervalsAfter('0001-01-08', -5, 'week')).toBe('0001-01-01');
});

it('fills every interval of every currency, and puts what is known in its place', () => {
  const [euro, yen] = [currencyCode('EUR'), currencyCode('JPY')];
  const spans = spansOf({ from: '2026-01-07', until: '2026-01-14' }, 'week');
  const sums = [{ currency: yen, from: '2026-01-05', inflow: 3n, outflow: 2n, count: 2 }];
  const zero = { inflow: 0n, outflow: 0n, count: 0 };
  const [first, second] = spans;
  expect(seriesOf({ spans, interval: 'week' }, [euro], sums)).toEqual([
    {
      currency: euro,
      spans: [
        { ...first, ...zero },
        { ...second, ...zero },
      ],
    },
    {
      currency: yen,
      spans: [
        { ...first, inflow: 3n, outflow: 2n, count: 2 },
        { ...second, ...zero },
      ],
    },
  ]);
});
