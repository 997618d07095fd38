import fc from 'fast-check';
import { instantOf } from './instant.js';

describe('the instant of a text', () => {
  it('is that of the calendar, to the millisecond', () => {
    const dates = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(instantOf(date.toISOString())).toBe(date.getTime());
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['2026-05-01T12:00:00+02:00', Date.UTC(2026, 4, 1, 10)],
    ['2026-05-01T12:00:00-05:30', Date.UTC(2026, 4, 1, 17, 30)],
    ['2026-05-01t12:00:00z', Date.UTC(2026, 4, 1, 12)],
    ['2026-05-01 12:00:00Z', Date.UTC(2026, 4, 1, 12)],
    ['2026-05-01T12:00:00.5Z', Date.UTC(2026, 4, 1, 12, 0, 0, 500)],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29)],
  ])('of %s is as RFC 3339 says', (text, instant) => {
    expect(instantOf(text)).toBe(instant);
  });

  it.each([
    '',
    '2026-05-01',
    '2026-05-01T12:00:00',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:61Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00.Z',
    '1767225600000',
  ])('is none for %j', (text) => {
    expect(instantOf(text)).toBeNaN();
  });

  it('is a number that is one, and nothing else is', () => {
    expect(instantOf(1767225600000)).toBe(1767225600000);
    expect(instantOf(true)).toBeNaN();
    expect(instantOf({})).toBeNaN();
  });
});
