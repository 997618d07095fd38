import { InvalidInput } from '#shared-kernel';
import type { Flow } from './item.js';
import { decimalsOf, parseAmount } from './money.js';
import type { CurrencyCode } from './money.js';

/** Which way how much went. */
export interface SignedAmount {
  readonly amount: bigint;
  readonly flow: Flow;
}

const PLAIN = /^([+-]?)(\d{1,30})(?:[.,](\d{1,30}))?$/;
const GROUPED = /^([+-]?)(\d{1,3}(?:([,.' \u00A0\u202F])\d{3})(?:\3\d{3})*)(?:([.,])(\d{1,30}))?$/;
const POINTER = '/amount';

/**
 * An amount as files have it: with a sign, a point or a comma before the decimals, and as many decimals as it takes.
 * Exactly what is written, or a refusal: nothing is rounded.
 * @throws InvalidInput
 */
export function readSigned(text: string, currency: CurrencyCode): SignedAmount {
  const [, sign = '', whole, fraction = ''] = PLAIN.exec(text.trim()) ?? [];
  if (whole === undefined) throw unreadable(currency);
  return signed(sign, whole, fraction, currency);
}

/**
 * The same where thousands may be parted. What could be a thousand or three decimals is taken for what the currency has,
 * and refused where it has three.
 * @throws InvalidInput
 */
export function readGrouped(text: string, currency: CurrencyCode): SignedAmount {
  const trimmed = text.trim();
  const [, sign = '', grouped, separator, point, fraction = ''] = GROUPED.exec(trimmed) ?? [];
  if (grouped === undefined || separator === undefined || separator === point)
    return readSigned(trimmed, currency);
  const groups = grouped.split(separator);
  const mayBeDecimals = point === undefined && groups.length === 2 && /[.,]/.test(separator);
  if (mayBeDecimals && decimalsOf(currency) >= 3) {
    const detail = `"${trimmed}" of ${currency} may be thousands or decimals.`;
    throw InvalidInput.at(POINTER, 'ambiguous_amount', detail);
  }
  if (mayBeDecimals && separator === '.') return readSigned(trimmed, currency);
  return signed(sign, groups.join(''), fraction, currency);
}

/** Zeros that say nothing are left out, and those that the currency has are put in. */
function signed(sign: string, whole: string, fraction: string, currency: CurrencyCode): SignedAmount {
  const decimals = decimalsOf(currency);
  const digits = whole.replace(/^0+(?=\d)/, '');
  const significant = fraction.slice(0, decimals) + fraction.slice(decimals).replace(/0+$/, '');
  const written = significant.padEnd(decimals, '0');
  const text = written === '' ? digits : `${digits}.${written}`;
  const amount = parseAmount(text, currency, POINTER);
  return { amount, flow: sign === '-' ? 'outflow' : 'inflow' };
}

const unreadable = (currency: CurrencyCode): InvalidInput =>
  InvalidInput.at(POINTER, 'pattern', `An amount of ${currency} is a number such as "-12.34".`);
