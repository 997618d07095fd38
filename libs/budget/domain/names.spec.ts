import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import { checkedName, nameKey } from './names.js';

const anyText = fc.string({ unit: 'grapheme', maxLength: 40 });

describe('a name', () => {
  it.each([
    ['Corner Grocery', 'corner  GROCERY'],
    ['Groß', 'GROSS'],
    ['Café', 'Cafe\u0301'],
    ['ΟΔΟΣ', 'οδός'.normalize('NFD').replaceAll('\u0301', '')],
    ['a\u00a0b', ' A b '],
  ])('%j is the same as %j', (one, other) => expect(nameKey(one)).toBe(nameKey(other)));

  it.each([
    ['Müller', 'Muller'],
    ['a b', 'ab'],
    ['shop 1', 'shop 2'],
  ])('%j is another one than %j', (one, other) => expect(nameKey(one)).not.toBe(nameKey(other)));

  it('has a key that is its own key, whatever the case and the white space around', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        fc.pre(!text.normalize('NFD').includes('\u0345')); // A large one is a letter, which accents after it belong to.
        const key = nameKey(text);
        expect(nameKey(key)).toBe(key);
        expect(nameKey(`  ${text}\t`)).toBe(key);
        expect(nameKey(text.toUpperCase())).toBe(key);
      }),
      { examples: [['ῒ'], ['ẞ']] },
    );
  });

  it('has a key that an index takes, whatever the characters', () => {
    const widest = fc.constantFrom('\u{1d160}', '\u0390', 'ﬃ', 'ß', '😀', 'ΐ', 'İ', '㎢');
    fc.assert(
      fc.property(fc.array(widest, { minLength: 1, maxLength: 200 }), (characters) => {
        expect(Buffer.byteLength(nameKey(checkedName(characters.join(''))))).toBeLessThan(2_500);
      }),
    );
  });

  it.each(['', ' \u2003', 'x'.repeat(201), 'a\nb', 'a\u0007'])('is not %j', (text) => {
    expect(() => checkedName(text)).toThrow(InvalidInput);
  });

  it('loses the white space at its ends, and nothing else', () => {
    expect(checkedName('  a  b ')).toBe('a  b');
    expect(checkedName('😀'.repeat(200))).toHaveLength(400);
  });
});
