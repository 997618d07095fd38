import type { ContentType } from '../domain/content.js';
import { REDACTED } from '../domain/content.js';
import { valueOf } from './entry.wire.js';

/** A stored row, as the change log keeps it: the names of the columns are those of the wire. */
interface StoredEntry {
  readonly tenant: string;
  readonly content_type: ContentType;
  readonly value: string;
  readonly is_encrypted: boolean;
  readonly [column: string]: unknown;
}

/** What events show of an entry. What is encrypted stays behind: events go to whoever listens, for ever. */
export function toEventState(row: Readonly<Record<string, unknown>>): object {
  const { tenant, value, ...shown } = row as StoredEntry;
  return {
    ...shown,
    tenant_id: tenant === '_shared' ? null : tenant,
    value: shown.is_encrypted ? REDACTED : valueOf(shown.content_type, value),
  };
}
