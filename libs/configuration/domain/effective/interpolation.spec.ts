import { aLayer } from '../../testing/a-layer.js';
import type { JsonObject, JsonValue } from '../json.js';
import { effectiveAt } from './effective.js';
import type { EffectiveDocuments } from './effective-documents.js';
import type { Layer, Place } from './layer.js';

const SHARED: Place = { tenant: null, environment: 'base' };
const ACME: Place = { tenant: 'acme', environment: 'production' };

const made = (layers: readonly Layer[], place = SHARED): EffectiveDocuments => effectiveAt(layers, place, 0);

/** What is made of one document by this name. */
const madeOf = (values: JsonObject): EffectiveDocuments => made([aLayer({ name: 'app', values })]);
const codesOf = ({ problems }: EffectiveDocuments): string[] => problems.map(({ code }) => code);

describe('a reference', () => {
  const REFERRED: JsonObject = {
    port: 5432,
    on: true,
    host: 'db',
    hosts: ['a', 'b'],
    pool: { size: 2 },
    'a.b}': 'odd',
    escaped: '$${config:app.port}',
  };

  it.each<[string, JsonValue]>([
    ['${config:app.port}', 5432],
    ['${config:app.on}', true],
    ['${config:app.hosts}', ['a', 'b']],
    ['${config:app.hosts.1}', 'b'],
    ['${config:app.pool}', { size: 2 }],
    ['${config:app.pool.size}', 2],
    [String.raw`\${config:app.a\.b\}}`.slice(1), 'odd'],
    ['${config:app.host}:${config:app.port} (${config:app.on})', 'db:5432 (true)'],
    ['$${config:app.port}', '${config:app.port}'],
    ['$$${config:app.port}', '$${config:app.port}'],
    ['is $${config:app.port} = ${config:app.port}', 'is ${config:app.port} = 5432'],
    ['${config:app.escaped}', '${config:app.port}'],
    ['$ {config:app.port}', '$ {config:app.port}'],
  ])('%s becomes %j', (text, value) => {
    const documents = madeOf({ ...REFERRED, text });
    expect(documents.values['app']?.['text']).toEqual(value);
    expect(documents.problems).toEqual([]);
  });

  it('leads into other documents of the service, by what is effective there', () => {
    const layers = [
      aLayer({ name: 'app', values: { url: 'pg://${config:database.host}' } }),
      aLayer({ environment: 'production', values: { host: 'prod' } }),
      aLayer({ values: { host: 'any' } }),
    ];
    expect(made(layers, ACME).values['app']).toEqual({ url: 'pg://prod' });
    expect(made(layers).values['app']).toEqual({ url: 'pg://any' });
  });

  it('leads on through others, and into what they lead to', () => {
    expect(
      madeOf({ a: '${config:app.b.inner}', b: '${config:app.c}', c: { inner: '${config:app.d}' }, d: 1 })
        .values,
    ).toEqual({ app: { a: 1, b: { inner: 1 }, c: { inner: 1 }, d: 1 } });
  });

  it.each<[string, string, JsonObject]>([
    ['a document that is not there', 'reference_unknown', { text: '${config:other.x}' }],
    ['a property that is not there', 'reference_unknown', { text: '${config:app.x}' }],
    ['what every object has', 'reference_unknown', { text: '${config:app.constructor}' }],
    ['an element beyond the end of a list', 'reference_unknown', { text: '${config:app.l.1}', l: [1] }],
    ['something inside of a text', 'reference_unknown', { text: '${config:app.t.length}', t: 'a' }],
    [
      'something inside of a secret',
      'reference_unknown',
      { text: '${config:app.s.path}', s: { $secret_ref: { path: 'a' } } },
    ],
    ['an object inside of a longer text', 'reference_not_text', { text: 'a ${config:app.o}', o: {} }],
    ['a list inside of a longer text', 'reference_not_text', { text: 'a ${config:app.o}', o: [] }],
    ['itself', 'reference_cycle', { text: '${config:app.text}' }],
    ['an object that it is in', 'reference_cycle', { o: { text: '${config:app.o}' } }],
    ['something behind itself', 'reference_cycle', { text: '${config:app.text.more}' }],
    ['what cannot be read', 'reference_unknown', { text: '${config:app}' }],
    ['what has no end', 'reference_unknown', { text: '${config:app.x' }],
  ])('to %s stays as it is, as %s', (_, code, values) => {
    const documents = madeOf(values);
    expect(documents.values['app']).toEqual(values);
    expect(codesOf(documents)).toEqual([code]);
  });

  it('that goes round in a circle stays as it is at every place of it, and so does what leads there', () => {
    const values = {
      a: '${config:app.b}',
      b: '${config:app.c}!',
      c: '${config:app.a}',
      d: '${config:app.a}',
      e: 1,
    };
    const documents = madeOf(values);
    expect(documents.values['app']).toEqual(values);
    expect(documents.problems.map(({ pointer }) => pointer).sort()).toEqual(['/a', '/b', '/c', '/d']);
  });

  it('stays as it is when what leads on to it is not whole', () => {
    const values = {
      a: '${config:app.b.fine}',
      b: '${config:app.c}',
      c: { fine: 1, not: '${config:app.none}' },
    };
    expect(
      madeOf(values)
        .problems.map(({ pointer }) => pointer)
        .sort(),
    ).toEqual(['/a', '/b', '/c/not']);
  });

  it('may follow on seven others, and not on eight', () => {
    const chain = (length: number): JsonObject =>
      Object.fromEntries(
        Array.from({ length: length + 1 }, (_, index) => [
          `k${index}`,
          index === length ? 'end' : `\${config:app.k${index + 1}}`,
        ]),
      );
    expect(madeOf(chain(8)).values['app']?.['k0']).toBe('end');
    expect(madeOf(chain(9)).problems).toMatchObject([{ code: 'reference_too_deep', pointer: '/k0' }]);
  });

  it('is said of the layer whose text it is in', () => {
    const layers = [
      aLayer({ configurationId: 'below', name: 'app', values: { text: 'fine', o: { p: 1 } } }),
      aLayer({
        configurationId: 'above',
        name: 'app',
        environment: 'production',
        values: { text: '${config:x.y}' },
      }),
    ];
    expect(made(layers, ACME).problems).toMatchObject([{ configurationId: 'above', offendedId: null }]);
  });
});

