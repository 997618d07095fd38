import type { Violation } from '#shared-kernel';

/** What a schema refers to: a place in itself, or in a registered schema. */
export interface Reference {
  /** Where it is said. */
  readonly pointer: string;
  /** The schema that says it. */
  readonly from: string;
  /** Null is the document itself. */
  readonly registered: RegisteredName | null;
  /** A JSON Pointer, or an anchor as `#name`. */
  readonly place: string;
}

/** How documents name a registered schema: `urn:metastore:schema:<name>:<version>`. */
export interface RegisteredName {
  readonly name: string;
  /** As Semantic Versioning says. */
  readonly version: string;
}

const REGISTERED = /^urn:metastore:schema:([a-z][a-z0-9-]*):([0-9A-Za-z.+-]+)(?:#(.*))?$/s;
const REFERENCES_MAY_BE = 'A reference begins with # or with urn:metastore:schema:<name>:<version>.';

/** The reference that a text makes, or what is wrong with it. Nothing is ever fetched. */
export function readReference(text: string, pointer: string, from: string): Reference | Violation {
  const [, name, version, inside = ''] = REGISTERED.exec(text) ?? [];
  const isRegistered = name !== undefined && version !== undefined;
  const place = isRegistered ? placeOf(inside) : text.startsWith('#') ? placeOf(text.slice(1)) : null;
  if (place === null) return { pointer, code: 'reference_forbidden', detail: REFERENCES_MAY_BE };
  return { pointer, from, place, registered: isRegistered ? { name, version } : null };
}

/** What of these leads to no schema among the places. */
export function checkReferences(
  references: readonly Reference[],
  places: ReadonlyMap<string, string>,
): Violation[] {
  return references
    .filter(({ place }) => !places.has(place))
    .map(({ pointer }) => ({
      pointer,
      code: 'reference_unknown',
      detail: 'There is no schema at the place that it refers to.',
    }));
}

/** The place that a fragment means; null when it is not well-formed. */
function placeOf(fragment: string): string | null {
  try {
    const text = decodeURIComponent(fragment);
    return text === '' || text.startsWith('/') ? text : `#${text}`;
  } catch {
    return null;
  }
}
