import { InvalidInput } from '#shared-kernel';
import type { Reading } from '#platform/http';
import { at } from '#platform/http';
import {
  currencyCode,
  decimalsOf,
  formatAmount,
  minorUnitsOf,
  MINOR_MAX,
  parseAmount,
} from '../domain/money.js';
import type { CurrencyCode } from '../domain/money.js';

/** What a body may say of an amount: its decimal text, or whole units and hundredths. */
export interface SentAmount {
  readonly amount?: unknown;
  readonly dollars?: unknown;
  readonly cents?: unknown;
}

/** Null where it could not be read; then it is noted why. */
export function readCurrency(value: unknown, pointer: string, reading: Reading): CurrencyCode | null {
  if (typeof value === 'string') return noting(reading, () => currencyCode(value, pointer));
  missing(value, pointer, reading);
  return null;
}

/**
 * The amount in minor units: `amount`, or `dollars` with `cents`, each at its place below the pointer. Null where it could
 * not be read, which is noted, and of no known currency.
 */
export function readAmount(
  sent: SentAmount,
  currency: CurrencyCode | null,
  pointer: string,
  reading: Reading,
): bigint | null {
  const { amount, dollars, cents } = sent;
  const isInParts = dollars !== undefined || cents !== undefined;
  if (isInParts && amount !== undefined) {
    reading.note('conflict', at(pointer, 'amount'), 'Send amount, or dollars and cents: not both.');
    return null;
  }
  if (isInParts) return readParts(sent, currency, pointer, reading);
  const place = at(pointer, 'amount');
  if (typeof amount !== 'string') {
    missing(amount, place, reading);
    return null;
  }
  return currency && noting(reading, () => parseAmount(amount, currency, place));
}

/** Absent cents are none; absent dollars too. */
function readParts(
  { dollars, cents }: SentAmount,
  currency: CurrencyCode | null,
  pointer: string,
  reading: Reading,
): bigint | null {
  const before = reading.violations.length;
  const whole = reading.whole(dollars === undefined ? 0 : dollars, at(pointer, 'dollars'));
  const hundredths = reading.whole(cents === undefined ? 0 : cents, at(pointer, 'cents'));
  if (whole < 0) reading.note('negative_amount', at(pointer, 'dollars'), 'An amount has no sign.');
  if (hundredths < 0) reading.note('negative_amount', at(pointer, 'cents'), 'An amount has no sign.');
  if (hundredths > 99) reading.note('too_large', at(pointer, 'cents'), 'There are at most 99 cents.');
  if (currency && decimalsOf(currency) !== 2) {
    const detail = `${currency} is not counted in hundredths: send amount.`;
    reading.note('not_in_cents', at(pointer, dollars === undefined ? 'cents' : 'dollars'), detail);
  }
  if (reading.violations.length > before || !currency) return null;
  const minor = BigInt(whole) * minorUnitsOf(currency) + BigInt(hundredths);
  if (minor <= MINOR_MAX) return minor;
  const most = formatAmount({ minor: MINOR_MAX, currency });
  reading.note('too_large', at(pointer, 'dollars'), `An amount of ${currency} is at most ${most}.`);
  return null;
}

/** A number in JSON has been through a double in many a client: it is not taken for money. */
function missing(value: unknown, pointer: string, reading: Reading): void {
  if (value === undefined) reading.note('required', pointer, 'It is required.');
  else reading.note('type', pointer, 'It must be a string, for example "12.34" or "EUR".');
}

function noting<T>(reading: Reading, read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    for (const { code, pointer, detail } of error.violations) reading.note(code, pointer, detail);
    return null;
  }
}
