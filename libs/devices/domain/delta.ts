/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonDocument;

/** A JSON object. */
export interface JsonDocument {
  readonly [name: string]: Json;
}

/** True for the same value, in whatever order its members are written. */
export function isSameJson(one: Json, other: Json): boolean {
  if (one === other) return true;
  if (isList(one)) return isList(other) && sameItems(one, other);
  if (!isDocument(one) || !isDocument(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSameJson(valueOf(one, name), valueOf(other, name)))
  );
}

/** RFC 7396: members of the patch replace those of the document, objects are merged, null removes. */
export function mergePatch(document: Json, patch: Json): Json {
  if (!isDocument(patch)) return patch;
  const merged = new Map(isDocument(document) ? Object.entries(document) : []);
  for (const [name, member] of Object.entries(patch)) {
    if (member === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name) ?? null, member));
  }
  return Object.fromEntries(merged);
}

/**
 * What of `desired` is not so in `reported`: desired's values, down to the members that differ. What is reported beyond
 * the desired names is nobody's wish and no difference. A member that is desired to be null is there when it is not reported.
 */
export function deltaOf(desired: JsonDocument, reported: JsonDocument): JsonDocument {
  const differing = Object.entries(desired).flatMap(([name, wish]): [string, Json][] => {
    const found = Object.hasOwn(reported, name) ? valueOf(reported, name) : null;
    if (isSameJson(wish, found)) return [];
    if (!isDocument(wish) || !isDocument(found)) return [[name, wish]];
    const inside = deltaOf(wish, found);
    return Object.keys(inside).length === 0 ? [] : [[name, inside]];
  });
  return Object.fromEntries(differing);
}

export const hasDelta = (desired: JsonDocument, reported: JsonDocument): boolean =>
  Object.keys(deltaOf(desired, reported)).length > 0;

export const isDocument = (value: Json | undefined): value is JsonDocument =>
  typeof value === 'object' && value !== null && !isList(value);

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const valueOf = (document: JsonDocument, name: string): Json => document[name] ?? null;

const sameItems = (one: readonly Json[], other: readonly Json[]): boolean =>
  one.length === other.length && one.every((item, index) => isSameJson(item, other[index] ?? null));
