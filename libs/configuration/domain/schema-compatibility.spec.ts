import type { Compatibility } from './config-schema.js';
import type { JsonObject, JsonValue } from './json.js';
import { objectionsTo } from './schema-compatibility.js';
import type { SchemaDocument } from './schema-compatibility-node.js';

const documentOf = (root: JsonValue, dialect: SchemaDocument['dialect'] = '2020-12'): SchemaDocument => ({
  key: null,
  dialect,
  root,
  others: new Map(),
});

/** As text: an object of this shape looks like a promise. */
const FORBIDS_ONE = JSON.parse('{"if": {"const": 1}, "then": false}') as JsonObject;

/** The places and codes of what stands against the newer one. */
const against = (older: JsonValue, newer: JsonValue, mode: Compatibility = 'backward'): string[] =>
  objectionsTo(documentOf(older), documentOf(newer), mode).map(({ pointer, code }) =>
    `${pointer} ${code}`.trim(),
  );

const CLOSED = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false };

describe('a newer schema', () => {
  it.each<[string, JsonValue, JsonValue]>([
    ['takes more types', { type: 'integer' }, { type: ['number', 'null'] }],
    ['takes more values', { enum: [1, 2] }, { enum: [2, 3, 1] }],
    ['takes one of many that was alone before', { const: { b: 1, a: 2 } }, { enum: [{ a: 2, b: 1 }] }],
    ['has wider bounds', { minimum: 5, maximum: 7 }, { minimum: 4, exclusiveMaximum: 8 }],
    ['has coarser steps', { multipleOf: 6 }, { multipleOf: 3 }],
    ['asks for whole numbers in other words', { type: 'integer' }, { multipleOf: 1 }],
    ['asks for less length', { minLength: 3, maxLength: 4 }, { minLength: 2, maxLength: 9 }],
    ['says nothing of the other types', { type: 'string' }, { minimum: 3, required: ['a'], items: false }],
    ['needs fewer properties', { required: ['a', 'b'] }, { required: ['b'] }],
    [
      'knows another property where others were refused',
      CLOSED,
      { ...CLOSED, properties: { a: { type: 'string' }, b: { type: 'number' } } },
    ],
    ['opens what was closed', CLOSED, { ...CLOSED, additionalProperties: true }],
    [
      'says in allOf what was said beside it',
      { type: 'string', minLength: 2 },
      { allOf: [{ type: 'string' }, { minLength: 1 }] },
    ],
    [
      'has a branch more',
      { anyOf: [{ type: 'string' }, { const: 1 }] },
      { anyOf: [{ type: 'number' }, { type: 'null' }, { type: 'string' }] },
    ],
    [
      'makes branches of types',
      { type: ['string', 'null'] },
      { oneOf: [{ type: 'null' }, { type: 'string' }] },
    ],
    [
      'moves a part to its definitions',
      { properties: { a: { type: 'string' } } },
      { properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: { type: 'string' } } },
    ],
    [
      'is a tree, too',
      { properties: { next: { $ref: '#' } }, required: ['x'] },
      { properties: { next: { $ref: '#/$defs/n' } }, $defs: { n: { properties: { next: { $ref: '#' } } } } },
    ],
    ['refuses less', { not: { type: ['string', 'null'] } }, { not: { const: null } }],
    [
      'has the same parts that are not compared',
      { ...FORBIDS_ONE, contains: { const: 1 }, minContains: 2, description: 'a' },
      { description: 'b', ...FORBIDS_ONE, contains: { const: 1 }, minContains: 2 },
    ],
    [
      'has the same parts that refer to the same',
      { oneOf: [{ $ref: '#/$defs/a' }, {}], $defs: { a: { minimum: 1 } } },
      { title: 'x', $defs: { a: { minimum: 1 } }, oneOf: [{ $ref: '#/$defs/a' }, {}] },
    ],
    [
      'takes lists that are longer and of more',
      { items: { type: 'integer' }, prefixItems: [{ const: 1 }] },
      { prefixItems: [{ type: 'number' }], items: { type: ['number', 'string'] } },
    ],
    ['is for nobody in both', false, { type: 'string' }],
  ])('that %s is backward compatible', (_, older, newer) => {
    expect(against(older, newer)).toEqual([]);
  });

  it.each<[string, JsonValue, JsonValue, string[]]>([
    ['takes fewer types', { type: 'number' }, { type: 'integer' }, ['/type incompatible']],
    ['takes fewer values', { enum: [1, 2] }, { enum: [2] }, ['/enum incompatible']],
    ['has unique items', {}, { uniqueItems: true }, ['/uniqueItems incompatible']],
    ['says a constant', {}, { const: true }, ['/const incompatible']],
    ['says another constant', { const: null }, { const: true }, ['/const incompatible']],
    ['has narrower bounds', { maximum: 7 }, { exclusiveMaximum: 7 }, ['/exclusiveMaximum incompatible']],
    [
      'needs a property',
      { properties: { a: {} } },
      { properties: { a: {} }, required: ['a'] },
      ['/required incompatible'],
    ],
    [
      'judges a property that could be anything',
      { type: 'object' },
      { properties: { 'a/b': { type: 'string' } } },
      ['/properties/a~1b/type incompatible'],
    ],
    [
      'closes what was open',
      { ...CLOSED, additionalProperties: true },
      CLOSED,
      ['/additionalProperties incompatible'],
    ],
    [
      'closes what had a pattern',
      { patternProperties: { '^b': true }, additionalProperties: false },
      { additionalProperties: false },
      ['/additionalProperties incompatible'],
    ],
    [
      'forgets a property',
      { ...CLOSED, properties: { a: {}, b: {} } },
      { ...CLOSED, properties: { a: {} } },
      ['/additionalProperties incompatible'],
    ],
    ['changes a pattern', { pattern: 'a' }, { pattern: 'b' }, ['/pattern incompatible']],
    [
      'changes what it refers to',
      { $ref: '#/$defs/a', $defs: { a: { minimum: 1 } } },
      { $ref: '#/$defs/a', $defs: { a: { minimum: 2 } } },
      ['/$defs/a/minimum incompatible'],
    ],
    ['contains something', {}, { contains: true }, ['/contains undecided']],
    ['forbids something', {}, { not: true }, ['/not undecided']],
    ['has branches that overlap', {}, { oneOf: [{ minimum: 1 }, { maximum: 3 }] }, ['/oneOf undecided']],
    ['decides', {}, FORBIDS_ONE, ['/if undecided']],
    [
      'has no branch for what was allowed',
      { type: ['string', 'null'] },
      { anyOf: [{ type: 'string' }] },
      ['/anyOf undecided'],
    ],
    ['judges what is left over', {}, { unevaluatedProperties: false }, ['/unevaluatedProperties undecided']],
    [
      'judges first items, and lets the others be anything',
      {},
      { prefixItems: [{ type: 'string' }], items: true },
      ['/prefixItems/0/type incompatible'],
    ],
    [
      'leaves less over than it did',
      { allOf: [{ properties: { b: true } }], unevaluatedProperties: false },
      { allOf: [{ properties: { c: true } }], unevaluatedProperties: false },
      ['/unevaluatedProperties undecided'],
    ],
    [
      'leaves less items over than it did',
      { allOf: [{ prefixItems: [true, true] }], unevaluatedItems: false },
      { allOf: [{ prefixItems: [true] }], unevaluatedItems: false },
      ['/unevaluatedItems undecided'],
    ],
    [
      'leaves less over because of what it refers to',
      { $ref: '#/$defs/a', unevaluatedProperties: false, $defs: { a: { properties: { b: true } } } },
      { $ref: '#/$defs/a', unevaluatedProperties: false, $defs: { a: { properties: { c: true } } } },
      ['/unevaluatedProperties undecided'],
    ],
  ])('that %s is not, and the place is told', (_, older, newer, told) => {
    expect(against(older, newer)).toEqual(told);
  });

  it('is forward compatible when the older one takes all that it takes', () => {
    expect(against({ type: 'number' }, { type: 'integer' }, 'forward')).toEqual([]);
    expect(against({ minimum: 3 }, {}, 'forward')).toEqual(['/minimum incompatible']);
  });

  it('is fully compatible when both are', () => {
    expect(against({ minimum: 3, title: 'a' }, { minimum: 3, title: 'b' }, 'full')).toEqual([]);
    expect(against({ minimum: 3 }, { minimum: 4 }, 'full')).toEqual(['/minimum incompatible']);
    expect(against({ minimum: 4 }, { minimum: 3 }, 'full')).toEqual(['/minimum incompatible']);
  });

  it('may be anything where nothing is promised', () => {
    expect(against({ type: 'string' }, false, 'none')).toEqual([]);
  });

  it('is read as its dialect says', () => {
    const items: JsonValue = { items: [{ type: 'string' }], additionalItems: false };
    const before = documentOf({ items: [{ type: 'string' }], additionalItems: { type: 'null' } }, 'draft-07');
    const told = objectionsTo(before, documentOf(items, 'draft-07'), 'backward');
    expect(told.map(({ pointer }) => pointer)).toEqual(['/additionalItems']);
    const beside = documentOf(
      { properties: { a: { $ref: '#/definitions/a', maximum: 1 } }, definitions: { a: {} } },
      'draft-07',
    );
    expect(objectionsTo(documentOf({}, 'draft-07'), beside, 'backward')).toEqual([]);
  });

  it('is promised nothing by keywords that another dialect alone knows', () => {
    const asking: JsonValue = { dependentRequired: { a: ['b'] } };
    const told = objectionsTo(documentOf(asking, 'draft-07'), documentOf(asking), 'backward');
    expect(told.map(({ pointer }) => pointer)).toEqual(['/dependentRequired']);
  });

  it('that is too large to be compared is not known to be compatible, and no input exhausts the stack', () => {
    const chain = (length: number, end: JsonValue): JsonValue => ({
      $ref: '#/$defs/0',
      $defs: Object.fromEntries(
        Array.from({ length }, (_, index) => [
          index,
          index + 1 < length ? { properties: { a: { $ref: `#/$defs/${index + 1}` } } } : end,
        ]),
      ),
    });
    expect(against(chain(4_000, {}), chain(4_000, { type: 'string' }))).toEqual([
      expect.stringMatching(/undecided$/),
    ]);
    const wide = (type: string): JsonValue => ({
      anyOf: Array.from({ length: 2_000 }, (_, index) => ({
        properties: { [`p${index}`]: { type } },
        required: [`q${index}`],
      })),
    });
    expect(against(wide('integer'), wide('string'))).toEqual([expect.stringMatching(/undecided$/)]);
  });
});
