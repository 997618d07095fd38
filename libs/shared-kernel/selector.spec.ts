import fc from 'fast-check';
import { InvalidInput } from './domain-error.js';
import type { Labels } from './labels.js';
import { parseSelector } from './selector.js';
import type { SelectorRequirement } from './selector.js';

const requirementsOf = (text: string): unknown[] =>
  parseSelector(text).requirements.map(({ key, operator, values }) => [key, operator, ...values]);

const detailOf = (text: string): string => {
  try {
    parseSelector(text);
  } catch (error) {
    if (error instanceof InvalidInput) return error.violations[0]?.detail ?? '';
  }
  return 'It was read.';
};

describe('a selector', () => {
  it.each<[string, unknown[]]>([
    ['', []],
    [' \t\r\n', []],
    ['k=v', [['k', 'in', 'v']]],
    ['k == v', [['k', 'in', 'v']]],
    ['k!=v', [['k', 'notin', 'v']]],
    ['k', [['k', 'exists']]],
    ['!k', [['k', 'absent']]],
    ['! k', [['k', 'absent']]],
    ['k in (a)', [['k', 'in', 'a']]],
    ['k in(a,b , a)', [['k', 'in', 'a', 'b']]],
    ['k\nnotin\t( a,b )', [['k', 'notin', 'a', 'b']]],
    ['env in (a,b),!legacy', [['env', 'in', 'a', 'b'], ['legacy', 'absent']]], // prettier-ignore
    ['example.com/tier=x.y_z-1', [['example.com/tier', 'in', 'x.y_z-1']]],
    ['in in (in,notin)', [['in', 'in', 'in', 'notin']]],
    ['notin,in=in', [['notin', 'exists'], ['in', 'in', 'in']]], // prettier-ignore
    ['!in', [['in', 'absent']]],
    ['k=', [['k', 'in', '']]],
    ['k=,l!=', [['k', 'in', ''], ['l', 'notin', '']]], // prettier-ignore
    ['k in (,a)', [['k', 'in', '', 'a']]],
    ['k in (a,)', [['k', 'in', 'a', '']]],
    ['k in (,)', [['k', 'in', '']]],
  ])('%j is read as Kubernetes reads it', (text, requirements) => {
    expect(requirementsOf(text)).toEqual(requirements);
  });

  it.each([
    [',', 'At character 1: the key of a label or ! is expected.'],
    ['a,', 'At character 3: the key of a label or ! is expected.'],
    ['a,,b', 'At character 3: the key of a label or ! is expected.'],
    ['a b', 'At character 3: one of = == != in notin, a comma or the end is expected.'],
    ['a > 1', 'At character 3: one of = == != in notin, a comma or the end is expected.'],
    ['!a=b', 'At character 3: a comma or the end is expected.'],
    ['!!a', 'At character 2: the key of a label or ! is expected.'],
    ['a===b', 'At character 4: the value of a label is expected.'],
    ['a=b c', 'At character 5: a comma or the end is expected.'],
    ['a in b', 'At character 6: ( is expected.'],
    ['a in ()', 'At character 7: at least one value is expected.'],
    ['a in (b', 'At character 8: a comma or ) is expected.'],
    ['a in (b c)', 'At character 9: a comma or ) is expected.'],
    ['a in ((b))', 'At character 7: the value of a label is expected.'],
    ['a in (b))', 'At character 9: a comma or the end is expected.'],
    ['a=)', 'At character 3: a comma or the end is expected.'],
    ['-a', 'At character 1: this is no key of a label.'],
    ['a/b/c', 'At character 1: this is no key of a label.'],
    ['a\u00a0=b', 'At character 1: this is no key of a label.'],
    ['__proto__', 'At character 1: this is no key of a label.'],
    ['a=-b', 'At character 3: this is no value of a label.'],
    [`a=${'b'.repeat(64)}`, 'At character 3: this is no value of a label.'],
  ])('%j is refused at its place', (text, detail) => {
    expect(detailOf(text)).toBe(detail);
  });

  it('has its limits', () => {
    const many = (count: number): string => Array.from({ length: count }, (_, n) => `k${n}`).join();
    expect(requirementsOf(many(100))).toHaveLength(100);
    expect(detailOf(many(101))).toContain('at most 100 requirements');
    expect(requirementsOf('k'.padEnd(4_096))).toEqual([['k', 'exists']]);
    expect(detailOf('k'.padEnd(4_097))).toBe('A selector has at most 4096 characters.');
  });

  it('says where it stands', () => {
    expect(() => parseSelector('=', '/target/selector')).toThrow(
      expect.objectContaining({
        violations: [{ pointer: '/target/selector', code: 'selector', detail: expect.any(String) }],
      }),
    );
  });

  it('finds nothing that every object has from elsewhere', () => {
    expect(parseSelector('constructor').matches({})).toBe(false);
    expect(parseSelector('!toString,valueOf!=x').matches({})).toBe(true);
  });
});