describe('references that bring in too much', () => {
  const laughs = (levels: number, each: (name: string) => JsonValue): JsonObject =>
    Object.fromEntries(
      Array.from({ length: levels }, (_, index) => [
        `k${index}`,
        index === 0 ? 'ha'.repeat(50) : each(`\${config:app.k${index - 1}}`),
      ]),
    );

  it.each<[string, (reference: string) => JsonValue]>([
    ['texts', (reference) => reference.repeat(10)],
    ['lists', (reference) => Array<string>(10).fill(reference)],
    [
      'objects',
      (reference) => Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`m${i}`, reference])),
    ],
  ])('are stopped before they do, as %s', (_, each) => {
    const documents = madeOf(laughs(8, each));
    expect(codesOf(documents)).toEqual(['result_too_large']);
    expect(JSON.stringify(documents.values).length).toBeLessThan(2 * 2 ** 20);
  });

  it('are stopped as well when one text comes very often', () => {
    const values = { big: 'x'.repeat(100_000), often: Array<string>(20).fill('${config:app.big}') };
    expect(codesOf(madeOf(values))).toEqual(['result_too_large']);
  });

  it('are fine below 1 MiB', () => {
    const values = { big: 'x'.repeat(100_000), often: Array<string>(9).fill('${config:app.big}') };
    expect(codesOf(madeOf(values))).toEqual([]);
  });

  it('cost no more than their number when they make a long way', () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `k${index}`);
    const values = Object.fromEntries(
      names.map((name, index) => [name, `\${config:app.k${index + 1}}`.repeat(2)]),
    );
    expect(new Set(codesOf(madeOf(values)))).toEqual(new Set(['reference_unknown']));
  });
});
