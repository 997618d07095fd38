import fc from 'fast-check';
import { Conditions, containsPattern, foldCase, prefixEnd } from './conditions.js';

/** As PostgreSQL compares with collation "C": by the bytes of UTF-8. */
const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
/** Text as PostgreSQL can hold it: whole code points, no NUL. */
const text = fc.string({ unit: 'binary' }).map((each) => each.replaceAll('\0', ''));

describe('Conditions', () => {
  it('is true where nothing is asked', () => {
    const where = new Conditions();
    expect(where.text).toBe('true');
    expect(where.values).toEqual([]);
  });

  it('joins by AND and numbers the values in the order in which they are bound', () => {
    const where = new Conditions().and('a = ?', 1).raw('b is null').and('c between ? and ?', 2, 3);
    expect(where.text).toBe('a = $1 and b is null and c between $2 and $3');
    expect(where.values).toEqual([1, 2, 3]);
  });

  it('never writes a value into the text', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (values) => {
        const where = new Conditions();
        for (const value of values) where.and('a = ?', value);
        const expected = values.map((_, index) => `a = $${index + 1}`).join(' and ');
        expect(where.text).toBe(expected === '' ? 'true' : expected);
        expect(where.values).toEqual(values);
      }),
    );
  });

  it('leaves out what was not given, and keeps what is false, zero or empty', () => {
    const where = new Conditions();
    for (const value of [undefined, null]) where.when(value, (self, given) => self.and('absent = ?', given));
    for (const value of [false, 0, '']) where.when(value, (self, given) => self.and('given = ?', given));
    expect(where.text).toBe('given = $1 and given = $2 and given = $3');
    expect(where.values).toEqual([false, 0, '']);
  });

  it('copies so that neither changes the other', () => {
    const original = new Conditions().and('a = ?', 1);
    const copy = original.copy().and('b = ?', 2);
    original.and('c = ?', 3);
    expect([copy.text, copy.values]).toEqual(['a = $1 and b = $2', [1, 2]]);
    expect([original.text, original.values]).toEqual(['a = $1 and c = $2', [1, 3]]);
  });

  it('hands out its values so that nobody can change them', () => {
    const where = new Conditions().and('a = ?', 1);
    where.values.push('planted');
    expect(where.values).toEqual([1]);
  });
});

describe('prefixEnd', () => {
  it('parts exactly what has the prefix from what comes after it', () => {
    fc.assert(
      fc.property(text, text, (prefix, other) => {
        const end = prefixEnd(prefix);
        const isInRange = compare(other, prefix) >= 0 && (end === null || compare(other, end) < 0);
        expect(isInRange).toBe(other.startsWith(prefix));
      }),
    );
  });

  it('holds everything that begins with the prefix', () => {
    fc.assert(
      fc.property(text, text, (prefix, rest) => {
        const end = prefixEnd(prefix);
        expect(compare(prefix + rest, prefix)).toBeGreaterThanOrEqual(0);
        expect(end === null || compare(prefix + rest, end) < 0).toBe(true);
      }),
    );
  });

  it.each([
    ['app', 'apq'],
    ['a\u{10ffff}', 'b'],
    ['a\u{10ffff}\u{10ffff}', 'b'],
    ['a\ud7ff', 'a\ue000'],
    ['caf\u00e9', 'caf\u00ea'],
  ])('steps over what is no character: %j ends before %j', (prefix, end) => {
    expect(prefixEnd(prefix)).toBe(end);
  });

  it.each(['', '\u{10ffff}', '\u{10ffff}\u{10ffff}'])('has no end for %j', (prefix) => {
    expect(prefixEnd(prefix)).toBeNull();
  });
});

describe('foldCase', () => {
  it('makes of a part what it makes of the whole, whatever stands around it', () => {
    const letters = fc.string({ unit: fc.constantFrom('Σ', 'σ', 'ς', 'Ο', 'İ', 'ß', 'a', ' ', '.') });
    fc.assert(
      fc.property(letters, letters, letters, (before, text, after) => {
        expect(foldCase(before + text + after)).toBe(foldCase(before) + foldCase(text) + foldCase(after));
      }),
    );
  });
});

describe('containsPattern', () => {
  /** What LIKE makes of a pattern, with its default escape. */
  const like = (value: string, pattern: string): boolean => {
    const source = pattern.replaceAll(/\\(.)|%|_|[^\\%_]/gsu, (part, escaped: string | undefined) => {
      if (part === '%') return '.*';
      if (part === '_') return '.';
      return (escaped ?? part).replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
    });
    return new RegExp(`^${source}$`, 's').test(value);
  };

  it.each([
    ['100%', '%100\\%%'],
    ['a_b', '%a\\_b%'],
    ['c:\\dir', '%c:\\\\dir%'],
    ['Straße', '%straße%'],
    ['', '%%'],
  ])('takes %j for itself, in lower case: %j', (value, pattern) => {
    expect(containsPattern(value)).toBe(pattern);
  });

  it('matches exactly what contains the text', () => {
    const alphabet = fc.string({ unit: fc.constantFrom('a', 'B', '%', '_', '\\', '.', '*') });
    fc.assert(
      fc.property(alphabet, alphabet, (needle, haystack) => {
        const lower = haystack.toLowerCase();
        expect(like(lower, containsPattern(needle))).toBe(lower.includes(needle.toLowerCase()));
      }),
    );
  });
});
