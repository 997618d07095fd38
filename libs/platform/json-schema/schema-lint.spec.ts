import type { Json } from './json.js';
import { lintSchema, SCHEMA_BYTES_MAX, SCHEMA_POINTER_MAX, SUBSCHEMAS_MAX } from './schema-lint.js';

/** The places and codes of everything that is wrong. */
const mistakes = (schema: unknown): string[] =>
  lintSchema(schema as Json).violations.map(({ pointer, code }) => `${pointer} ${code}`.trim());

function nested(depth: number): Json {
  let schema: Json = { type: 'string' };
  for (let level = 1; level < depth; level += 1) schema = { not: schema };
  return schema;
}

describe('a schema that is looked through', () => {
  it('may have 64 levels and not 65', () => {
    expect(mistakes(nested(64))).toEqual([]);
    expect(mistakes(nested(65))).toEqual([`${'/not'.repeat(64)} schema_too_deep`]);
  });

  it('is refused at any depth, also at one that would exhaust the stack', () => {
    expect(mistakes(nested(20_000))).toEqual([`${'/not'.repeat(64)} schema_too_deep`]);
    let list: Json = [];
    for (let level = 1; level < 20_000; level += 1) list = [list];
    expect(mistakes({ const: list })).toEqual([expect.stringContaining('schema_too_deep')]);
  });

  it('has places that can be told: thousands inside of a name of 200 KiB would be a gigabyte of them', () => {
    const many = Object.fromEntries(Array.from({ length: 4_900 }, (_, index) => [`a${index}`, {}]));
    const inside = (name: string): Json => ({ properties: { [name]: { properties: many } } });
    expect(mistakes(inside('x'.repeat(200_000)))).toEqual(['/properties pointer_too_long']);
    const names = SCHEMA_POINTER_MAX - '/$defs/'.length;
    expect(mistakes({ $defs: { ['x'.repeat(names)]: {} } })).toEqual([]);
    expect(mistakes({ $defs: { ['x'.repeat(names + 1)]: {} } })).toEqual(['/$defs pointer_too_long']);
    expect(mistakes({ $defs: { ['~'.repeat(names)]: {} } })).toEqual(['/$defs pointer_too_long']);
  });

  it('may have 256 KiB and not a byte more', () => {
    const empty = JSON.stringify({ description: '' }).length;
    expect(mistakes({ description: 'a'.repeat(SCHEMA_BYTES_MAX - empty) })).toEqual([]);
    expect(mistakes({ description: 'a'.repeat(SCHEMA_BYTES_MAX - empty + 1) })).toEqual(['schema_too_large']);
    expect(mistakes({ description: 'ä'.repeat((SCHEMA_BYTES_MAX - empty) / 2 + 1) })).toEqual([
      'schema_too_large',
    ]);
  });

  it('may hold 5,000 schemas, itself among them, and not 5,001', () => {
    const holding = (count: number): Json => ({ anyOf: Array<Json>(count - 1).fill(true) });
    expect(mistakes(holding(SUBSCHEMAS_MAX))).toEqual([]);
    expect(mistakes(holding(SUBSCHEMAS_MAX + 1))).toEqual(['too_many_subschemas']);
    expect(lintSchema({ anyOf: Array<Json>(120_000).fill(1) }).isReadable).toBe(false);
  });

  it.each([
    ['https://json-schema.org/draft/2020-12/schema', '2020-12'],
    ['https://json-schema.org/draft/2020-12/schema#', '2020-12'],
    ['http://json-schema.org/draft-07/schema#', 'draft-07'],
    [undefined, '2020-12'],
  ])('is of the dialect that %s means', ($schema, dialect) => {
    const linted = lintSchema(($schema === undefined ? {} : { $schema }) as Json);
    expect([linted.dialect, linted.violations]).toEqual([dialect, []]);
  });

  it.each(['http://json-schema.org/draft-04/schema#', 'https://evil.example/schema', 'toString', '', 7])(
    'is of no dialect that %s means',
    ($schema) => {
      expect(mistakes({ $schema })).toEqual(['/$schema dialect_unknown']);
    },
  );

  it.each([
    'http://evil.example/a.json',
    'https://json-schema.org/draft/2020-12/schema',
    'file:///etc/passwd',
    '//evil.example/a',
    'a.json#/x',
    '../a',
    'urn:metastore:schema:a',
    'urn:metastore:schema:A:1.0.0',
    'urn:metastore:schema:a:1.0.0:x#',
    'URN:metastore:schema:a:1.0.0',
    'javascript:alert(1)',
    '#%',
    '',
  ])('refers to nothing outside of it, as %s would', ($ref) => {
    expect(mistakes({ properties: { a: { $ref } } })).toEqual(['/properties/a/$ref reference_forbidden']);
    expect(mistakes({ items: { $dynamicRef: $ref } })).toEqual(['/items/$dynamicRef reference_forbidden']);
  });

  it('refers to places in it by pointer and by name', () => {
    const schema = {
      properties: {
        a: { $ref: '#/$defs/x~1y%20z' },
        b: { $ref: '#named' },
        c: { $dynamicRef: '#other' },
        d: { $ref: '#' },
      },
      $defs: { 'x/y z': true, n: { $anchor: 'named' }, o: { $dynamicAnchor: 'other' } },
    };
    expect(mistakes(schema)).toEqual([]);
  });

  it('refers to schemas alone, not to anything that looks like one', () => {
    const schema = {
      properties: {
        a: { $ref: '#/properties' },
        b: { $ref: '#/const' },
        c: { $ref: '#/unknown/x' },
        d: { $ref: '#nobody' },
        e: { $ref: '#/__proto__' },
      },
      const: { type: 'string' },
      unknown: { x: { $ref: 'http://evil.example' } },
    };
    expect(mistakes(schema)).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((name) => `/properties/${name}/$ref reference_unknown`).reverse(),
    );
  });

  it('names registered schemas, which others look up', () => {
    const $ref = 'urn:metastore:schema:address:1.2.0-rc.1#/$defs/street';
    expect(lintSchema({ items: { $ref } }).references).toEqual([
      {
        pointer: '/items/$ref',
        from: '/items',
        place: '/$defs/street',
        registered: { name: 'address', version: '1.2.0-rc.1' },
      },
    ]);
  });

  it.each([
    [{ $ref: '#' }, ''],
    [{ allOf: [{ $ref: '#' }] }, ''],
    [{ $dynamicAnchor: 'a', anyOf: [true, { $dynamicRef: '#a' }] }, ''],
    [{ $anchor: 'a', dependentSchemas: { b: { not: { $ref: '#a' } } } }, ''],
    [
      { items: { $ref: '#/$defs/a' }, $defs: { a: { $ref: '#/$defs/b' }, b: { if: { $ref: '#/$defs/a' } } } },
      null,
    ],
  ])('never leads back to itself for the same value: %j', (schema, place) => {
    const [first, ...rest] = mistakes(schema);
    expect(rest).toEqual([]);
    expect(first).toMatch(/reference_loop$/);
    if (place !== null) expect(first).toBe('reference_loop');
  });

  it('leads back to itself for what is inside of the value', () => {
    expect(mistakes({ properties: { left: { $ref: '#' } }, items: { anyOf: [{ $ref: '#' }] } })).toEqual([]);
  });

  it('does not multiply: twenty that each refer twice to the next are a million', () => {
    const $defs: Record<string, Json> = { d20: { type: 'string' } };
    for (let index = 0; index < 20; index += 1) {
      const next = { $ref: `#/$defs/d${index + 1}` };
      $defs[`d${index}`] = { anyOf: [next, next] };
    }
    const schema: Json = { $ref: '#/$defs/d0', $defs };
    expect(JSON.stringify(schema).length).toBeLessThan(2_048);
    expect(mistakes(schema)).toEqual([expect.stringMatching(/^\/\$defs\/d\d+ schema_explodes$/)]);
  });

  it('has one $id and one $schema, at its top', () => {
    expect(mistakes({ $id: 'https://json-schema.org/draft/2020-12/schema' })).toEqual([]);
    expect(mistakes({ $defs: { a: { $id: 'http://evil.example/', $ref: '#' } } })).toEqual([
      '/$defs/a/$id embedded_schema',
    ]);
    expect(mistakes({ items: { $schema: 'http://json-schema.org/draft-07/schema#' } })).toEqual([
      '/items/$schema embedded_schema',
    ]);
  });

  it('names no two places alike', () => {
    const twice = { $defs: { a: { $anchor: 'x' }, b: { $dynamicAnchor: 'x' } } };
    expect(mistakes(twice)).toEqual([expect.stringMatching(/^\/\$defs\/[ab]\/\$\w+ anchor_taken$/)]);
    const $schema = 'http://json-schema.org/draft-07/schema#';
    const old = { $schema, definitions: { a: { $id: '#x' }, b: { $id: '#x' } } };
    expect(mistakes(old)).toEqual([expect.stringMatching(/\$id anchor_taken$/)]);
  });

  it('says nothing beside a reference in draft-07', () => {
    const $schema = 'http://json-schema.org/draft-07/schema#';
    const schema = {
      $schema,
      items: { $ref: '#/definitions/a', not: { $ref: '#/nowhere' } },
      definitions: { a: true },
    };
    expect(mistakes(schema)).toEqual([]);
    expect(mistakes({ ...schema, $schema: undefined })).toEqual(['/items/not/$ref reference_unknown']);
  });

  it.each(['properties', 'patternProperties', 'dependentSchemas'])('names no prototype in %s', (keyword) => {
    const schema = JSON.parse(`{"${keyword}": {"__proto__": {"type": "string"}}}`) as Json;
    expect(mistakes(schema)).toEqual([`/${keyword}/__proto__ forbidden_key`]);
  });

  it('collects every pattern with its place, and none that is only a value', () => {
    const schema = {
      pattern: 'a',
      patternProperties: { '(b': { pattern: 'c' } },
      const: { pattern: '(d' },
      unknown: { pattern: '(e' },
    };
    expect(lintSchema(schema).patterns).toEqual([
      { pointer: '/pattern', pattern: 'a' },
      { pointer: '/patternProperties/(b', pattern: '(b' },
      { pointer: '/patternProperties/(b/pattern', pattern: 'c' },
    ]);
  });

  it('tells everything that is wrong at once', () => {
    const schema = {
      properties: { a: { $ref: 'file:///a' }, b: { $id: 'x' }, c: { $ref: '#/nowhere' } },
      $defs: { loop: { $ref: '#/$defs/loop' } },
    };
    expect(mistakes(schema).sort()).toEqual([
      '/$defs/loop reference_loop',
      '/properties/a/$ref reference_forbidden',
      '/properties/b/$id embedded_schema',
      '/properties/c/$ref reference_unknown',
    ]);
  });
});
