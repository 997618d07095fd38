import { readSettings } from '#platform/config';
import type { Json } from './json.js';
import { JsonSchemaPool } from './json-schema-pool.js';
import type { SchemaBundle } from './messages.js';
import { lintSchema } from './schema-lint.js';

const NONE = { secretsAt: [] };

let keys = 0;

/** A schema by itself, known to no worker. */
function bundleOf(schema: unknown): SchemaBundle {
  const { dialect, text } = lintSchema(schema as Json);
  keys += 1;
  return [{ key: `schema-${keys}`, dialect, text, others: {} }];
}

describe('the pool', () => {
  const pool = new JsonSchemaPool(readSettings({ SCHEMA_JOB_MS: '10000' }));
  afterAll(() => pool.onApplicationShutdown());

  /** What one document breaks, as places and keywords. */
  async function broken(schema: unknown, document: unknown, secretsAt: string[] = []): Promise<string[]> {
    const [found = []] = await pool.check('acme', bundleOf(schema), [
      { text: JSON.stringify(document), secretsAt },
    ]);
    return found.map(({ pointer, keyword }) => `${pointer} ${keyword}`.trim()).sort();
  }

  async function refused(schema: unknown): Promise<string[]> {
    const { patterns, violations } = lintSchema(schema as Json);
    expect(violations).toEqual([]);
    const found = await pool.admit('acme', { bundle: bundleOf(schema), patterns, isSound: true });
    return found.map(({ pointer, code }) => `${pointer} ${code}`.trim()).sort();
  }

  describe('admits a schema', () => {
    it('that is one', async () => {
      expect(await refused({ type: 'object', properties: { a: { pattern: '^(a+)+$' } } })).toEqual([]);
      expect(await refused({ $schema: 'http://json-schema.org/draft-07/schema#', items: [{}, {}] })).toEqual(
        [],
      );
    });

    it('not when its metaschema says no, wherever that is', async () => {
      const schema = { properties: { a: { type: 'strin' }, b: { minLength: -1 }, c: 7 }, items: [{}] };
      expect(await refused(schema)).toEqual([
        '/items schema_invalid',
        '/properties/a/type schema_invalid',
        '/properties/b/minLength schema_invalid',
        '/properties/c schema_invalid',
      ]);
    });

    it.each([
      '(?=a)b',
      '(?!a)b',
      '(?<=a)b',
      '(?<!a)b',
      '(a)\\1',
      '(?<x>a)\\k<x>',
      '(',
      'a{2000}',
      '[z-a]',
      '\\A',
      '(?i)a',
      '\\pL',
      '\\Qa',
    ])('not with the pattern %s, be it of a text or of a name', async (pattern) => {
      expect(await refused({ items: { pattern } })).toEqual(['/items/pattern pattern_refused']);
      expect(await refused({ patternProperties: { [pattern]: true } })).toEqual([
        expect.stringMatching(/^\/patternProperties\/.* pattern_refused$/),
      ]);
    });

    it('not when the document that is the schema looks like what the engine calls', async () => {
      const schema = { type: [{ valueOf: 1 }, { valueOf: 1 }], required: [{ toString: 1 }, { toString: 1 }] };
      expect(await refused(schema)).toEqual(
        expect.arrayContaining([expect.stringMatching(/schema_invalid$/)]),
      );
    });

    it('with lists that are as long as a schema may be', async () => {
      const numbers = Array.from({ length: 40_000 }, (_, index) => index);
      expect(await refused({ enum: numbers })).toEqual([]);
      expect(await broken({ enum: numbers }, 39_999)).toEqual([]);
      expect(await broken({ const: numbers }, [...numbers, 1])).toEqual(['const']);
    });
  });

  describe('holds a document against a schema', () => {
    it('also one of draft-07, where nothing beside a reference counts', async () => {
      const $schema = 'http://json-schema.org/draft-07/schema#';
      const schema = {
        $schema,
        items: [{ $ref: '#/definitions/a', maximum: 1 }],
        additionalItems: { $ref: '#b' },
        definitions: { a: { type: 'number' }, b: { $id: '#b', type: 'string' } },
      };
      expect(await broken(schema, [5, 'x'])).toEqual([]);
      expect(await broken(schema, ['5', 6])).toEqual(['/0 type', '/1 type']);
    });

    it('that refers to places in it by pointer, whatever their names, and by anchor', async () => {
      const $defs = { 'a/b~c %"': { type: 'string' }, named: { $anchor: 'x', type: 'number' } };
      const schema = { properties: { a: { $ref: '#/$defs/a~1b~0c%20%25%22' }, b: { $ref: '#x' } }, $defs };
      for (const secretsAt of [[], ['/c']]) {
        expect(await broken(schema, { a: 1, b: 'x', c: '' }, secretsAt)).toEqual(['/a type', '/b type']);
      }
    });

    it('that refers dynamically to a place in it, at the top or not', async () => {
      const tree = { $dynamicAnchor: 'node', type: 'object', additionalProperties: { $dynamicRef: '#node' } };
      expect(await broken(tree, { a: { b: 1 } })).toEqual(['/a/b type']);
      const $defs = { x: { $dynamicAnchor: 'x', $anchor: 'y', type: 'string' } };
      for (const name of ['#x', '#y']) {
        const schema = { allOf: [true], items: { $dynamicRef: name, $ref: '#/$defs/x' }, $defs };
        for (const secretsAt of [[], ['/1']])
          expect(await broken(schema, [1, ''], secretsAt)).toContain('/0 type');
      }
      expect(await broken({ $dynamicRef: '#x', $defs }, 1)).toEqual(['type']);
    });

    it('that refers to others, which are their own documents', async () => {
      const [root] = bundleOf({ properties: { a: { $ref: 'urn:metastore:schema:other:1.0.0#/$defs/x' } } });
      const [other] = bundleOf({ $defs: { x: { $ref: '#y' }, y: { $anchor: 'y', type: 'string' } } });
      const bundle: SchemaBundle = [{ ...root, others: { 'other:1.0.0': other.key } }, other];
      const documents = [
        { text: '{"a": 1}', secretsAt: [] },
        { text: '{"a": 1, "b": 2}', secretsAt: ['/b'] },
        { text: '{"a": "x"}', secretsAt: [] },
      ];
      const found = await pool.check(null, bundle, documents);
      expect(found.map((violations) => violations.map(({ pointer }) => pointer))).toEqual([
        ['/a'],
        ['/a'],
        [],
      ]);
    });

    it('that leads back to itself inside of the value', async () => {
      const tree = { type: 'object', properties: { next: { $ref: '#' } } };
      expect(await broken(tree, { next: { next: { next: 1 } } })).toEqual(['/next/next/next type']);
    });

    it('and no keyword of the engine’s own means anything', async () => {
      const schema = {
        $async: true,
        nullable: true,
        type: 'string',
        id: 'x',
        discriminator: { propertyName: 'x' },
        $recursiveRef: '#',
        dependencies: { a: false },
        formatMinimum: 'z',
        format: 'toString',
        metastoreIsSecret: true,
      };
      expect(await refused(schema)).toEqual([]);
      expect(await broken(schema, null)).toEqual(['type']);
      expect(await broken({ maximum: { $data: '1/a' } }, 5).catch(() => 'refused')).not.toEqual(['maximum']);
    });

    it('and what every object of JavaScript has is no property', async () => {
      expect(await broken({ required: ['toString'] }, {})).toEqual(['/toString required']);
      expect(await broken({ properties: { valueOf: { type: 'number' } } }, {})).toEqual([]);
      expect(await broken({ const: { valueOf: 1, toString: 2 } }, { toString: 2, valueOf: 1 })).toEqual([]);
      expect(await broken({ uniqueItems: true }, [{ toString: 1 }, { toString: 1 }])).toEqual([
        'uniqueItems',
      ]);
    });

    it('with branches that look at what is left, beside patterns of names', async () => {
      const left = { type: 'object', required: ['a'], unevaluatedProperties: { type: 'number' } };
      for (const branches of ['anyOf', 'oneOf']) {
        const schema = {
          [branches]: [left, { maxProperties: 0 }],
          patternProperties: { '^a': { type: 'integer' } },
          unevaluatedProperties: false,
        };
        expect([branches, await broken(schema, {})]).toEqual([branches, []]);
        expect([branches, await broken(schema, { a: 1, b: 0.5 })]).toEqual([branches, []]);
        expect([branches, await broken(schema, { a: 0.5 })]).toEqual([branches, ['/a type']]);
        expect([branches, await broken({ ...schema, [branches]: [left, true] }, { ab: 1 })]).toEqual([
          branches,
          [],
        ]);
      }
    });

    it('and tells a hundred places at most', async () => {
      const [found] = await pool.check(null, bundleOf({ items: false }), [
        { text: JSON.stringify(Array(5_000).fill(0)), ...NONE },
      ]);
      expect(found).toHaveLength(100);
    });

    it('one after another, however many, in their order', async () => {
      const documents = Array.from({ length: 3_000 }, (_, index) => ({ text: `${index}`, ...NONE }));
      const found = await pool.check('acme', bundleOf({ multipleOf: 2 }), documents);
      expect(found.map(({ length }) => length)).toEqual(documents.map((_, index) => index % 2));
    });

    it('with patterns that are hard for others', async () => {
      const text = `${'a'.repeat(50_000)}!`;
      expect(await broken({ pattern: '^(a+)+$' }, text)).toEqual(['pattern']);
      expect(await broken({ patternProperties: { '^(a|a)*$': false } }, { [text]: 1 })).toEqual([]);
    });

    it.each([
      ['email', `${'a.'.repeat(30_000)}@`],
      ['email', `a@${'a-'.repeat(30_000)}`],
      ['hostname', 'a-'.repeat(30_000)],
      ['uri', `http://${'a:'.repeat(30_000)}@[`],
      ['uri-reference', `${'a/'.repeat(30_000)}|`],
      ['uri-template', `${'{a,'.repeat(30_000)}`],
      ['duration', `P${'1'.repeat(60_000)}`],
      ['date-time', `${'1'.repeat(60_000)}T`],
      ['json-pointer', `${'/~0'.repeat(30_000)}~`],
      ['relative-json-pointer', `0${'/~0'.repeat(30_000)}~`],
      ['ipv6', '1:'.repeat(30_000)],
      ['uuid', '0'.repeat(60_000)],
      ['regex', '('.repeat(1_000)],
    ])('with texts that are meant to hold up the format %s', async (format, text) => {
      expect(await broken({ format }, text)).toEqual(['format']);
    });

    it('and what it does not know of formats says nothing', async () => {
      expect(await broken({ format: 'anything' }, 'x')).toEqual([]);
    });
  });

  describe('takes any text where a secret will stand', () => {
    const schema = {
      properties: { password: { type: 'object', minProperties: 9 }, list: { uniqueItems: true } },
      additionalProperties: false,
    };

    it('whatever its schema asks for', async () => {
      expect(await broken(schema, { password: 7 }, ['/password'])).toEqual([]);
      expect(await broken(schema, { password: 7 })).toEqual(['/password type']);
      expect(await broken(schema, { list: [1, 1] }, ['/list/0', '/list/1'])).toEqual([]);
    });

    it('and sees what is wrong beside it', async () => {
      expect(await broken(schema, { password: 7, other: 1 }, ['/password'])).toEqual([
        '/other additionalProperties',
      ]);
      expect(await broken({ required: ['a'] }, { b: 1 }, ['/b'])).toEqual(['/a required']);
    });

    it('also through references and branches', async () => {
      const branches = {
        oneOf: [
          { properties: { kind: { const: 'a' }, key: { $ref: '#/$defs/long' } }, required: ['kind', 'key'] },
          { properties: { kind: { const: 'b' } }, required: ['kind'] },
        ],
        $defs: { long: { type: 'string', minLength: 32, pattern: '^[0-9]+$' } },
      };
      expect(await broken(branches, { kind: 'a', key: 'x' }, ['/key'])).toEqual([]);
      expect(await broken(branches, { kind: 'a', key: 'x' })).toContain('oneOf');
      expect(
        await broken({ items: { anyOf: [{ type: 'null' }, { minimum: 3 }] } }, ['s', 2], ['/0']),
      ).toEqual(['/1 anyOf', '/1 minimum', '/1 type']);
    });

    it('but not where nothing may stand, or where the document has nothing', async () => {
      expect(await broken({ properties: { a: false } }, { a: 1 }, ['/a'])).toEqual(['/a false']);
      expect(await broken({ properties: { a: { type: 'number' } } }, {}, ['/a', '/b/c', ''])).toEqual([]);
    });
  });
});
