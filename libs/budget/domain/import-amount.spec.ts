import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import { DECIMALS_OF_CURRENCIES } from './currencies.js';
import { readGrouped, readSigned } from './import-amount.js';
import type { SignedAmount } from './import-amount.js';
import { formatAmount, MINOR_MAX } from './money.js';
import type { CurrencyCode } from './money.js';

const currency = fc.constantFrom(...DECIMALS_OF_CURRENCIES.keys()) as fc.Arbitrary<CurrencyCode>;
const minor = fc.bigInt({ min: 0n, max: MINOR_MAX });

const tried = (read: () => SignedAmount): string => {
  try {
    const { amount, flow } = read();
    return `${flow === 'outflow' ? '-' : '+'}${amount}`;
  } catch (error) {
    if (error instanceof InvalidInput) return error.violations.map(({ code }) => code).join();
    throw error;
  }
};

it('reads what was written, with whatever sign, point and zeros', () => {
  fc.assert(
    fc.property(
      currency,
      minor,
      fc.constantFrom('+', '-', ''),
      fc.boolean(),
      (code, amount, sign, hasComma) => {
        const text = formatAmount({ minor: amount, currency: code });
        const spare = text.includes('.') ? `${text}00` : `${text}.00`;
        const expected = `${sign === '-' ? '-' : '+'}${amount}`;
        for (const plain of [text, spare, text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')]) {
          const written = sign + (hasComma ? plain.replace('.', ',') : plain);
          expect(tried(() => readSigned(written, code))).toBe(expected);
        }
      },
    ),
  );
});

it('reads thousands, and rounds nothing', () => {
  fc.assert(
    fc.property(
      minor,
      fc.constantFrom([',', '.'], ['.', ','], [' ', ','], ["'", '.']),
      (amount, [by, point]) => {
        const [whole = '', cents = ''] = formatAmount({
          minor: amount,
          currency: 'USD' as CurrencyCode,
        }).split('.');
        const text = `-${whole.replaceAll(/\B(?=(\d{3})+$)/g, by ?? '')}${point}${cents}`;
        expect(tried(() => readGrouped(text, 'USD' as CurrencyCode))).toBe(`-${amount}`);
      },
    ),
  );
});

it.each([
  ['1,234', 'USD', '+123400'],
  ['1.234', 'USD', 'too_many_decimals'],
  ['1,234', 'KWD', 'ambiguous_amount'],
  ['1,234.5', 'KWD', '+1234500'],
  ['1,234,567', 'JPY', '+1234567'],
  ['1,23,456', 'USD', 'pattern'],
  ['1.2.3', 'USD', 'pattern'],
  ['1e3', 'USD', 'pattern'],
  ['', 'USD', 'pattern'],
  ['--1', 'USD', 'pattern'],
  ['100.00', 'JPY', '+100'],
  ['100.01', 'JPY', 'too_many_decimals'],
  ['92233720368547758.08', 'USD', 'too_large'],
])('%j of %s is %s', (text, code, expected) => {
  expect(tried(() => readGrouped(text, code as CurrencyCode))).toBe(expected);
});
