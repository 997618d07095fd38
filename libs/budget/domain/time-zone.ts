import type { CalendarDate } from './item.js';

const NAME = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/;

const clocks = new Map<string, Intl.DateTimeFormat>();

/** True for a name of the IANA time zone database, `UTC` and older names included; an offset is none. */
export function isTimeZone(name: string): boolean {
  if (!NAME.test(name)) return false;
  try {
    clockOf(name);
    return true;
  } catch {
    return false;
  }
}

/** Which day it is there. */
export function dayIn(timeZone: string, instant: Date): CalendarDate {
  const parts = new Map(
    clockOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.get('year')?.padStart(4, '0')}-${parts.get('month')}-${parts.get('day')}`;
}

/** Each is some 100 µs to make; there are a few hundred of them, in a few spellings. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, calendar: 'gregory', numberingSystem: 'latn' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
  });
  if (clocks.size >= CLOCKS_MAX) clocks.clear();
  clocks.set(timeZone, clock);
  return clock;
}

const CLOCKS_MAX = 1_000;
