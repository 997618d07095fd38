import { sameJson } from '#shared-kernel';
import { isObject } from './documents.js';
import type { JsonObject } from './documents.js';

/**
 * What of `desired` is not so in `reported`: desired's values, down to the members that differ. What is reported beyond
 * the desired names is nobody's wish and no difference. A member that is desired to be null is there when it is not reported.
 */
export function deltaOf(desired: JsonObject, reported: JsonObject): JsonObject {
  const differing = Object.entries(desired).flatMap(([name, wish]): [string, unknown][] => {
    const found = Object.hasOwn(reported, name) ? reported[name] : null;
    if (sameJson(wish, found)) return [];
    if (!isObject(wish) || !isObject(found)) return [[name, wish]];
    const inside = deltaOf(wish, found);
    return Object.keys(inside).length === 0 ? [] : [[name, inside]];
  });
  return Object.fromEntries(differing);
}

export const hasDelta = (desired: JsonObject, reported: JsonObject): boolean =>
  Object.keys(deltaOf(desired, reported)).length > 0;
