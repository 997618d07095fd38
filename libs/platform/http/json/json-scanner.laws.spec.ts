import fc from 'fast-check';
import { isExactNumber } from './exact-number.js';
import { scanJson, type JsonReading } from './json-scanner.js';

const codes = (text: string, reading?: JsonReading): readonly string[] =>
  scanJson(text, reading).violations.map(({ code }) => code);

/** Any string as JSON, each of its UTF-16 units written as an escape. */
const escaped = (text: string): string =>
  `"${Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Keys and strings of a document that breaks no rule. */
const harmlessText = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('a', 'b', 'a/b', '~', '', '0', '1', '*', ' ', '"', '\\'),
  )
  .filter((text) => text !== '__proto__' && text !== 'constructor' && !text.includes('\0'));

const { value: harmless } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(
      harmlessText,
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constant(null),
    ),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(harmlessText, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

const spaced = fc
  .tuple(harmless, fc.constantFrom('', ' ', '\n', '\t'))
  .map(([value, indent]) => JSON.stringify(value, null, indent));

describe('What JSON.parse accepts', () => {
  it('is well-formed, when JSON.stringify wrote it', () => {
    fc.assert(fc.property(spaced, (text) => expect(codes(text)).toEqual([])));
  });

  /** A piece cut out, put in, or put in place of another. */
  const mutation = fc.record({
    at: fc.nat(),
    length: fc.nat({ max: 3 }),
    piece: fc.oneof(
      fc.constantFrom(...'{}[],:"\\-+.eE0123456789tfnu \n\t\r\0\u001f\u00a0\ufeff\ud800/', ''),
      fc.constantFrom(
        'null',
        'true',
        '{}',
        '[]',
        '""',
        '"a":',
        '\\u',
        '\\u00',
        '\\ud83d',
        '1e5',
        '-0',
        '00',
        ',,',
      ),
    ),
  });
  const mutate = (
    text: string,
    { at, length, piece }: { at: number; length: number; piece: string },
  ): string => {
    const start = at % (text.length + 1);
    return text.slice(0, start) + piece + text.slice(start + length);
  };
  const agrees = (text: string): void => {
    expect(codes(text, { exact: [''], maxDepth: 1000 }).includes('malformed_json')).toBe(!isJson(text));
  };

  it('is well-formed, and nothing else is, however a text was damaged', () => {
    const damaged = fc.tuple(spaced, fc.array(mutation, { minLength: 1, maxLength: 3 }));
    fc.assert(
      fc.property(damaged, ([text, mutations]) => agrees(mutations.reduce(mutate, text))),
      { numRuns: 3000 },
    );
  });

  it('is well-formed, and nothing else is, among heaps of tokens', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b":',
      '1',
      '-',
      '.5',
      'e1',
      ' ',
      'null',
      '"',
      '\\u',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 8 }), (tokens) => agrees(tokens.join(''))),
      { numRuns: 3000 },
    );
  });
});

describe('A pointer', () => {
  type Path = readonly (string | number)[];
  const MARK = '\uE000planted';

  /** The ways to everything in a document, and to itself. */
  function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
    yield path;
    if (Array.isArray(value))
      for (const [index, element] of value.entries()) yield* pathsOf(element, [...path, index]);
    else if (typeof value === 'object' && value !== null)
      for (const [key, member] of Object.entries(value)) yield* pathsOf(member, [...path, key]);
  }

  function planted(value: unknown, [step, ...path]: Path): unknown {
    if (step === undefined) return MARK;
    if (Array.isArray(value))
      return value.map((element, index) => (index === step ? planted(element, path) : element));
    return Object.fromEntries(
      Object.entries(Object(value)).map(([key, member]) => [
        key,
        key === step ? planted(member, path) : member,
      ]),
    );
  }

  const pointer = (path: Path): string =>
    path.map((step) => `/${String(step).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');

  /** A document with something planted at any place in it, and the way there. */
  const withPlant = (plant: string): fc.Arbitrary<{ text: string; path: Path }> =>
    fc.tuple(harmless, fc.nat(), fc.constantFrom('', ' ')).map(([value, choice, indent]) => {
      const paths = [...pathsOf(value)];
      const path = paths[choice % paths.length] ?? [];
      const text = JSON.stringify(planted(value, path), null, indent).replace(`"${MARK}"`, () => plant);
      return { text, path };
    });

  it.each([
    ['1e400', '', 'inexact_number'],
    ['"\\u0000"', '', 'nul_character'],
    ['"\\udead"', '', 'lone_surrogate'],
    ['{"a":1,"a":1}', '/a', 'duplicate_key'],
    ['{"x":{},"constructor":1}', '/constructor', 'forbidden_key'],
    ['oops', '', 'malformed_json'],
    ['[0,oops', '/1', 'malformed_json'],
    ['{"a":[0] 1', '', 'malformed_json'],
  ])('leads to %s wherever it stands', (plant, further, code) => {
    fc.assert(
      fc.property(withPlant(plant), ({ text, path }) => {
        expect(scanJson(text).violations).toMatchObject([{ pointer: pointer(path) + further, code }]);
      }),
    );
  });

  it('leads to where it is too deep', () => {
    fc.assert(
      fc.property(withPlant('[[[]]]'), ({ text, path }) => {
        const found = scanJson(text, { maxDepth: path.length + 2 }).violations.map(
          (violation) => violation.pointer,
        );
        expect(found).toContain(`${pointer(path)}/0/0`);
      }),
    );
  });

  it('as a pattern keeps what it leads to, and its text as it stands', () => {
    fc.assert(
      fc.property(withPlant('{ "n" : [1.0, 1e400] }'), ({ text, path }) => {
        fc.pre(!path.includes('*'));
        const pattern = pointer(path.map((step) => (typeof step === 'number' ? '*' : step)));
        const { exact, violations } = scanJson(text, { exact: [pattern] });
        expect(violations).toEqual([]);
        const kept = exact.filter((span) => pointer(span.path) === pointer(path));
        expect(kept.map(({ start, end }) => text.slice(start, end))).toEqual(['{ "n" : [1.0, 1e400] }']);
      }),
    );
  });
});

