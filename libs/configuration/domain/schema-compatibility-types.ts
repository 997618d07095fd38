import { isJsonObject } from './json.js';
import type { JsonObject, JsonValue } from './json.js';
import type { SchemaNode } from './schema-compatibility-node.js';

/** Kinds of values that do not overlap: `number` of JSON Schema is the last two. */
export const KINDS = ['null', 'boolean', 'object', 'array', 'string', 'integer', 'fraction'] as const;
export type Kind = (typeof KINDS)[number];

/** What the values that satisfy all of these may be; at least. */
export function kindsOf(conjuncts: readonly SchemaNode[]): ReadonlySet<Kind> {
  const values = valuesOf(conjuncts);
  if (values) return new Set(values.map(kindOf));
  return new Set(KINDS.filter((kind) => conjuncts.every((node) => allows(node, kind))));
}

/** All values that may satisfy all of these, where `enum` or `const` lists them; else null. */
export function valuesOf(conjuncts: readonly SchemaNode[]): readonly JsonValue[] | null {
  for (const { schema } of conjuncts) {
    if (!isJsonObject(schema)) continue;
    const listed = schema['const'] === undefined ? schema['enum'] : [schema['const']];
    if (Array.isArray(listed)) {
      return (listed as JsonValue[]).filter((value) =>
        conjuncts.every((node) => allows(node, kindOf(value))),
      );
    }
  }
  const kinds = KINDS.filter((kind) => conjuncts.every((node) => allows(node, kind)));
  return kinds.every((kind) => kind === 'null' || kind === 'boolean')
    ? kinds.flatMap((kind): JsonValue[] => (kind === 'null' ? [null] : [true, false]))
    : null;
}

/** What `type` says. */
export function kindsIn(type: JsonValue | undefined): ReadonlySet<Kind> {
  if (type === undefined) return new Set(KINDS);
  const names = Array.isArray(type) ? (type as JsonValue[]) : [type];
  return new Set(
    names.flatMap((name): Kind[] => (name === 'number' ? ['integer', 'fraction'] : [name as Kind])),
  );
}

function allows({ schema }: SchemaNode, kind: Kind): boolean {
  if (!isJsonObject(schema)) return schema === true;
  const { const: only, enum: listed, type } = schema;
  const values = only === undefined ? listed : [only];
  const isListed = !Array.isArray(values) || (values as JsonValue[]).some((value) => kindOf(value) === kind);
  return isListed && kindsIn(type).has(kind);
}

export function kindOf(value: JsonValue): Kind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'fraction';
  return typeof value as Kind;
}

/** Equal for equal values, whatever the order of names. */
export function textOf(value: JsonValue): string {
  return JSON.stringify(value, (_, inner: JsonValue) =>
    isJsonObject(inner) ? Object.fromEntries(Object.entries(inner).toSorted(byName)) : inner,
  );
}

const byName = ([a]: [string, JsonValue], [b]: [string, JsonValue]): number => (a < b ? -1 : 1);

/** The members of a keyword that holds an object; none where it holds none. */
export const membersOf = (schema: JsonValue, keyword: string): JsonObject => {
  const value = isJsonObject(schema) ? schema[keyword] : undefined;
  return isJsonObject(value) ? value : {};
};
