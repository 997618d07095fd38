import { isJsonObject, memberOf, setMember } from './json.js';
import type { JsonObject, JsonValue } from './json.js';
import { isSecretLeaf } from './secret-reference.js';

/** No document is nearly as deep; below it what lies above stands as it is, so that no input exhausts the stack. */
const DEPTH_MAX = 256;

/**
 * A JSON Merge Patch (RFC 7396) applied to values: objects go into each other, everything else is replaced, and null
 * removes. What stands for a secret is replaced as a whole. Nulls that the target holds stay. Parts that do not change
 * are shared with the target and the patch.
 */
export const mergePatch = (target: JsonObject, patch: JsonObject): JsonObject => merged(target, patch, 0);

/** The document that a layer makes of the one below it: as `mergePatch`, and no member of the result is null. */
export const mergeObjects = (below: JsonObject, above: JsonObject): JsonObject =>
  merged(documentOf(below), above, 0);

/** The document that a layer makes alone; the very same object where it removes nothing. */
export const documentOf = (values: JsonObject): JsonObject => withoutNulls(values, 0);

/** What is merged member by member: an object that does not stand for a secret. */
export const isMergeable = (value: JsonValue | undefined): value is JsonObject =>
  isJsonObject(value) && !isSecretLeaf(value);

function merged(target: JsonObject, patch: JsonObject, depth: number): JsonObject {
  let result: Record<string, JsonValue> | null = null;
  for (const name of Object.keys(patch)) {
    const before = memberOf(target, name);
    const after = memberAfter(before, patch[name], depth + 1);
    if (after === before) continue;
    result ??= { ...target };
    if (after === undefined) delete result[name];
    else setMember(result, name, after);
  }
  return result ?? target;
}

/** Undefined where there is none any more. */
function memberAfter(
  before: JsonValue | undefined,
  patch: JsonValue | undefined,
  depth: number,
): JsonValue | undefined {
  if (patch === null) return undefined;
  if (!isMergeable(patch) || depth > DEPTH_MAX) return patch;
  return isMergeable(before) ? merged(before, patch, depth) : withoutNulls(patch, depth);
}

/** Lists stay as they are: what is null in them is an element like any other. */
function withoutNulls(object: JsonObject, depth: number): JsonObject {
  let result: Record<string, JsonValue> | null = null;
  for (const name of Object.keys(object)) {
    const before = object[name];
    const after = isMergeable(before) && depth < DEPTH_MAX ? withoutNulls(before, depth + 1) : before;
    if (after === before && after !== null) continue;
    result ??= { ...object };
    if (after === null || after === undefined) delete result[name];
    else setMember(result, name, after);
  }
  return result ?? object;
}
