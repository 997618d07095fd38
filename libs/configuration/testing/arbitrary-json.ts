import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../domain/json.js';

/** Names that often meet, and names that a careless program takes for something else. */
const names = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('x', 'y', 'z') },
  { weight: 1, arbitrary: fc.constantFrom('a.b', 'a/b', '~', '', '__proto__', 'constructor', '0') },
);

export const secretLeaves: fc.Arbitrary<JsonObject> = fc
  .constantFrom('app/one', 'app/two')
  .map((path) => ({ $secret_ref: { path } }));

const scalars: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: -2, max: 2 }),
  fc.constantFrom('', 'text', 'a.b'),
);

/** Small objects in which the same names come again and again; `leaves` stand among the scalars. */
export function objectsWith(leaves: fc.Arbitrary<JsonValue>, depth = 3): fc.Arbitrary<JsonObject> {
  const member: fc.Arbitrary<JsonValue> =
    depth === 1
      ? fc.oneof(scalars, leaves)
      : fc.oneof(
          scalars,
          leaves,
          fc.array(fc.oneof(scalars, leaves, objectsWith(leaves, 1)), { maxLength: 2 }),
          objectsWith(leaves, depth - 1),
        );
  return fc
    .array(fc.tuple(names, member), { maxLength: 5, size: 'max' })
    .map((members) => Object.fromEntries(members) as JsonObject);
}

/** Without references. */
export const objects: fc.Arbitrary<JsonObject> = objectsWith(secretLeaves);
