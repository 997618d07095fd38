import type { Page, PageRequest, PastVersion } from '#shared-kernel';
import type { ContentType } from '../domain/content.js';
import type { EntryId } from '../domain/identity.js';

/** An entry as it is shown. */
export interface EntryView {
  readonly id: string;
  readonly tenant: string | null;
  readonly version: number;
  readonly namespace: string;
  readonly key: string;
  readonly contentType: ContentType;
  /** The exact text of the value; null where it is a secret and not revealed. */
  readonly text: string | null;
  readonly tags: readonly string[];
  readonly description: string | null;
  readonly isEncrypted: boolean;
  readonly isSecret: boolean;
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

/** Which entries a list shows. Several values of one filter: any of them, except `allTags`. */
export interface EntryFilter {
  /** The tenant looked for; its rows and the shared ones. */
  readonly tenant: string | null;
  readonly namespaces?: readonly string[] | undefined;
  /** Beginning of the key. */
  readonly prefix?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly allTags?: readonly string[] | undefined;
  readonly contentTypes?: readonly ContentType[] | undefined;
  /** Anywhere in key or description, whatever the case. */
  readonly q?: string | undefined;
  readonly updatedSince?: Date | undefined;
}

/** A word and how many entries have it. */
export interface Count {
  readonly name: string;
  readonly entries: number;
}

/** Shows secrets only to whoever asked for them; who may ask is decided before, and that they asked is written down. */
export type Showing = 'redacted' | 'revealed';

/** One version of an entry, and what the entry was then; null when the version removed it. */
export interface EntryVersion extends PastVersion {
  readonly entry: EntryView | null;
}

/** Everything that is read. An abstract class, so that it is also its injection token. */
export abstract class MetadataQueries {
  /** @throws EntryNotFound */
  abstract get(id: EntryId, showing: Showing): Promise<EntryView>;

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was gone */
  abstract asOf(id: EntryId, at: Date, showing: Showing): Promise<EntryView>;

  /** @throws InvalidInput, InvalidCursor */
  abstract page(filter: EntryFilter, request: PageRequest): Promise<Page<EntryView>>;

  /** Newest first. @throws NoHistory, InvalidCursor */
  abstract versions(id: EntryId, request: PageRequest): Promise<Page<PastVersion>>;

  /** @throws VersionNotFound */
  abstract version(id: EntryId, version: number, showing: Showing): Promise<EntryVersion>;

  /** Most used first. */
  abstract tags(tenant: string | null, namespace: string | null): Promise<Count[]>;

  /** By name. */
  abstract namespaces(tenant: string | null): Promise<Count[]>;

  /** The tenant's own entries, by namespace and key, some at a time. */
  abstract all(tenant: string | null, namespace: string | null, showing: Showing): AsyncIterable<EntryView>;
}
