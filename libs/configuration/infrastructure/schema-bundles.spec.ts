import type { Database, Statement } from '#platform/database';
import type { SchemaReference } from '../domain/config-schema.js';
import { SchemaBundles, TOGETHER_MAX } from './schema-bundles.js';

const ROOT = { key: 'root', dialect: '2020-12', text: '{}', others: {} } as const;

/** Bundles of stored schemas that refer to as many others each, and how many of them were read. */
function bundles(referring: number): { bundles: SchemaBundles; read: () => number } {
  let read = 0;
  const rowOf = (id: string): object => {
    const refs = Array.from({ length: id.includes('-') ? 0 : referring }, (_, n) => `a:1.0.0:${id}-${n}`);
    return { id, json_schema: {}, refs };
  };
  const database = {
    read: async ({ values: [ids] = [] }: Statement): Promise<object[]> => {
      read += (ids as string[]).length;
      return (ids as string[]).map(rowOf);
    },
  };
  return { bundles: new SchemaBundles(database as unknown as Database), read: () => read };
}

const references = (count: number): SchemaReference[] =>
  Array.from(
    { length: count },
    (_, n) => ({ name: 'a', version: `${n}.0.0`, id: `s${n}` }) as SchemaReference,
  );

it('gives a schema with all that it refers to, directly or not', async () => {
  const few = bundles(4);
  expect(await few.bundles.of(ROOT, references(10))).toHaveLength(1 + TOGETHER_MAX);
  expect(await few.bundles.ofId('s0')).toHaveLength(5);
});

it('reads no more of them than a schema may refer to', async () => {
  const many = bundles(50);
  expect(await many.bundles.of(ROOT, references(TOGETHER_MAX + 1))).toBeNull();
  expect(many.read()).toBe(0);
  expect(await many.bundles.of(ROOT, references(TOGETHER_MAX))).toBeNull();
  expect(many.read()).toBe(TOGETHER_MAX);
});

it('reads a stored schema for its text alone: it was looked through when it was stored', async () => {
  let looks = 0;
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    get properties(): object {
      looks += 1;
      return { size: { $ref: '#/definitions/nowhere', pattern: '(' } };
    },
  };
  const database = { read: () => Promise.resolve([{ id: 's', json_schema: schema, refs: [] }]) };
  const bundle = await new SchemaBundles(database as unknown as Database).ofId('s');
  expect(bundle).toEqual([
    {
      key: 's',
      dialect: 'draft-07',
      text: '{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"size":{"$ref":"#/definitions/nowhere","pattern":"("}}}',
      others: {},
    },
  ]);
  expect(looks).toBe(1);
});
