import { InvalidInput } from '#shared-kernel';
import type { Brand } from '#shared-kernel';
import { DECIMALS_OF_CURRENCIES } from './currencies.js';

/** An alphabetic code of ISO 4217, for example `EUR`. */
export type CurrencyCode = Brand<string, 'CurrencyCode'>;

/** An amount of one currency, in its minor units. */
export interface Money {
  readonly minor: bigint;
  readonly currency: CurrencyCode;
}

/** What a column of PostgreSQL's bigint holds: every amount that is stored is at most this, in minor units. */
export const MINOR_MAX = 9_223_372_036_854_775_807n;

const DECIMAL = /^(0|[1-9]\d*)(?:\.(\d+))?$/;

/** Longer than every amount there can be, so that nobody makes us read a number of a million digits. */
const AMOUNT_LENGTH_MAX = 40;

/** Only in capital letters, as ISO writes them. @throws InvalidInput */
export function currencyCode(text: string, pointer: string = '/currency'): CurrencyCode {
  if (DECIMALS_OF_CURRENCIES.has(text)) return text as CurrencyCode;
  const isLowerCase = DECIMALS_OF_CURRENCIES.has(text.toUpperCase());
  const detail = isLowerCase
    ? `A currency is written in capital letters: ${text.toUpperCase()}.`
    : 'A currency is a code of ISO 4217 that has a minor unit, for example EUR.';
  throw InvalidInput.at(pointer, 'unknown_currency', detail);
}

/** How many decimals an amount of the currency has, 0 to 4. */
export function decimalsOf(currency: CurrencyCode): number {
  const decimals = DECIMALS_OF_CURRENCIES.get(currency);
  if (decimals === undefined) throw new Error(`${currency} was never checked.`);
  return decimals;
}

/** How many minor units make one unit: 100 of EUR, 1 of JPY, 1000 of KWD. */
export const minorUnitsOf = (currency: CurrencyCode): bigint => 10n ** BigInt(decimalsOf(currency));

/**
 * An amount from its decimal text with exactly the currency's number of decimals: `12.30` of EUR, `12` of JPY. It has no
 * sign, no exponent, no grouping and no leading zeros; it may be 0.
 * @throws InvalidInput
 */
export function parseAmount(text: string, currency: CurrencyCode, pointer: string = '/amount'): bigint {
  const decimals = decimalsOf(currency);
  const example = decimals === 0 ? '12' : `12.${'3400'.slice(0, decimals)}`;
  if (/^-[\d.]/.test(text)) {
    const detail = 'An amount has no sign: which way money goes is told by itself.';
    throw InvalidInput.at(pointer, 'negative_amount', detail);
  }
  const [matched, whole = '', fraction = ''] =
    (text.length > AMOUNT_LENGTH_MAX ? null : DECIMAL.exec(text)) ?? [];
  if (matched === undefined) {
    const detail = `An amount of ${currency} is a decimal text such as "${example}".`;
    throw InvalidInput.at(pointer, 'pattern', detail);
  }
  const exact = `An amount of ${currency} has exactly ${decimals} decimals, as "${example}" has.`;
  if (fraction.length > decimals) throw InvalidInput.at(pointer, 'too_many_decimals', exact);
  if (fraction.length < decimals) throw InvalidInput.at(pointer, 'too_few_decimals', exact);
  const minor = BigInt(whole + fraction);
  if (minor <= MINOR_MAX) return minor;
  const most = formatAmount({ minor: MINOR_MAX, currency });
  throw InvalidInput.at(pointer, 'too_large', `An amount of ${currency} is at most ${most}.`);
}

/** The decimal text with exactly the currency's number of decimals; below zero, as a sum can be, with a minus before it. */
export function formatAmount({ minor, currency }: Money): string {
  const decimals = decimalsOf(currency);
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, '0');
  const cut = digits.length - decimals;
  const text = decimals === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return minor < 0n ? `-${text}` : text;
}
