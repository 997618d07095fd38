/** The versions of JSON Schema that are taken; `$schema` says which, and nothing said is the first. */
export type Dialect = '2020-12' | 'draft-07';

/** What `$schema` may say; an empty fragment at its end is the same. */
export const DIALECTS: ReadonlyMap<string, Dialect> = new Map([
  ['https://json-schema.org/draft/2020-12/schema', '2020-12'],
  ['http://json-schema.org/draft-07/schema', 'draft-07'],
]);

/** A keyword whose value holds schemas. */
interface Applicator {
  /** One, several in order, several by name, or any of these forms that the dialect allows. */
  readonly holds: 'schema' | 'list' | 'map' | 'schema-or-list' | 'map-or-names';
  /** True when what it holds is about the same value, so that a circle of them never ends. */
  readonly inPlace: boolean;
}

const inner = (holds: Applicator['holds']): Applicator => ({ holds, inPlace: false });
const inPlace = (holds: Applicator['holds']): Applicator => ({ holds, inPlace: true });

const all = (keywords: string, applicator: Applicator): [string, Applicator][] =>
  keywords.split(' ').map((keyword) => [keyword, applicator]);

const APPLICATORS_OF_BOTH = [
  ...all('allOf anyOf oneOf', inPlace('list')),
  ...all('not if then else', inPlace('schema')),
  ...all('properties patternProperties $defs definitions', inner('map')),
  ...all('additionalProperties propertyNames contains', inner('schema')),
];

/** Those that only keep schemas for others to refer to. */
export const SHELVES: ReadonlySet<string> = new Set(['$defs', 'definitions']);

/** By keyword; the names are those of the two specifications. */
export const APPLICATORS: Readonly<Record<Dialect, ReadonlyMap<string, Applicator>>> = {
  '2020-12': new Map([
    ...APPLICATORS_OF_BOTH,
    ...all('items unevaluatedItems unevaluatedProperties', inner('schema')),
    ['prefixItems', inner('list')],
    ['dependentSchemas', inPlace('map')],
  ]),
  'draft-07': new Map([
    ...APPLICATORS_OF_BOTH,
    ['items', inner('schema-or-list')],
    ['additionalItems', inner('schema')],
    ['dependencies', inPlace('map-or-names')],
  ]),
};

const ASSERTIONS_OF_BOTH = [
  ...['type', 'enum', 'const', 'multipleOf', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum'],
  ...['maxLength', 'minLength', 'pattern', 'format', 'maxItems', 'minItems', 'uniqueItems'],
  ...['maxProperties', 'minProperties', 'required'],
];

/** Keywords that judge a value and hold no schema. Whatever is in neither table says nothing about values. */
export const ASSERTIONS: Readonly<Record<Dialect, ReadonlySet<string>>> = {
  '2020-12': new Set([...ASSERTIONS_OF_BOTH, 'maxContains', 'minContains', 'dependentRequired']),
  'draft-07': new Set(ASSERTIONS_OF_BOTH),
};
