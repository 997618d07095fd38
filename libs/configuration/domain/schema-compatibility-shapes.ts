import { isJsonObject } from './json.js';
import type { JsonValue } from './json.js';
import { nodeAt } from './schema-compatibility-node.js';
import type { SchemaNode } from './schema-compatibility-node.js';
import { membersOf } from './schema-compatibility-types.js';

/** What has to be shown: that whatever satisfies all of the first satisfies the second. */
export interface Inclusion {
  readonly of: readonly SchemaNode[];
  readonly in: SchemaNode;
}

const has = ({ schema }: SchemaNode, keyword: string): boolean =>
  isJsonObject(schema) && schema[keyword] !== undefined;

const namesOf = ({ schema }: SchemaNode, keyword: string): string[] =>
  Object.keys(membersOf(schema, keyword));

/** What all of them say of the property of this name; patterns may say more, which is left out. */
function ofProperty(conjuncts: readonly SchemaNode[], name: string): SchemaNode[] {
  return conjuncts.flatMap((node) => {
    if (Object.hasOwn(membersOf(node.schema, 'properties'), name)) return [nodeAt(node, 'properties', name)];
    return namesOf(node, 'patternProperties').length === 0 && has(node, 'additionalProperties')
      ? [nodeAt(node, 'additionalProperties')]
      : [];
  });
}

/** What `properties` asks for. */
export const ofProperties = (conjuncts: readonly SchemaNode[], asked: SchemaNode): Inclusion[] =>
  namesOf(asked, 'properties').map((name) => ({
    of: ofProperty(conjuncts, name),
    in: nodeAt(asked, 'properties', name),
  }));

/** What `additionalProperties` asks for: of properties that are named elsewhere, and of all others. Any of the ways shows the last. */
export function ofAdditional(
  conjuncts: readonly SchemaNode[],
  asked: SchemaNode,
): { readonly all: readonly Inclusion[]; readonly any: readonly (readonly Inclusion[])[] } {
  const wanted = nodeAt(asked, 'additionalProperties');
  const known = new Set(namesOf(asked, 'properties'));
  const named = new Set(conjuncts.flatMap((node) => namesOf(node, 'properties')));
  const all = [...named]
    .filter((name) => !known.has(name))
    .map((name) => ({ of: ofProperty(conjuncts, name), in: wanted }));
  const any = conjuncts
    .filter((node) => has(node, 'additionalProperties'))
    .map((node) => {
      const patterns = namesOf(node, 'patternProperties').filter(
        (pattern) => !namesOf(asked, 'patternProperties').includes(pattern),
      );
      return [
        { of: [nodeAt(node, 'additionalProperties')], in: wanted },
        ...patterns.map((pattern) => ({ of: [nodeAt(node, 'patternProperties', pattern)], in: wanted })),
      ];
    });
  return { all, any: [...any, [{ of: [], in: wanted }]] };
}

/** Ways to show what one pattern asks for: the same pattern says it. */
export const ofPattern = (
  conjuncts: readonly SchemaNode[],
  asked: SchemaNode,
  pattern: string,
): Inclusion[] => [
  ...conjuncts
    .filter((node) => Object.hasOwn(membersOf(node.schema, 'patternProperties'), pattern))
    .map((node) => ({
      of: [nodeAt(node, 'patternProperties', pattern)],
      in: nodeAt(asked, 'patternProperties', pattern),
    })),
  { of: [], in: nodeAt(asked, 'patternProperties', pattern) },
];

/** A list's first items one by one, and all others. */
interface Items {
  readonly first: readonly SchemaNode[];
  readonly rest: SchemaNode | null;
}

function itemsOf(node: SchemaNode): Items {
  const { schema, document } = node;
  const items: JsonValue | undefined = isJsonObject(schema) ? schema['items'] : undefined;
  const keyword = document.dialect === 'draft-07' ? 'items' : 'prefixItems';
  const list = isJsonObject(schema) ? schema[keyword] : undefined;
  const first = Array.isArray(list) ? list.map((_, index) => nodeAt(node, keyword, index)) : [];
  const isTuple = document.dialect === 'draft-07' && Array.isArray(items);
  const others = isTuple ? 'additionalItems' : 'items';
  return { first, rest: has(node, others) ? nodeAt(node, others) : null };
}

/** What the keywords about items ask for, item by item up to where nobody tells one from the next. */
export function ofItems(conjuncts: readonly SchemaNode[], asked: SchemaNode): Inclusion[] {
  const wanted = itemsOf(asked);
  const known = conjuncts.map(itemsOf);
  const longest = Math.max(wanted.first.length, ...known.map(({ first }) => first.length));
  return Array.from({ length: longest + 1 }, (_, index) => index).flatMap((index) => {
    const target = wanted.first[index] ?? wanted.rest;
    if (!target) return [];
    const of = known.flatMap(({ first, rest }) => first[index] ?? rest ?? []);
    return [{ of, in: target }];
  });
}
