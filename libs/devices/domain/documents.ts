/** A JSON object, as `JSON.parse` gives it: its members are its own, whatever they are called. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Of the attributes, and of what is desired, as JSON in UTF-8. */
export const DOCUMENT_BYTES_MAX = 32 * 1024;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What RFC 7396 makes of a document: null removes, objects are merged, everything else is replaced. */
export function mergePatch(document: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(Object.entries(isObject(document) ? document : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

/** The document that a patch of its members makes. */
export const mergedDocument = (document: JsonObject, patch: JsonObject): JsonObject =>
  mergePatch(document, patch) as JsonObject;

export const bytesOf = (document: JsonObject): number =>
  new TextEncoder().encode(JSON.stringify(document)).length;