const keys: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'in', 'x.io/c');
const values: fc.Arbitrary<string> = fc.constantFrom('', '1', '2', 'notin');
const blank = fc.constantFrom('', ' ', '\t', ' \n');
const labelsOf: fc.Arbitrary<Labels> = fc.dictionary(keys, values);

interface Written {
  readonly text: string;
  readonly holds: (labels: Labels) => boolean;
}

/** Every way to write a requirement, beside what it means. */
const written: fc.Arbitrary<Written> = fc
  .record({
    key: keys,
    some: fc.array(values, { minLength: 1, maxLength: 3 }),
    form: fc.constantFrom('=', '==', '!=', 'in', 'notin', 'exists', 'absent'),
    s: blank,
  })
  .map(({ key, some, form, s }) => {
    const [one = ''] = some;
    const list = `${s}(${s}${some.join(`${s},${s}`)}${s})${s}`;
    const isIn = (labels: Labels): boolean => labels[key] !== undefined && some.includes(labels[key] ?? '?');
    const forms: Record<string, Written> = {
      '=': { text: `${key}${s}=${s}${one}`, holds: (labels) => labels[key] === one },
      '==': { text: `${s}${key}${s}==${s}${one}`, holds: (labels) => labels[key] === one },
      '!=': { text: `${key}${s}!=${s}${one}${s}`, holds: (labels) => labels[key] !== one },
      in: { text: `${key} in${list}`, holds: isIn },
      notin: { text: `${key} notin${list}`, holds: (labels) => !isIn(labels) },
      exists: { text: `${s}${key}${s}`, holds: (labels) => key in labels },
      absent: { text: `!${s}${key}`, holds: (labels) => !(key in labels) },
    };
    return forms[form] as Written;
  })
  // `in (,)` is two empty values, and `in ()` none, which is refused.
  .filter(({ text }) => !/\(\s*\)/.test(text));

describe('whatever is written', () => {
  it('means all of its requirements', () => {
    fc.assert(
      fc.property(fc.array(written, { maxLength: 5 }), labelsOf, (parts, labels) => {
        const selector = parseSelector(parts.map(({ text }) => text).join(','));
        expect(selector.matches(labels)).toBe(parts.every(({ holds }) => holds(labels)));
      }),
    );
  });

  it('is read, or refused as invalid', () => {
    const signs = fc.constantFrom(
      'a',
      'in',
      'notin',
      '=',
      '!',
      '(',
      ')',
      ',',
      ' ',
      '<',
      '\u0000',
      '\ud800',
      'é',
    );
    fc.assert(
      fc.property(
        fc.array(signs, { maxLength: 40 }).map((parts) => parts.join('')),
        (text) => {
          try {
            parseSelector(text);
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidInput);
          }
        },
      ),
    );
  });

  it('is the same once more when it is written from what was read', () => {
    const textOf = ({ key, operator, values: some }: SelectorRequirement): string =>
      operator === 'exists'
        ? key
        : operator === 'absent'
          ? `!${key}`
          : `${key} ${operator} (${some.length === 1 && some[0] === '' ? ',' : some.join()})`;
    fc.assert(
      fc.property(fc.array(written, { maxLength: 5 }), (parts) => {
        const { requirements } = parseSelector(parts.map(({ text }) => text).join(','));
        expect(parseSelector(requirements.map(textOf).join(',')).requirements).toEqual(requirements);
      }),
    );
  });
});
