import { parse as parseAsOthersDo } from 'dot-properties';
import type { JsonObject } from '../../domain/json.js';
import { readDotenv, writeDotenv } from './dotenv.js';
import { gather } from './flat-tree.js';
import type { FlatReading } from './flat.js';
import { readProperties, writeProperties } from './properties.js';

const VALUES = {
  host: 'db.example.com',
  port: 5432,
  pool: { size: 20, names: ['a', 'b'], none: [], rest: {} },
  ssl: true,
  password: null,
  pin: '0042',
  zip: '10115',
  motto: "it's  fine # really",
  text: 'two\nlines',
};

/** What a flat text makes, or its mistakes. */
function read(reading: FlatReading): JsonObject | string[] {
  const { values, violations } = gather(reading.lines);
  const mistakes = [...reading.violations, ...violations];
  return mistakes.length > 0
    ? mistakes.map(({ line, code, pointer }) => `${line} ${code} ${pointer}`.trim())
    : values;
}
const properties = (text: string): JsonObject | string[] => read(readProperties(text, 'infer'));
const dotenv = (text: string): JsonObject | string[] => read(readDotenv(text, 'infer', 'upper'));

describe('Java properties', () => {
  it('look as Java developers write them', () => {
    expect(writeProperties({ ...VALUES, 'a.b': { 'c[0]': 'ä=b:c' } })).toBe(
      [
        'host=db.example.com',
        'port=5432',
        'pool.size=20',
        'pool.names[0]=a',
        'pool.names[1]=b',
        'pool.none=[]',
        'pool.rest={}',
        'ssl=true',
        'password=null',
        'pin=0042',
        'zip=\\u00310115',
        "motto=it's  fine # really",
        'text=two\\nlines',
        'a\\\\.b.c\\\\[0]=\\u00e4=b:c',
        '',
      ].join('\n'),
    );
  });

  it('give other readers the texts as they are', () => {
    expect(
      parseAsOthersDo(writeProperties({ zip: '10115', word: 'null', list: '[]', text: ' a\n\\ä ' })),
    ).toEqual({
      zip: '10115',
      word: 'null',
      list: '[]',
      text: ' a\n\\ä ',
    });
  });

  it('are read as Java reads them: comments, separators, lines that go on', () => {
    expect(properties('# a\r\n! b\r\n  k1 : v1\r\nk2 v2\r\nk3=a \\\r\n   b\r\nk4\r\n\r\nk5=5')).toEqual({
      ...{ k1: 'v1', k2: 'v2', k3: 'a b', k4: '', k5: 5 },
    });
  });

  it('are all texts where texts are asked for', () => {
    expect(read(readProperties('a=1\nb=true', 'text'))).toEqual({ a: '1', b: 'true' });
  });

  it('take items in any order', () => {
    expect(properties('a[1].x=2\na[0].x=1')).toEqual({ a: [{ x: 1 }, { x: 2 }] });
  });

  it.each([
    ['a key twice', 'a=1\n\na=2', ['3 duplicate /values/a']],
    ['a value with something inside', 'a=1\na.b=2', ['2 contradiction /values/a']],
    ['something inside that is a value', 'a.b=2\na=1', ['2 duplicate /values/a']],
    ['a list that is an object', 'a[0]=1\na.b=2', ['2 contradiction /values/a']],
    ['items that are left out', 'a[0]=1\na[999999999]=2\na[b]=1', ['3 malformed_key', '1 gap /values/a/1']],
    ['an open bracket, and an escape of nothing', 'a[0=1\nb\\\\c=2', ['1 malformed_key', '2 malformed_key']],
    ['half an escape', 'a=\\u12\nb\\u=1\nc=\\\\u12', ['1 malformed_escape', '2 malformed_escape']],
    ['too many levels', `x=1\n${'a.'.repeat(300_000)}a=1`, ['2 too_deep /values']],
  ])('refuse %s, with its line', (_, text, mistakes) => {
    expect(properties(text)).toEqual(mistakes);
  });
});

