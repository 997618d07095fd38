import fc from 'fast-check';
import { InvalidInput } from './domain-error.js';
import { checkedLabels, isLabelKey, isLabelValue, labelMistakes } from './labels.js';

// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
describe('the key of a label', () => {
  it.each([
    'a',
    'A',
    '9',
    'environment',
    'a.b',
    'a_b',
    'a-b',
    'a..b',
    'a--__..b',
    'app.kubernetes.io/name',
    'localhost/a',
    '0.0/a',
    'a-b.c--d/x_y.Z',
    'in',
    'constructor',
    'n'.repeat(63),
    `${`${'p'.repeat(63)}.`.repeat(3)}${'p'.repeat(61)}/${'n'.repeat(63)}`, // 253 before the slash.
  ])('may be %s', (key) => {
    expect(isLabelKey(key)).toBe(true);
  });

  it.each([
    '',
    '-a',
    'a-',
    '.a',
    'a.',
    '_a',
    '__proto__',
    'a b',
    ' a',
    'a\n',
    'a\u0000',
    'ä',
    'a:b',
    'a@b',
    '/',
    '/a',
    'a/',
    'a//b',
    'a/b/c',
    'Example.com/a', // A DNS subdomain has small letters.
    'a_b/c',
    'a..b/c',
    '.a/c',
    'a./c',
    '-a/c',
    'a-/c',
    'n'.repeat(64),
    `${'p'.repeat(64)}/n`, // A DNS label has at most 63 (RFC 1035, 2.3.4).
    `${`${'p'.repeat(63)}.`.repeat(3)}${'p'.repeat(62)}/n`,
    `a/${'n'.repeat(64)}`,
  ])('may not be %j', (key) => {
    expect(isLabelKey(key)).toBe(false);
  });

  it('is a name, and so a value too, where nothing stands before it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '-', '_', '.', ' ', 'é'), maxLength: 70 });
    fc.assert(
      fc.property(text, (key) => {
        expect(isLabelKey(key)).toBe(key !== '' && isLabelValue(key));
      }),
    );
  });

  it('is a subdomain, a slash and a name, each as it is alone', () => {
    const part = fc.string({ unit: fc.constantFrom('a', '0', '-', '.', 'Z', '/'), maxLength: 6 });
    fc.assert(
      fc.property(part, part, (prefix, name) => {
        const isSubdomain = prefix.split('.').every((label) => /^[a0]([a0-]*[a0])?$/.test(label));
        expect(isLabelKey(`${prefix}/${name}`)).toBe(isSubdomain && !name.includes('/') && isLabelKey(name));
      }),
    );
  });
});

describe('the value of a label', () => {
  it.each(['', 'a', 'MyValue', 'my_value', '12345', 'v1.2.3-rc.1', 'n'.repeat(63)])('may be %j', (value) => {
    expect(isLabelValue(value)).toBe(true);
  });

  it.each([' ', '-a', 'a-', 'a/b', 'a b', 'a,b', 'a\n', 'ü', 'n'.repeat(64)])('may not be %j', (value) => {
    expect(isLabelValue(value)).toBe(false);
  });
});

describe('labels', () => {
  const places = (labels: unknown): unknown[] =>
    labelMistakes(labels, '/labels').map(({ pointer, code }) => [pointer, code]);

  it.each([[null], [undefined], ['a=b'], [7], [true], [['a']], [[]]])(
    'are an object, and not %j',
    (labels) => {
      expect(places(labels)).toEqual([['/labels', 'type']]);
    },
  );

  it('tell all their mistakes, each at the place of its key', () => {
    const labels = {
      good: 'x',
      '-a': 'x',
      b: 'x y',
      'a/b/c': '',
      'x~y': 'x',
      n: 1,
      o: null,
      p: {},
      q: ['x'],
    };
    expect(places(labels)).toEqual([
      ['/labels/-a', 'label_key'],
      ['/labels/b', 'label_value'],
      ['/labels/a~1b~1c', 'label_key'],
      ['/labels/x~0y', 'label_key'],
      ...['n', 'o', 'p', 'q'].map((key) => [`/labels/${key}`, 'label_value']),
    ]);
  });

  it('are at most 64, and more are told at once', () => {
    const many = (count: number): object =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, '-']));
    expect(places(many(64))).toHaveLength(64);
    expect(places(many(65))).toEqual([['/labels', 'max_items']]);
  });

  it('have no key by which an object gets another prototype', () => {
    const labels: unknown = JSON.parse('{"__proto__": "x", "constructor": "x"}');
    expect(places(labels)).toEqual([['/labels/__proto__', 'label_key']]);
  });

  it('are given back where nothing is wrong, and refused with every mistake otherwise', () => {
    const labels = { tier: 'gold', 'example.com/zone': '' };
    expect(checkedLabels(labels)).toBe(labels);
    const check = (): unknown => checkedLabels({ 'a b': 'x', c: '-' });
    expect(check).toThrow(InvalidInput);
    expect(check).toThrow(
      expect.objectContaining({
        violations: [
          { pointer: '/labels/a b', code: 'label_key', detail: expect.any(String) },
          { pointer: '/labels/c', code: 'label_value', detail: expect.any(String) },
        ],
      }),
    );
  });

  it('have no mistakes exactly where each key and each value has none', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'B', '1', '-', '/', '.'), maxLength: 5 });
    fc.assert(
      fc.property(fc.dictionary(text, text, { noNullPrototype: true }), (labels) => {
        const isRight = Object.entries(labels).every(
          ([key, value]) => isLabelKey(key) && isLabelValue(value),
        );
        expect(labelMistakes(labels, '').length === 0).toBe(isRight);
      }),
    );
  });
});
