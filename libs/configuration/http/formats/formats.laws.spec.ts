import { parse as dotenvParse } from 'dotenv';
import fc from 'fast-check';
import { parseJson } from '#platform/http';
import { parseYaml, writeYaml } from '#platform/yaml';
import type { JsonObject } from '../../domain/json.js';
import { readDotenv, writeDotenv } from './dotenv.js';
import type { Names } from './dotenv.js';
import { gather } from './flat-tree.js';
import type { FlatReading } from './flat.js';
import { readProperties, writeProperties } from './properties.js';

const jsonOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function valuesOf({ lines, violations }: FlatReading): JsonObject {
  const document = gather(lines);
  expect([...violations, ...document.violations]).toEqual([]);
  return document.values;
}

const piece = fc.constantFrom(
  ...[
    '',
    ' ',
    '.',
    '=',
    ':',
    '#',
    '!',
    '\n',
    '\r',
    '\t',
    '\f',
    '"',
    "'",
    '`',
    '\\',
    '\\n',
    '\\u0041',
    '[0]',
    '$',
    '{',
  ],
  ...[
    'null',
    'true',
    '{}',
    '[]',
    '1',
    '-1.5e+21',
    '007',
    'ä',
    '€',
    '😀',
    '\u0085',
    '\u2028',
    '\u00a0',
    '\ufeff',
    'a',
    'B',
    '_',
    '__',
  ],
);
const text = fc.oneof(
  piece,
  fc.string({ unit: piece, maxLength: 8 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const notForbidden = (name: string): boolean => name !== '__proto__' && name !== 'constructor';

const documentOf = (name: fc.Arbitrary<string>, leaf: fc.Arbitrary<string>): fc.Arbitrary<JsonObject> => {
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(
        leaf,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
      ),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(name, tie('value'), { maxKeys: 4 }),
    ),
  }));
  return fc.dictionary(name, value, { maxKeys: 5 }).map((values) => jsonOf(values) as JsonObject);
};
const anyDocument = documentOf(text.filter(notForbidden), text);

/** Names and texts that a `.env` file can hold. */
const variable = fc.stringMatching(/^_?[a-z]([a-z0-9]|_[a-z0-9])*$/);
const quotable = text.filter((any) => {
  const { violations } = writeDotenv({ a: any }, 'keep');
  return violations.length === 0;
});

it.each<[string, (values: JsonObject) => unknown]>([
  ['JSON', (values) => parseJson(JSON.stringify(values))],
  ['YAML', (values) => parseYaml(writeYaml(values))],
  ['properties', (values) => valuesOf(readProperties(writeProperties(values), 'infer'))],
])('reads back from %s what was written, whatever the values', (_, roundTrip) => {
  fc.assert(
    fc.property(anyDocument, (values) => {
      expect(roundTrip(values)).toEqual(values);
    }),
    { numRuns: 1_000 },
  );
});

it.each<[Names, (name: string) => string]>([
  ['upper', (name) => name],
  ['keep', (name) => name.replaceAll('a', 'A')],
])('reads back from dotenv what was written with names %s, wherever it could be', (names, toName) => {
  fc.assert(
    fc.property(documentOf(variable.map(toName), quotable), (values) => {
      const written = writeDotenv(values, names);
      expect(written.violations).toEqual([]);
      expect(valuesOf(readDotenv(written.text, 'infer', names))).toEqual(values);
    }),
    { numRuns: 1_000 },
  );
});

it('writes to dotenv what it reads back, or says where it cannot, whatever the values', () => {
  fc.assert(
    fc.property(anyDocument, fc.constantFrom<Names>('upper', 'keep'), (values, names) => {
      const written = writeDotenv(values, names);
      fc.pre(written.violations.length === 0);
      expect(valuesOf(readDotenv(written.text, 'infer', names))).toEqual(values);
    }),
    { numRuns: 1_000 },
  );
});

it('takes nothing from a .env file that the package dotenv takes otherwise', () => {
  const token = fc.oneof(
    fc.constantFrom('A', 'b1', '_C', '=', '=', '\n', '\n', 'export ', ' #', "'", '"', '`', '\\'),
    piece,
  );
  const file = fc.string({ unit: token, maxLength: 30 }).filter((any) => !/[\u2028\u2029]/.test(any));
  const law = fc.property(file, (any) => {
    const { lines, violations } = readDotenv(any, 'text', 'keep');
    fc.pre(violations.length === 0);
    const read = Object.fromEntries(lines.map(({ steps, value }) => [steps.join('__'), value]));
    expect(read).toEqual({ ...dotenvParse(any) });
  });
  fc.assert(law, { numRuns: 2_000, maxSkipsPerRun: 1_000 });
});

it('gives other readers of .env files the texts as they are', () => {
  const flat = fc.dictionary(variable, quotable, { maxKeys: 5 });
  fc.assert(
    fc.property(flat, (values) => {
      const { text: file } = writeDotenv(values, 'upper');
      const expected = Object.entries(values).map(([name, value]) => [name.toUpperCase(), value]);
      expect(dotenvParse(file)).toEqual(Object.fromEntries(expected));
    }),
    { numRuns: 1_000 },
  );
});
