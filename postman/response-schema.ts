import type { Schema, Schemas } from './openapi.js';
import { nameOf } from './openapi.js';

/** They tell people something, and a validator nothing. */
const FOR_PEOPLE = new Set(['examples', 'example', 'description', 'title', 'default', 'deprecated']);
/** Their values are schemas by a name that somebody chose, not keywords. */
const NAMED = new Set(['properties', 'patternProperties', 'definitions']);
/** Their values are data. */
const DATA = new Set(['enum', 'const', 'required', 'type']);
/** What changed its meaning after draft-07, and would be passed over in silence. */
const UNKNOWN_THERE = [
  ...['$defs', '$anchor', '$dynamicRef', '$dynamicAnchor', 'prefixItems', 'minContains', 'maxContains'],
  ...['unevaluatedProperties', 'unevaluatedItems', 'dependentRequired', 'dependentSchemas', 'nullable'],
];

/**
 * The same schema in draft-07, which is what Postman validates with, whole in itself: what it refers to is among its
 * `definitions`. Properties that the document does not name are refused.
 * @throws Error for a keyword that draft-07 does not know: nothing is left unchecked in silence.
 */
export function responseSchema(schema: Schema, schemas: Schemas): object {
  const definitions: Record<string, unknown> = {};
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    definitions[name] = translate(schemas[name] ?? {}, visit);
  };
  const own = translate(schema, visit);
  const sorted = Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.length > 0 ? { ...own, definitions: Object.fromEntries(sorted) } : own;
}

type Visit = (name: string) => void;

function translate(schema: Schema, visit: Visit): Record<string, unknown> {
  const unknown = UNKNOWN_THERE.find((keyword) => keyword in schema);
  if (unknown !== undefined) throw new Error(`${unknown} has no counterpart in draft-07.`);
  const { $ref, ...rest } = schema;
  const said = Object.entries(rest)
    .filter(([keyword]) => !FOR_PEOPLE.has(keyword))
    .map(([keyword, value]) => [keyword, translateValue(keyword, value, visit)]);
  const own = closed(Object.fromEntries(said) as Record<string, unknown>);
  if ($ref === undefined) return own;
  visit(nameOf($ref));
  const reference = { $ref: `#/definitions/${nameOf($ref)}` };
  return said.length === 0 ? reference : { allOf: [reference, own] }; // Beside $ref draft-07 heeds nothing.
}

function translateValue(keyword: string, value: unknown, visit: Visit): unknown {
  if (DATA.has(keyword) || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => translate(each as Schema, visit));
  if (!NAMED.has(keyword)) return translate(value as Schema, visit);
  const named = Object.entries(value as Schemas);
  return Object.fromEntries(named.map(([name, each]) => [name, translate(each, visit)]));
}

/** An answer has what the document names and nothing else, unless it says so. */
function closed(schema: Record<string, unknown>): Record<string, unknown> {
  const isOpen = schema['properties'] === undefined || schema['additionalProperties'] !== undefined;
  const isPart = ['allOf', 'anyOf', 'oneOf'].some((keyword) => schema[keyword] !== undefined);
  return isOpen || isPart ? schema : { ...schema, additionalProperties: false };
}