describe('The rules', () => {
  it('find each repeated key, be they few or many, plain or escaped', () => {
    const key = fc.oneof(
      fc.constantFrom('a', 'b', 'ab', 'ba', 'aXb', 'aYb', '', '€', '\\', '"'),
      fc.nat(200).map(String),
    );
    const written = fc.tuple(key, fc.constantFrom(JSON.stringify, JSON.stringify, JSON.stringify, escaped));
    fc.assert(
      fc.property(fc.array(written, { maxLength: 80 }), (keys) => {
        const repeated = keys.length - new Set(keys.map(([name]) => name)).size;
        const text = `{${keys.map(([name, write]) => `${write(name)}:{"a":1}`).join()}}`;
        expect(codes(text)).toEqual(Array.from({ length: repeated }, () => 'duplicate_key'));
      }),
    );
  });

  it('find NUL and lone surrogates, raw or escaped', () => {
    const unit = fc.constantFrom(
      'a',
      '\0',
      '\ud83d',
      '\ude00',
      '\ud83d\ude00',
      '\ud7ff',
      '\ue000',
      '\udfff',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 6 }), (units) => {
        const text = units.join('');
        const lone = /\p{Surrogate}/u.test(text) ? ['lone_surrogate'] : [];
        const nul = text.includes('\0') ? ['nul_character'] : [];
        expect(codes(escaped(text))).toEqual([...nul, ...lone]);
        const raw = text.replace(/[\0\n]/g, ' ');
        expect(codes(`["${raw}"]`)).toEqual(lone);
      }),
    );
  });

  it('find each number that a double does not carry, be it short or long', () => {
    const number = fc.stringMatching(/^-?(0|[1-9]\d{0,17})(\.\d{1,17})?([eE][+-]?\d{1,3})?$/);
    fc.assert(
      fc.property(number, (text) => {
        expect(codes(`{"a":${text}}`)).toEqual(isExactNumber(text) ? [] : ['inexact_number']);
      }),
      { numRuns: 2000 },
    );
  });

  it('find what goes too deep exactly when something does', () => {
    const depthOf = (value: unknown): number =>
      typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
    fc.assert(
      fc.property(harmless, fc.nat({ max: 6 }), (value, maxDepth) => {
        expect(codes(JSON.stringify(value), { maxDepth }).includes('too_deep')).toBe(
          depthOf(value) > maxDepth,
        );
      }),
    );
  });
});
