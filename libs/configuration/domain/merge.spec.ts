import type { JsonObject, JsonValue } from './json.js';
import { mergeObjects, mergePatch } from './merge.js';

const SECRET = { $secret_ref: { path: 'app/database', field: 'password' } };

/** RFC 7396, appendix A, those whose both sides are objects. */
const EXAMPLES: readonly (readonly [target: JsonObject, patch: JsonObject, result: JsonObject])[] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

it.each(EXAMPLES)('patches %j with %j', (target, patch, result) => {
  expect(mergePatch(target, patch)).toEqual(result);
});

it('takes the nulls of both sides for what is not there when it makes a document', () => {
  expect(mergeObjects({ a: null, b: { c: null, d: 1 } }, { e: { f: null } })).toEqual({ b: { d: 1 }, e: {} });
});

it('keeps nulls in lists', () => {
  expect(mergeObjects({}, { list: [null, { a: null }] })).toEqual({ list: [null, { a: null }] });
});

it.each<[string, JsonObject, JsonObject, JsonValue]>([
  ['over an object', { p: { user: 'a' } }, { p: SECRET }, SECRET],
  ['over another secret', { p: { $secret_ref: { path: 'old', version: '1' } } }, { p: SECRET }, SECRET],
  ['under an object', { p: SECRET }, { p: { user: 'a' } }, { user: 'a' }],
])('replaces as a whole a secret that lies %s', (_, below, above, result) => {
  expect(mergeObjects(below, above)).toEqual({ p: result });
});

it('merges names that every object has as it merges all others', () => {
  const below = JSON.parse('{"__proto__": {"a": 1}, "constructor": {"a": 1}}') as JsonObject;
  const above = JSON.parse(
    '{"__proto__": {"b": 2}, "constructor": {"b": 2}, "toString": null}',
  ) as JsonObject;
  expect(JSON.stringify(mergeObjects(below, above))).toBe(
    '{"__proto__":{"a":1,"b":2},"constructor":{"a":1,"b":2}}',
  );
  expect('b' in {}).toBe(false);
});

it('shares what does not change', () => {
  const below = { pool: { size: 5 }, hosts: ['a'] };
  const above = { cache: { ttl: 1 } };
  const merged = mergeObjects(below, above);
  expect(merged['pool']).toBe(below.pool);
  expect(merged['cache']).toBe(above.cache);
});

it('ends on objects that are deeper than any that can be sent', () => {
  const deep = JSON.parse('{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000)) as JsonObject;
  expect(Object.keys(mergeObjects(deep, deep))).toEqual(['a']);
});
