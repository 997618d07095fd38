import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import { normalTag, sameTags, tags } from './tags.js';

/** Words that are a tag once they are trimmed. */
const word = fc
  .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 100 })
  .filter((text) => text.trim() !== '' && !text.includes(','));
const words = fc.array(word, { maxLength: 50 });

const violationsOf = (texts: readonly string[]): unknown => {
  try {
    return tags(texts);
  } catch (error) {
    return (error as InvalidInput).violations;
  }
};

describe('tags', () => {
  it('are trimmed, in lower case, and in the order given', () => {
    expect(tags(['  Zebra', 'apple ', '\tMIXED case\n'])).toEqual(['zebra', 'apple', 'mixed case']);
  });

  it('are there once each, where they stood first', () => {
    expect(tags(['b', 'A', ' a', 'B', 'c'])).toEqual(['b', 'a', 'c']);
  });

  it('may be none', () => {
    expect(tags([])).toEqual([]);
  });

  it('stay as they are when read once more', () => {
    fc.assert(fc.property(words, (texts) => expect(tags(tags(texts))).toEqual(tags(texts))));
  });

  it('hold each word that was given, and nothing else', () => {
    fc.assert(
      fc.property(words, (texts) => {
        expect(new Set(tags(texts))).toEqual(new Set(texts.map(normalTag)));
        expect(new Set(tags(texts)).size).toBe(tags(texts).length);
      }),
    );
  });

  it('have 1 to 100 characters, and each that has not is named', () => {
    const longest = 'x'.repeat(100);
    expect(tags([`  ${longest}  `])).toEqual([longest]);
    const detail = 'A tag has 1 to 100 characters.';
    expect(violationsOf(['fine', ' \t', 'fine', `${longest}x`])).toEqual([
      { pointer: '/tags/1', code: 'length', detail },
      { pointer: '/tags/3', code: 'length', detail },
    ]);
  });

  it('have no comma, because a filter takes it for the end of a tag', () => {
    expect(violationsOf(['a,b', 'c'])).toMatchObject([{ pointer: '/tags/0', code: 'pattern' }]);
  });

  it('are measured in characters, whatever they are encoded as', () => {
    expect(tags(['\u{1F600}'.repeat(100)])).toHaveLength(1);
    expect(violationsOf(['\u{1F600}'.repeat(101)])).toMatchObject([{ pointer: '/tags/0', code: 'length' }]);
  });

  it('are 50 at most, counted after the same ones became one', () => {
    const fifty = Array.from({ length: 50 }, (_, index) => `tag-${index}`);
    expect(tags([...fifty, 'TAG-0', ' tag-49 '])).toEqual(fifty);
    expect(violationsOf([...fifty, 'one more'])).toEqual([
      { pointer: '/tags', code: 'too_many', detail: 'An entry has at most 50 tags.' },
    ]);
  });
});

describe('sameTags', () => {
  it('is true of the same words in the same order alone', () => {
    expect(sameTags([], [])).toBe(true);
    expect(sameTags(['a', 'b'], ['a', 'b'])).toBe(true);
    expect(sameTags(['a', 'b'], ['b', 'a'])).toBe(false);
    expect(sameTags(['a'], ['a', 'b'])).toBe(false);
    expect(sameTags(['a', 'b'], ['a'])).toBe(false);
  });

  it('agrees with what JSON says of two lists', () => {
    const few = fc.array(fc.constantFrom('a', 'b'), { maxLength: 3 });
    fc.assert(
      fc.property(few, few, (a, b) => expect(sameTags(a, b)).toBe(JSON.stringify(a) === JSON.stringify(b))),
    );
  });
});
