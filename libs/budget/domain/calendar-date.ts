import { InvalidInput } from '#shared-kernel';

/** A day of the proleptic Gregorian calendar, `2026-05-01`, of the years 0001 to 9999: no time, no zone. */
export type CalendarDate = string;

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** True for a day that the calendar has. */
export function isCalendarDate(text: string): boolean {
  const [, year = '', month = '', day = ''] = SHAPE.exec(text) ?? [];
  return Number(year) > 0 && Number(day) > 0 && Number(day) <= daysOf(Number(year), Number(month));
}

/** @throws InvalidInput */
export function calendarDate(text: string, pointer: string): CalendarDate {
  if (isCalendarDate(text)) return text;
  throw InvalidInput.at(pointer, 'date', NO_DATE);
}

export const NO_DATE = 'It must be a day of the calendar, for example 2026-05-01.';

/** Of a month that there is not: none. */
const daysOf = (year: number, month: number): number =>
  (DAYS[month - 1] ?? 0) + (month === 2 && isLeap(year) ? 1 : 0);

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
