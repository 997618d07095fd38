import { isKekId } from './key-wrapper.js';

/** Where a sealed value belongs. It opens there and nowhere else. */
export interface SealedPlace {
  /** A slug; `_shared` for what belongs to all tenants, `*` for what belongs to none. */
  readonly tenant: string;
  /** The UUID of whatever the value is a part of; upper and lower case are the same place. */
  readonly entry: string;
  /** The version that the value is stored as, from 1. */
  readonly version: number;
  readonly contentType: SealedContentType;
}

const CONTENT_TYPES = ['json', 'yaml', 'text', 'binary'] as const;
export type SealedContentType = (typeof CONTENT_TYPES)[number];

const TENANT = /^(?:_shared|\*|[a-z0-9][a-z0-9-]{0,62})$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The place and the key-encryption key of sealing time, as `v1|tenant|entry|version|content_type|kek`. Every field is
 * checked to hold no `|`, so that two places never read the same. A place that fails is a mistake of the program.
 */
export function associatedData(place: SealedPlace, kekId: string): string {
  const { tenant, version, contentType } = place;
  const entry = place.entry.toLowerCase(); // As the database gives it back.
  if (!TENANT.test(tenant)) throw new TypeError('A sealed place needs a slug, _shared or * as its tenant.');
  if (!UUID.test(entry)) throw new TypeError('A sealed place needs a UUID as its entry.');
  if (!Number.isSafeInteger(version) || version < 1) {
    throw new TypeError('A sealed place needs a version, a whole number from 1.');
  }
  if (!CONTENT_TYPES.includes(contentType)) {
    throw new TypeError(`A sealed place needs a content type, one of ${CONTENT_TYPES.join(', ')}.`);
  }
  if (!isKekId(kekId)) throw new TypeError('A key-encryption key has an id of a-z, 0-9, _ and -.');
  return `v1|${tenant}|${entry}|${version}|${contentType}|${kekId}`;
}
