import type { FuncKeywordDefinition } from 'ajv';
import { isMembers } from './json.js';
import type { Json } from './json.js';

/** Equal for equal values, whatever the order of names; no deeper than documents may be. */
export function textOf(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return JSON.stringify(value, (_, inner: Json) =>
    isMembers(inner) ? Object.fromEntries(Object.entries(inner).toSorted(byName)) : inner,
  );
}

const byName = ([a]: [string, Json], [b]: [string, Json]): number => (a < b ? -1 : 1);

/**
 * `const`, `enum` and `uniqueItems` by values. Those of the engine ask a document for its `valueOf` and `toString`, which
 * fails where a document has properties of these names, and compare all items with all others.
 */
export const EQUALITY: readonly FuncKeywordDefinition[] = [
  {
    keyword: 'const',
    errors: false,
    error: { message: 'must be equal to constant' },
    compile: (expected: Json) => {
      const text = textOf(expected);
      return (value: Json) => textOf(value) === text;
    },
  },
  {
    keyword: 'enum',
    schemaType: 'array',
    errors: false,
    error: { message: 'must be equal to one of the allowed values' },
    compile: (expected: readonly Json[]) => {
      const texts = new Set(expected.map(textOf));
      return (value: Json) => texts.has(textOf(value));
    },
  },
  {
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    errors: false,
    error: { message: 'must NOT have duplicate items' },
    compile: (asked: Json) => (items: readonly Json[]) =>
      asked !== true || new Set(items.map(textOf)).size === items.length,
  },
];
