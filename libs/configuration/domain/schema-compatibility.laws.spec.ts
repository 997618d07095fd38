import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { notingEvaluated } from '#platform/json-schema';
import type { JsonValue } from './json.js';
import { objectionsTo } from './schema-compatibility.js';
import type { SchemaDocument } from './schema-compatibility-node.js';

const documentOf = (root: JsonValue): SchemaDocument => ({
  key: null,
  dialect: '2020-12',
  root,
  others: new Map(),
});

const aScalar = fc.oneof(
  fc.integer({ min: -3, max: 6 }),
  fc.constantFrom(0.5, 2.5),
  fc.constantFrom('', 'a', 'ab', 'b1', 'aaa'),
  fc.boolean(),
  fc.constant(null),
);
const aName = fc.constantFrom('a', 'b', 'c');
const aCount = fc.integer({ min: 0, max: 3 });
const aType = fc.constantFrom('null', 'boolean', 'object', 'array', 'string', 'number', 'integer');

const { document: aDocument } = fc.letrec<{ document: JsonValue }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 3 },
    aScalar,
    fc.array(tie('document'), { maxLength: 3 }),
    fc.dictionary(aName, tie('document'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

const { schema: aSchema } = fc.letrec<{ schema: JsonValue }>((tie) => {
  const inner = tie('schema');
  const keywords = {
    type: fc.oneof(aType, fc.uniqueArray(aType, { minLength: 1, maxLength: 3 })),
    enum: fc.uniqueArray(aScalar, { minLength: 1, maxLength: 3 }),
    const: aScalar,
    minimum: fc.integer({ min: -2, max: 4 }),
    maximum: fc.integer({ min: -2, max: 4 }),
    exclusiveMinimum: fc.integer({ min: -2, max: 4 }),
    exclusiveMaximum: fc.integer({ min: -2, max: 4 }),
    multipleOf: fc.constantFrom(1, 2, 3, 4, 0.5),
    minLength: aCount,
    maxLength: aCount,
    pattern: fc.constantFrom('^a', 'b'),
    minItems: aCount,
    maxItems: aCount,
    uniqueItems: fc.boolean(),
    minProperties: aCount,
    maxProperties: aCount,
    required: fc.uniqueArray(aName, { maxLength: 2 }),
    dependentRequired: fc.dictionary(aName, fc.uniqueArray(aName, { maxLength: 2 }), { maxKeys: 2 }),
    properties: fc.dictionary(aName, inner, { maxKeys: 3 }),
    patternProperties: fc.dictionary(fc.constantFrom('^a', 'b'), inner, { maxKeys: 2 }),
    additionalProperties: inner,
    propertyNames: inner,
    items: inner,
    prefixItems: fc.array(inner, { minLength: 1, maxLength: 2 }),
    contains: inner,
    minContains: aCount,
    maxContains: aCount,
    not: inner,
    anyOf: fc.array(inner, { minLength: 1, maxLength: 3 }),
    oneOf: fc.array(inner, { minLength: 1, maxLength: 3 }),
    allOf: fc.array(inner, { minLength: 1, maxLength: 2 }),
    if: inner,
    consequence: inner, // `then`: an object with that looks like a promise.
    else: inner,
    dependentSchemas: fc.dictionary(aName, inner, { maxKeys: 2 }),
    unevaluatedProperties: inner,
    unevaluatedItems: inner,
    $ref: fc.constant('#/$defs/shared'),
  };
  const some = fc
    .uniqueArray(fc.constantFrom(...(Object.keys(keywords) as (keyof typeof keywords)[])), { maxLength: 3 })
    .chain((names) =>
      fc.record(
        Object.fromEntries(
          names.map((name) => [
            name.replace('consequence', 'then'),
            keywords[name] as fc.Arbitrary<JsonValue>,
          ]),
        ),
      ),
    );
  return { schema: fc.oneof({ maxDepth: 3 }, fc.boolean(), some as fc.Arbitrary<JsonValue>) };
});

/** No reference in it, so that none leads back to itself. */
const aShared = aSchema.map(
  (schema) => JSON.parse(JSON.stringify(schema).replaceAll('"$ref"', '"unused"')) as JsonValue,
);

const whole = (schema: JsonValue, shared: JsonValue): JsonValue => ({
  ...(typeof schema === 'object' ? schema : { allOf: [schema] }),
  $defs: { shared },
});

/** Two schemas that have much in common: one change somewhere, or one after the other. */
const aPair = fc
  .tuple(aSchema, aSchema, aShared, aShared, fc.integer({ min: 0, max: 5 }), fc.nat())
  .map(([a, b, shared, other, how, seed]): [JsonValue, JsonValue] => {
    if (how === 0) return [whole(a, shared), whole(b, shared)];
    if (how === 1) return [whole({ allOf: [a, b] }, shared), whole(a, shared)];
    if (how === 2) return [whole(a, shared), whole({ anyOf: [b, a] }, shared)];
    if (how === 3) return [whole(a, shared), whole(a, other)];
    return how === 4
      ? [whole(a, shared), whole(mutated(a, seed), shared)]
      : [whole(mutated(a, seed), shared), whole(a, shared)];
  });

/** With one number, keyword or text changed. */
function mutated(schema: JsonValue, seed: number): JsonValue {
  let places = 0;
  JSON.stringify(schema, (_, value: JsonValue) => ((places += 1), value));
  let at = seed % places;
  return JSON.parse(
    JSON.stringify(schema, (_, value: unknown) => {
      if ((at -= 1) !== -1) return value;
      if (typeof value === 'number') return Math.max(value + (seed % 2 === 0 ? 1 : -1), 1);
      if (typeof value === 'boolean') return !value;
      if (Array.isArray(value) && value.length > 1) return value.slice(1) as unknown;
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      const [, ...rest] = Object.entries(value);
      return Object.fromEntries(rest);
    }),
  ) as JsonValue;
}

const checkOf = (schema: JsonValue): ((document: JsonValue) => boolean) => {
  const engine = new Ajv2020({
    ...{ strict: false, logger: false, validateSchema: false, ownProperties: true },
    // As the service has them. Else a schema that the engine fails on is drawn now and then.
    allErrors: true,
    code: { process: notingEvaluated },
  });
  return engine.compile(schema as object);
};

describe('what is said to be compatible', () => {
  it('takes every document that was taken before', () => {
    fc.assert(
      fc.property(
        aPair,
        fc.array(aDocument, { minLength: 20, maxLength: 40 }),
        ([older, newer], documents) => {
          const objections = objectionsTo(documentOf(older), documentOf(newer), 'backward');
          fc.pre(objections.length === 0);
          const [before, after] = [checkOf(older), checkOf(newer)];
          expect(documents.filter((document) => before(document) && !after(document))).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