describe('dotenv', () => {
  it('looks as files of variables do', () => {
    expect(writeDotenv(VALUES, 'upper')).toEqual({
      violations: [],
      text: [
        'HOST=db.example.com',
        'PORT=5432',
        'POOL__SIZE=20',
        'POOL__NAMES__0=a',
        'POOL__NAMES__1=b',
        'POOL__NONE=[]',
        'POOL__REST={}',
        'SSL=true',
        'PASSWORD=null',
        'PIN=0042',
        "ZIP='10115'",
        'MOTTO="it\'s  fine # really"',
        "TEXT='two\nlines'",
        '',
      ].join('\n'),
    });
  });

  it('says what it cannot hold, and where', () => {
    const values = {
      'log-level': 1,
      poolSize: 2,
      a: { '': 3, '0': 4, b_: 5, c__d: 6 },
      '0a': 7,
      quotes: '\'"`',
    };
    const { violations } = writeDotenv(values, 'upper');
    expect(violations.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/values/log-level name',
      '/values/poolSize name',
      '/values/a/0 name',
      '/values/a/ name',
      '/values/a/b_ name',
      '/values/a/c__d name',
      '/values/0a name',
      '/values/quotes text',
    ]);
    expect(writeDotenv({ poolSize: 2, A: 1 }, 'keep')).toEqual({ text: 'poolSize=2\nA=1\n', violations: [] });
  });

  it('is read as other readers do: export, comments, quotes over several lines', () => {
    const text = '# a\nexport A = 1 # one\n\nB__C="x\\ny" # two\r\nB__D=\'5\nz\'\nE=\nF=`"`\nG=a b \n';
    expect(dotenv(text)).toEqual({ a: 1, b: { c: 'x\ny', d: '5\nz' }, e: '', f: '"', g: 'a b' });
  });

  it('is all texts where texts are asked for', () => {
    expect(read(readDotenv('A=1\nB=true', 'text', 'keep'))).toEqual({ A: '1', B: 'true' });
  });

  it.each([
    [
      'what is no variable',
      'A=1\nB: 2\nC D=3\n=4\n5=5',
      ['2 malformed_line', '3 malformed_line', '4 malformed_line', '5 malformed_line'],
    ],
    ['quotes that stay open', "A=1\nB='x\nC=2\n", ['2 open_quote']],
    ['more behind quotes', "A='x\ny'z\nB='2'", ['1 malformed_line']],
    ['names without a letter', 'A____B=1\nA__=2', ['1 malformed_key', '2 malformed_key']],
    ['a name twice', 'A=1\na=2', ['2 duplicate /values/a']],
  ])('refuses %s, with its line', (_, text, mistakes) => {
    expect(dotenv(text)).toEqual(mistakes);
  });
});

it('makes names that reach for a prototype names like any other, for whoever refuses them', () => {
  const values = properties('__proto__.polluted=1');
  expect(Object.keys(values)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(values)).toBe(Object.prototype);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

/** Where the work grows with the square of the text these take minutes, and the limit is half a minute for each. */
it.each([
  ['blank lines', '\n'.repeat(1_000_000), [0, 0, 0, 0]],
  ['open quotes', "A='\n".repeat(250_000), [125_000, 1_000, 250_000, 1_000]],
  ['escaped quotes', `A='${"\\'".repeat(500_000)}`, [0, 1, 1, 0]],
  ['backslashes', `a=${'\\'.repeat(1_000_000)}`, [1, 0, 1, 0]],
  ['backslashes in a key', `${'\\\\'.repeat(500_000)}=1`, [0, 1, 1, 0]],
  ['dots', `${'.'.repeat(1_000_000)}=1`, [0, 1, 1, 1]],
  ['underscores', `A${'_'.repeat(1_000_000)}=1`, [0, 1, 1, 0]],
  ['open brackets', `a${'['.repeat(1_000_000)}=1`, [0, 1, 0, 1]],
  ['brackets', `a${'[0]'.repeat(300_000)}=1`, [0, 1, 1, 1]],
  ['mistakes', 'x y\n'.repeat(250_000), [0, 1_000, 250_000, 1_000]],
  [
    'many names',
    Array.from({ length: 100_000 }, (_, index) => `A${index}=1`).join('\n'),
    [100_000, 0, 100_000, 0],
  ],
])(
  'is read soon: %s',
  (_, text, [variables, mistakes, pairs, otherMistakes]) => {
    const counts = [readDotenv(text, 'infer', 'upper'), readProperties(text, 'infer')].flatMap((reading) => [
      reading.lines.length,
      reading.violations.length + gather(reading.lines).violations.length,
    ]);
    expect(counts).toEqual([variables, mistakes, pairs, otherMistakes]);
  },
  30_000,
);
