import { EntitySchema } from 'typeorm';
import { storedColumns } from '#platform/change-log';
import type { StoredRow } from '#platform/change-log';
import type { ContentType } from '../domain/content.js';

/** An entry as it is stored. */
export interface EntryRow extends StoredRow {
  readonly key: string;
  readonly namespace: string;
  readonly contentType: ContentType;
  /** The exact text, or the sealed one where `isEncrypted`. */
  readonly value: string;
  readonly tags: string[];
  readonly description: string | null;
  readonly isEncrypted: boolean;
  readonly isSecret: boolean;
  readonly expiresAt: Date | null;
}

/** A row as it is written: with the text that is searched, which nobody reads back. */
export interface WrittenEntryRow extends EntryRow {
  readonly searchText: string;
}

export const EntryTable = new EntitySchema<WrittenEntryRow>({
  name: 'MetadataEntry',
  schema: 'metadata',
  tableName: 'entry',
  columns: {
    ...storedColumns,
    key: { type: 'text' },
    namespace: { type: 'text' },
    contentType: { name: 'content_type', type: 'text' },
    value: { type: 'text' },
    tags: { type: 'text', array: true },
    description: { type: 'text', nullable: true },
    searchText: { name: 'search_text', type: 'text', select: false },
    isEncrypted: { name: 'is_encrypted', type: 'boolean' },
    isSecret: { name: 'is_secret', type: 'boolean' },
    expiresAt: { name: 'expires_at', type: 'timestamptz', precision: 3, nullable: true },
  },
});

/** Every column that is read, of the table called `t`. */
export const ENTRY_COLUMNS = [
  'id, tenant, version, key, namespace, content_type, value, tags, description, is_encrypted, is_secret, expires_at',
  'created_at, created_by, updated_at, updated_by',
]
  .join(', ')
  .replaceAll(/\w+/g, 't.$&');

/** The same by column name: what statements of our own give, and what the change log keeps. */
export interface EntryRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly key: string;
  readonly namespace: string;
  readonly content_type: ContentType;
  readonly value: string;
  readonly tags: string[];
  readonly description: string | null;
  readonly is_encrypted: boolean;
  readonly is_secret: boolean;
  /** A date, or its text where it comes out of JSON. */
  readonly expires_at: Date | string | null;
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
}
