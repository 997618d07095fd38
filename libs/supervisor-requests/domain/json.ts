/** A JSON object, as `JSON.parse` gives it: its members are its own, whatever they are called. */
export type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What RFC 7396 makes of a document: null removes, objects are merged, everything else is replaced. */
export function mergedDocument(document: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(document));
  for (const [name, value] of Object.entries(patch)) {
    const known = merged.get(name);
    if (value === null) merged.delete(name);
    else merged.set(name, isObject(value) ? mergedDocument(isObject(known) ? known : {}, value) : value);
  }
  return Object.fromEntries(merged);
}

/** As JSON in UTF-8. */
export const bytesOf = (document: unknown): number =>
  new TextEncoder().encode(JSON.stringify(document)).length;
