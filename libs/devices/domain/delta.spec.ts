import fc from 'fast-check';
import { sameJson } from '#shared-kernel';
import { deltaOf, hasDelta } from './delta.js';
import { mergedDocument, mergePatch } from './documents.js';
import type { JsonObject } from './documents.js';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const anyJson = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);
const documents = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'd'),
  fc.oneof(anyJson, fc.dictionary(fc.constantFrom('a', 'b'), anyJson)),
) as unknown as fc.Arbitrary<JsonObject>;

const asText = (value: Json): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );

/** A member that is null is as good as one that is not there. */
const withoutNulls = (value: Json): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([name, member]) =>
          member === null ? [] : [[name, withoutNulls(member as Json)]],
        ),
      )
    : value;

it('two values are the same exactly when their texts with sorted names are', () => {
  fc.assert(
    fc.property(anyJson, anyJson, (one, other) => {
      expect(sameJson(one, other)).toBe(asText(one) === asText(other));
      expect(sameJson(one, JSON.parse(asText(one)) as Json)).toBe(true);
    }),
  );
});

describe('a delta', () => {
  it.each<[string, JsonObject, JsonObject, JsonObject]>([
    ['is empty where nothing is desired', {}, { a: 1 }, {}],
    ['is empty where all is so', { a: { b: 1 } }, { a: { b: 1, c: 2 }, d: 3 }, {}],
    ['has what is not reported', { a: 1, b: 2 }, { b: 2 }, { a: 1 }],
    ['goes down to the members that differ', { a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, { a: { c: 2 } }],
    ['takes lists as a whole', { a: [1, 2] }, { a: [1, 3] }, { a: [1, 2] }],
    ['takes an object for a value whole', { a: { b: 1 } }, { a: 'x' }, { a: { b: 1 } }],
    ['has an empty object that is not reported', { a: {} }, {}, { a: {} }],
    ['has null where something is reported that should not be', { a: null }, { a: 1 }, { a: null }],
    ['has no null for what is not reported', { a: null }, {}, {}],
    ['knows names that every object inherits', { constructor: 1 } as never, {}, { constructor: 1 } as never],
  ])('%s', (_, desired, reported, delta) => {
    expect(deltaOf(desired, reported)).toEqual(delta);
  });

  it('merged into what is reported leaves none', () => {
    fc.assert(
      fc.property(documents, documents, (desired, reported) => {
        const merged = mergedDocument(reported, deltaOf(desired, reported));
        expect(hasDelta(withoutNulls(desired as Json) as JsonObject, merged)).toBe(false);
      }),
    );
  });
});

describe('a merge patch', () => {
  // The examples of RFC 7396, appendix A, whose document is an object.
  it.each<[Json, Json, Json]>([
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
  ])('of %j by %j gives %j', (document, patch, result) => {
    expect(mergePatch(document, patch)).toEqual(result);
  });

  it('done again changes nothing', () => {
    fc.assert(
      fc.property(documents, documents, (document, patch) => {
        const once = mergePatch(document, patch);
        expect(sameJson(mergePatch(once, patch), once)).toBe(true);
      }),
    );
  });
});
