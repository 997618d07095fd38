const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];
const FRACTION_START = 19;
const ZERO = 48;

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const twoDigits = (text: string, at: number): number =>
  (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;

/** Days from 1970 to a date of the Gregorian calendar; NaN when there is no such day. */
function daysTo(year: number, month: number, day: number): number {
  const before = DAYS_BEFORE_MONTH[month - 1];
  const next = DAYS_BEFORE_MONTH[month];
  if (before === undefined || next === undefined) return NaN;
  const leapDay = isLeap(year) ? 1 : 0;
  if (day < 1 || day > next - before + (month === 2 ? leapDay : 0)) return NaN;
  const past = year - 1;
  const days = past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  return days + before + (month > 2 ? leapDay : 0) + day - 719_163; // As many days lie before 1970.
}

/** Milliseconds of the digits behind the point, and of the offset behind them. */
function remainder(text: string): number {
  let milliseconds = 0;
  let index = FRACTION_START;
  if (text[index] === '.') {
    let unit = 100;
    for (index++; text.charCodeAt(index) >= ZERO && text.charCodeAt(index) < ZERO + 10; index++, unit /= 10)
      milliseconds += (text.charCodeAt(index) - ZERO) * unit;
  }
  if (text.length - index === 1) return milliseconds;
  const hours = twoDigits(text, index + 1);
  const minutes = twoDigits(text, index + 4);
  if (hours > 23 || minutes > 59) return NaN;
  const offset = (hours * 60 + minutes) * 60_000;
  return milliseconds + (text[index] === '-' ? offset : -offset);
}

/**
 * Milliseconds since 1970 of an RFC 3339 date-time, or a number that is them already. NaN when it is neither.
 * The sixtieth second (a leap second) is the first of the next minute.
 */
export function instantOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !DATE_TIME.test(value)) return NaN;
  const year = twoDigits(value, 0) * 100 + twoDigits(value, 2);
  const hour = twoDigits(value, 11);
  const minute = twoDigits(value, 14);
  const second = twoDigits(value, 17);
  if (hour > 23 || minute > 59 || second > 60) return NaN;
  const days = daysTo(year, twoDigits(value, 5), twoDigits(value, 8));
  return ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + remainder(value);
}
