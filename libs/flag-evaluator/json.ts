import type { Json, JsonObject } from './definition.js';

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function objectsEqual(a: JsonObject, b: JsonObject): boolean {
  let count = 0;
  for (const name in a) {
    count++;
    if (!Object.hasOwn(b, name)) return false;
    const [inA, inB] = [a[name], b[name]];
    if (inA === undefined || inB === undefined || !jsonEqual(inA, inB)) return false;
  }
  return count === Object.keys(b).length;
}

/** The same JSON, whatever the order of the properties. */
export function jsonEqual(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    const [listA, listB]: readonly (readonly Json[])[] = [a, b];
    if (listA === undefined || listB === undefined || listA.length !== listB.length) return false;
    return listA.every((element, index) => jsonEqual(element, listB[index] ?? null));
  }
  return isObject(a) && isObject(b) && objectsEqual(a, b);
}
