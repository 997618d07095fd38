import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import { DECIMALS_OF_CURRENCIES } from './currencies.js';
import { currencyCode, decimalsOf, formatAmount, MINOR_MAX, minorUnitsOf, parseAmount } from './money.js';
import type { CurrencyCode } from './money.js';

const CODES = [...DECIMALS_OF_CURRENCIES.keys()].map((code) => currencyCode(code));
const anyCurrency = fc.constantFrom(...CODES);
const anyMinor = fc.bigInt(0n, MINOR_MAX);

const refusal = (work: () => unknown): string => {
  try {
    return `no refusal: ${String(work())}`;
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.violations.map(({ pointer, code }) => `${pointer} ${code}`).join();
  }
};

describe('a currency', () => {
  it.each([
    ['EUR', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['CLF', 4],
    ['XCG', 2],
    // What engines that follow CLDR say otherwise:
    ['AFN', 2],
    ['HUF', 2],
    ['IQD', 3],
    ['UYW', 4],
  ])('%s has as many decimals as ISO 4217 gives it', (code, decimals) => {
    expect(decimalsOf(currencyCode(code))).toBe(decimals);
    expect(minorUnitsOf(currencyCode(code))).toBe(10n ** BigInt(decimals));
  });

  it.each(['XAU', 'XXX', 'XTS', 'ABC', 'eur', 'EURO', '', ' EUR', '€', '__proto__', 'constructor'])(
    'is not %j',
    (text) => expect(refusal(() => currencyCode(text, '/currency'))).toBe('/currency unknown_currency'),
  );
});

describe('an amount', () => {
  it.each([
    ['12.30', 'EUR', 1230n],
    ['0.00', 'EUR', 0n],
    ['0.07', 'EUR', 7n],
    ['12', 'JPY', 12n],
    ['0', 'JPY', 0n],
    ['1.234', 'KWD', 1234n],
    ['92233720368547758.07', 'EUR', MINOR_MAX],
    ['9223372036854775807', 'JPY', MINOR_MAX],
  ])('is read from %s %s', (text, code, minor) => {
    expect(parseAmount(text, currencyCode(code))).toBe(minor);
  });

  it.each([
    ['12.3', 'EUR', 'too_few_decimals'],
    ['12', 'EUR', 'too_few_decimals'],
    ['12.345', 'EUR', 'too_many_decimals'],
    ['12.0', 'JPY', 'too_many_decimals'],
    ['-12.30', 'EUR', 'negative_amount'],
    ['-0.00', 'EUR', 'negative_amount'],
    ['92233720368547758.08', 'EUR', 'too_large'],
    [`1${'0'.repeat(30)}.00`, 'EUR', 'too_large'],
    [`${'9'.repeat(1_000_000)}.00`, 'EUR', 'pattern'],
  ])('is not read from %j of %s', (text, code, reason) => {
    expect(refusal(() => parseAmount(text, currencyCode(code), '/limit'))).toBe(`/limit ${reason}`);
  });

  it.each([
    ...['', ' ', '+1.00', '1,00', '1.', '.50', '01.00', '00.10', '1e3', '1 000.00', '1_0.00', '0x10', '-'],
    ...['١.٠٠', '１.００', 'NaN', 'Infinity', '1.00\n', '1.00 ', '\u00001.00'],
  ])('is not what %j is', (text) => {
    expect(refusal(() => parseAmount(text, currencyCode('EUR')))).toBe('/amount pattern');
  });

  it('comes back from its text as it was, in every currency', () => {
    fc.assert(
      fc.property(anyCurrency, anyMinor, (currency, minor) => {
        const text = formatAmount({ minor, currency });
        expect(parseAmount(text, currency)).toBe(minor);
        expect(text.split('.')[1]?.length ?? 0).toBe(decimalsOf(currency));
      }),
    );
    for (const currency of CODES)
      for (const minor of [0n, 1n, 9n, 10n, 99n, 100n, 101n, 12_345n, MINOR_MAX])
        expect(parseAmount(formatAmount({ minor, currency }), currency)).toBe(minor);
  });

  it('has a text that says what the minor units are worth', () => {
    fc.assert(
      fc.property(anyCurrency, anyMinor, (currency, minor) => {
        const [whole = '', fraction = ''] = formatAmount({ minor, currency }).split('.');
        expect(BigInt(whole) * minorUnitsOf(currency) + BigInt(fraction || '0')).toBe(minor);
      }),
    );
  });

  it('is read from nothing but the one text that it has', () => {
    const anyText = fc.oneof(
      fc.string({ maxLength: 24 }),
      fc.string({ unit: fc.constantFrom(...'0123456789.-+e, '), maxLength: 24 }),
    );
    fc.assert(
      fc.property(anyCurrency, anyText, (currency, text) => {
        const read = refusal(() => parseAmount(text, currency));
        if (read.startsWith('no refusal'))
          expect(formatAmount({ minor: parseAmount(text, currency), currency })).toBe(text);
      }),
    );
  });
});

describe('a sum', () => {
  it('is shown to the last minor unit, below zero and beyond what is stored, too', () => {
    fc.assert(
      fc.property(anyCurrency, fc.bigInt(-(MINOR_MAX ** 2n), MINOR_MAX ** 2n), (currency, minor) => {
        const text = formatAmount({ minor, currency });
        expect(text.startsWith('-')).toBe(minor < 0n);
        expect(BigInt(text.replace('.', ''))).toBe(minor);
      }),
    );
  });

  it('is not shown in what was never checked', () => {
    expect(() => formatAmount({ minor: 1n, currency: 'abc' as CurrencyCode })).toThrow('never checked');
  });
});
