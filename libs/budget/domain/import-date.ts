import { isCalendarDate } from './calendar.js';
import type { CalendarDate } from './calendar.js';
import type { DateFormat } from './import-record.js';

/** Beyond it two digits are a year of the last century. */
const PIVOT = 70;
const PARTS = /^(\d{1,4})\s*[-/.]\s*(\d{1,2})\s*([-/.']|'\s*)\s*(\d{1,4})$/;

interface Written {
  readonly first: string;
  readonly second: string;
  readonly third: string;
  /** After an apostrophe, as Quicken writes the years from 2000 on. */
  readonly isRecent: boolean;
}

/** A day as people and banks write it, in this order; null: it is none. A year first is always a year. */
export function readDay(text: string, format: DateFormat): CalendarDate | null {
  const written = partsOf(text);
  if (!written) return null;
  const { first, second, third } = written;
  if (first.length === 4) return dateOf(first, second, third);
  if (format === 'YYYY-MM-DD') return null;
  const year = yearOf(written);
  return format === 'MM/DD/YYYY' ? dateOf(year, first, second) : dateOf(year, second, first);
}

/**
 * The one order in which all of these can be days; null where several can, and they would not be the same days. Where
 * none can, the one that most of them fit.
 */
export function formatOf(texts: readonly string[]): DateFormat | null {
  let months = 0;
  let days = 0;
  let open = 0;
  for (const text of texts) {
    const written = partsOf(text);
    if (!written || written.first.length === 4) continue;
    const [first, second] = [Number(written.first), Number(written.second)];
    if (first > 12 && second <= 12) days += 1;
    else if (second > 12 && first <= 12) months += 1;
    else if (first !== second) open += 1;
  }
  if (months === 0 && days === 0) return open === 0 ? 'MM/DD/YYYY' : null;
  return days > months ? 'DD/MM/YYYY' : 'MM/DD/YYYY';
}

function partsOf(text: string): Written | null {
  const [, first, second, separator, third] = PARTS.exec(text.trim()) ?? [];
  if (first === undefined || second === undefined || third === undefined) return null;
  return { first, second, third, isRecent: separator?.startsWith("'") ?? false };
}

function yearOf({ third, isRecent }: Written): string {
  if (third.length > 2) return third;
  const number = Number(third);
  return String((isRecent || number < PIVOT ? 2000 : 1900) + number);
}

function dateOf(year: string, month: string, day: string): CalendarDate | null {
  const date = `${year.padStart(4, '0')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isCalendarDate(date) ? date : null;
}
