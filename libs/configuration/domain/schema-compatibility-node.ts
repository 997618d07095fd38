import { pointerToken, tokenName } from '#shared-kernel';
import { isJsonObject } from './json.js';
import type { JsonObject, JsonValue } from './json.js';

/** A schema with what its references lead to; the same document is the same object. */
export interface SchemaDocument {
  /** Equal ones hold the same, for ever; null where nobody vouches for that. */
  readonly key: string | null;
  readonly dialect: '2020-12' | 'draft-07';
  readonly root: JsonValue;
  /** By `<name>:<version>`. */
  readonly others: ReadonlyMap<string, SchemaDocument>;
}

/** A schema inside of a document. */
export interface SchemaNode {
  readonly document: SchemaDocument;
  readonly schema: JsonValue;
  /** JSON Pointer into the document that the comparison began with. */
  readonly pointer: string;
}

export const rootOf = (document: SchemaDocument): SchemaNode => ({
  document,
  schema: document.root,
  pointer: '',
});

/** What a keyword holds, or something in it. */
export function nodeAt(node: SchemaNode, ...steps: readonly (string | number)[]): SchemaNode {
  let schema: JsonValue | undefined = node.schema;
  for (const step of steps) schema = member(schema, String(step));
  const path = steps.map((step) => `/${pointerToken(step)}`);
  return { ...node, schema: schema === undefined ? true : schema, pointer: node.pointer + path.join('') };
}

/**
 * The same as it is written, and so is everything that it may refer to: definitions are compared as a whole, references
 * to other places of the document are not followed.
 */
export function isSame(a: SchemaNode, b: SchemaNode): boolean {
  if (a.schema === b.schema && a.document === b.document) return true;
  const isWrittenAlike =
    a.document.dialect === b.document.dialect && writtenAs(a.schema) === writtenAs(b.schema);
  if (!isWrittenAlike || referencesIn(a.schema).length === 0) return isWrittenAlike;
  return meanTheSame(a.schema, a.document, b.document) && haveSameDefinitions(a.document, b.document);
}

/** Whether the references in it can only lead to definitions, or to the same registered schemas. */
function meanTheSame(schema: JsonValue, a: SchemaDocument, b: SchemaDocument): boolean {
  return referencesIn(schema).every((reference) => {
    if (DEFINITION.test(reference)) return true;
    const name = REGISTERED.exec(reference)?.[1] ?? '';
    const key = a.others.get(name)?.key ?? null;
    return key !== null && key === b.others.get(name)?.key;
  });
}

const DEFINITION = /^#\/(?:\$defs|definitions)\//;
const sames = new WeakMap<SchemaDocument, WeakMap<SchemaDocument, boolean>>();

function haveSameDefinitions(a: SchemaDocument, b: SchemaDocument): boolean {
  const known = sames.get(a)?.get(b);
  if (known !== undefined) return known;
  const isTheSame = ['$defs', 'definitions'].every((keyword) => {
    const [one, other] = [member(a.root, keyword) ?? {}, member(b.root, keyword) ?? {}];
    return writtenAs(one) === writtenAs(other) && meanTheSame(one, a, b);
  });
  const ofA = sames.get(a) ?? new WeakMap<SchemaDocument, boolean>();
  sames.set(a, ofA.set(b, isTheSame));
  return isTheSame;
}

const references = new WeakMap<object, readonly string[]>();

/** Every reference in the text of a schema; a dynamic one as the empty text, which leads nowhere. */
function referencesIn(schema: JsonValue): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const known = references.get(schema);
  if (known) return known;
  const text = writtenAs(schema);
  const quoted = [...text.matchAll(/"\$ref":("(?:[^"\\]|\\.)*")/g)].map(
    ([, value = '""']) => JSON.parse(value) as string,
  );
  const found = text.includes('"$dynamicRef"') ? ['', ...quoted] : quoted;
  references.set(schema, found);
  return found;
}

const texts = new WeakMap<object, string>();

function writtenAs(schema: JsonValue): string {
  if (typeof schema !== 'object' || schema === null) return JSON.stringify(schema);
  const text = texts.get(schema) ?? JSON.stringify(schema);
  texts.set(schema, text);
  return text;
}

/**
 * Schemas that hold together exactly when these do: without references and without `allOf`. Null where a reference leads
 * to more than can be followed.
 */
export function conjunctsOf(nodes: readonly SchemaNode[]): SchemaNode[] | null {
  const found: SchemaNode[] = [];
  const open = [...nodes];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.length + open.length > CONJUNCTS_MAX) return null;
    if (!isJsonObject(next.schema)) {
      found.push(next);
      continue;
    }
    const { $ref: reference, allOf } = next.schema;
    if (typeof reference === 'string') {
      const target = resolve(next, reference);
      if (!target) return null;
      open.push(target);
    }
    if (typeof reference === 'string' && next.document.dialect === 'draft-07') continue;
    if (Array.isArray(allOf)) open.push(...allOf.map((_, index) => nodeAt(next, 'allOf', index)));
    found.push({ ...next, schema: ownOf(next.schema) });
  }
  return found;
}

const owns = new WeakMap<JsonObject, JsonObject>();

/** What it says itself; the same object each time, so that what is known of it is found again. */
function ownOf(schema: JsonObject): JsonObject {
  const { $ref: _, allOf: __, ...rest } = schema;
  const own = owns.get(schema) ?? rest;
  owns.set(schema, own);
  return own;
}

/**
 * The same, as far as it can be relied on: what is left over depends on what stands beside, which was taken apart. Null as
 * there.
 */
export const premisesOf = (nodes: readonly SchemaNode[]): SchemaNode[] | null =>
  conjunctsOf(nodes)?.map((node) =>
    isJsonObject(node.schema) ? { ...node, schema: premiseOf(node.schema) } : node,
  ) ?? null;

const premises = new WeakMap<JsonObject, JsonObject>();

function premiseOf(schema: JsonObject): JsonObject {
  const { unevaluatedProperties: properties, unevaluatedItems: items, ...rest } = schema;
  if (properties === undefined && items === undefined) return schema;
  const premise = premises.get(schema) ?? rest;
  premises.set(schema, premise);
  return premise;
}

/** How much there is to look at: keywords, and what they list. */
export function effortOf(nodes: readonly SchemaNode[]): number {
  return nodes.reduce((sum, { schema }) => {
    const values = isJsonObject(schema) ? Object.values(schema) : [];
    const listed = values.map((value) => (Array.isArray(value) ? value.length : 1));
    return sum + listed.reduce((total, length) => total + length, 1);
  }, 0);
}

const CONJUNCTS_MAX = 1_000;
const REGISTERED = /^urn:metastore:schema:([^:]+:[^:#]+)(#.*)?$/s;

function resolve(from: SchemaNode, reference: string): SchemaNode | null {
  const [, name, fragment = '#'] = REGISTERED.exec(reference) ?? [];
  if (name === undefined) return inside(from, reference);
  const document = from.document.others.get(name);
  const target = document && inside(rootOf(document), fragment);
  return target ? { ...target, pointer: `${from.pointer}/$ref` } : null;
}

/** Anchors are not followed. */
function inside({ document }: SchemaNode, fragment: string): SchemaNode | null {
  const place = decodeURIComponent(fragment.slice(1));
  if (place === '') return rootOf(document);
  if (!place.startsWith('/')) return null;
  const steps = place.slice(1).split('/').map(tokenName);
  return nodeAt(rootOf(document), ...steps);
}

function member(holder: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, name)) return undefined;
  return (holder as JsonObject)[name];
}
