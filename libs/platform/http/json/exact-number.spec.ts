import fc from 'fast-check';
import { isExactNumber } from './exact-number.js';

/** The same question asked of whole numbers of any size, by cross-multiplication. */
function denoteTheSame(one: string, other: string): boolean {
  const fractionOf = (text: string): readonly [bigint, bigint] => {
    const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
    const [whole = '', decimals = ''] = mantissa.split('.');
    const shift = Number(power) - decimals.length;
    const digits = BigInt(whole.replace('-', '') + decimals) * (whole.startsWith('-') ? -1n : 1n);
    return shift < 0 ? [digits, 10n ** BigInt(-shift)] : [digits * 10n ** BigInt(shift), 1n];
  };
  const [a, b] = fractionOf(one);
  const [c, d] = fractionOf(other);
  return a * d === c * b;
}

const survives = (text: string): boolean =>
  Number.isFinite(Number(text)) && denoteTheSame(text, String(Number(text)));

/** A number as JSON allows to write it, rarely the shortest way. */
const numberText = fc.stringMatching(/^-?(0|[1-9]\d{0,21})(\.\d{1,22})?([eE][+-]?\d{1,3})?$/);

describe('A number that a double carries', () => {
  // prettier-ignore
  it.each([
    '0', '-0', '0.0', '0e5', '-0.00e-999', '0e999999999999999999999',
    '1', '1.0', '1.10', '0.1', '100', '1e2', '1.0E+2', '10e-1', '0.000001', '1e-7', '123.456e3',
    '9007199254740991', '9007199254740992', '9007199254740994', '-9007199254740992', '123456789012345680000',
    '1e21', '1e22', '1e23', '1.7976931348623157e308', '17976931348623157e292', '5e-324', '2.2250738585072014e-308',
    '0.30000000000000004', '3.141592653589793', '10000000000000000000000000000000000e-34',
  ])('%s', (text) => {
    expect(isExactNumber(text)).toBe(true);
  });
});

describe('A number that a double does not carry', () => {
  // prettier-ignore
  it.each([
    '9007199254740993', '-9007199254740993', '9007199254740992.5', '12345678901234567890', '18446744073709551616',
    '0.1000000000000000055511151231257827', '0.30000000000000001', '3.14159265358979323846', '1.00000000000000000001',
    '1e309', '1e400', '-1e400', '1.7976931348623159e308', '1e99999999999999999999999',
    '1e-324', '1e-400', '-1e-400', '4e-324', '4.94e-324', '1e-99999999999999999999999', '2.2250738585072011e-308',
    '10000000000000000000000000000000001', '0.10000000000000000000000000000000001',
  ])('%s', (text) => {
    expect(isExactNumber(text)).toBe(false);
  });
});

it('carries whatever JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) =>
      isExactNumber(JSON.stringify(number)),
    ),
  );
});

it('carries every decimal number of up to 15 digits', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer({ min: -100, max: 100 }), (integer, power) =>
      isExactNumber(`${integer % 1e15}e${power}`),
    ),
  );
});

it('carries a number exactly when its shortest form denotes the same, however it is written', () => {
  fc.assert(
    fc.property(numberText, (text) => expect(isExactNumber(text)).toBe(survives(text))),
    { numRuns: 2000 },
  );
});

it('decides rightly next to doubles, where it is closest', () => {
  const longer = fc
    .tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.stringMatching(/^\d{1,4}$/))
    .map(([double, more]) => {
      const [mantissa = '', power = '0'] = String(double).split('e');
      return `${mantissa}${mantissa.includes('.') ? '' : '.'}${more}e${power}`;
    });
  fc.assert(fc.property(longer, (text) => expect(isExactNumber(text)).toBe(survives(text))));
});

it('takes a million digits in its stride', () => {
  expect(isExactNumber('1'.repeat(1_000_000))).toBe(false);
  expect(isExactNumber('9'.repeat(400))).toBe(false);
  expect(isExactNumber(`0.1${'0'.repeat(1_000_000)}1`)).toBe(false);
  expect(isExactNumber(`1${'0'.repeat(1_000_000)}e-1000000`)).toBe(true);
  expect(isExactNumber(`0.${'0'.repeat(1_000_000)}1e1000001`)).toBe(true);
});
