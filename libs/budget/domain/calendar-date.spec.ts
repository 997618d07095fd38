import fc from 'fast-check';
import { calendarDate, isCalendarDate } from './calendar-date.js';

describe('a day of the calendar', () => {
  it.each(['2026-05-01', '0001-01-01', '9999-12-31', '2024-02-29', '2000-02-29', '2026-12-31'])(
    'is %s',
    (text) => {
      expect(calendarDate(text, '/day')).toBe(text);
    },
  );

  it.each([
    ...['', '2026-02-30', '2026-02-29', '1900-02-29', '2026-04-31', '2026-00-01', '2026-13-01', '2026-01-00'],
    ...['0000-01-01', '10000-01-01', '2026-5-1', '2026-05-01T00:00:00Z', ' 2026-05-01', '2026-05-01\n', '٢٠٢٦-٠٥-٠١'],
  ])('is not %j', (text) => {
    expect(() => calendarDate(text, '/day')).toThrow(
      expect.objectContaining({ violations: [expect.objectContaining({ pointer: '/day', code: 'date' })] }),
    );
  });

  it('is what the calendar of the platform has, and nothing else', () => {
    const part = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(part(9_999), part(13), part(32), (year, month, day) => {
        const text = [String(year).padStart(4, '0'), ...[month, day].map((n) => String(n).padStart(2, '0'))].join('-');
        const instant = new Date(`${text}T00:00:00Z`);
        const isThere = year > 0 && !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
        expect(isCalendarDate(text)).toBe(isThere);
      }),
    );
  });
});
