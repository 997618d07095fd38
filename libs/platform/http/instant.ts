import { InvalidInput } from '#shared-kernel';

const DATE = /^(\d{4})-(\d{2})-(\d{2})/;
const FIRST = Date.parse('0001-01-01T00:00:00Z');
const AFTER_LAST = Date.parse('+010000-01-01T00:00:00Z');

/**
 * A time of the wire as an instant of the years 1 to 9999 in UTC; its form was checked by the DTO, that it exists is
 * checked here.
 * @throws InvalidInput
 */
export function toInstant(text: string, pointer: string): Date {
  const instant = new Date(text.toUpperCase());
  const milliseconds = instant.getTime();
  if (!isDayOfCalendar(text) || !(milliseconds >= FIRST && milliseconds < AFTER_LAST)) {
    throw InvalidInput.at(pointer, 'pattern', 'There is no such instant in the years 0001 to 9999.');
  }
  return instant;
}

/** Absent stays absent, null stays null. */
export function toInstantOrNull<T extends null | undefined>(text: string | T, pointer: string): Date | T {
  return typeof text === 'string' ? toInstant(text, pointer) : text;
}

/** JavaScript takes the 30th of February for the 2nd of March. */
function isDayOfCalendar(text: string): boolean {
  const [, year, month, day] = DATE.exec(text) ?? [];
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}
