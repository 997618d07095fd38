/** A day of the proleptic Gregorian calendar, `2026-05-01`: no time, no zone. */
export type CalendarDate = string;

/** Days since 1970-01-01: dates are reckoned with as numbers, and no zone comes into it. */
export type DayNumber = number;

/** The parts of a date; the month is 1..12. */
export interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const MS_PER_DAY = 86_400_000;
const YEAR_MAX = 9_999;
const MONTHS_PER_YEAR = 12;

/** The last day that has a name of four digits. */
export const LAST_DATE: CalendarDate = '9999-12-31';

/** True for a day that exists, of the years 0001 to 9999. */
export function isCalendarDate(text: string): boolean {
  const parts = DATE.exec(text);
  if (!parts) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return (
    year >= 1 && month >= 1 && month <= MONTHS_PER_YEAR && day >= 1 && day <= daysInMonth({ year, month })
  );
}

/** Of a date that exists. */
export const partsOf = (date: CalendarDate): DateParts => ({
  year: Number(date.slice(0, 4)),
  month: Number(date.slice(5, 7)),
  day: Number(date.slice(8, 10)),
});

export function dayNumber(date: CalendarDate): DayNumber {
  return dayNumberOf(partsOf(date));
}

export function dayNumberOf({ year, month, day }: DateParts): DayNumber {
  const instant = new Date(0);
  instant.setUTCFullYear(year, month - 1, day); // Date.UTC takes the years 0 to 99 for those of the last century.
  return instant.getTime() / MS_PER_DAY;
}

/** Null for a day after the year 9999. */
export function dateOf(day: DayNumber): CalendarDate | null {
  const instant = new Date(day * MS_PER_DAY);
  const year = instant.getUTCFullYear();
  if (year > YEAR_MAX) return null;
  const [month, date] = [instant.getUTCMonth() + 1, instant.getUTCDate()];
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(date, 2)}`;
}

/** The same day so many months later, or the last day of a month that is too short for it. */
export function monthsAfter({ year, month, day }: DateParts, months: number): DateParts {
  const index = year * MONTHS_PER_YEAR + (month - 1) + months;
  const later = { year: Math.floor(index / MONTHS_PER_YEAR), month: (index % MONTHS_PER_YEAR) + 1 };
  return { ...later, day: Math.min(day, daysInMonth(later)) };
}

export function daysInMonth({ year, month }: Omit<DateParts, 'day'>): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const padded = (number: number, digits: number): string => String(number).padStart(digits, '0');
