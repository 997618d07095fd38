import type { EntryDefinition, EntryName, MetadataEntry } from './metadata-entry.js';
import type { EntryId } from './identity.js';

/** The entries of the caller. An abstract class, so that it is also its injection token. */
export abstract class MetadataEntryRepository {
  /**
   * The entry, kept for this unit of work: nobody else changes it meanwhile.
   * @throws EntryNotFound, and TenantForbidden for one that the caller may read alone
   */
  abstract get(id: EntryId): Promise<MetadataEntry>;

  /** The tenant's own entry by its name, kept likewise; null when there is none. */
  abstract findByName(tenant: string | null, name: EntryName): Promise<MetadataEntry | null>;

  /**
   * What it was like in a version.
   * @throws VersionNotFound, also for the version that removed it
   */
  abstract definitionAt(id: EntryId, version: number): Promise<EntryDefinition>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: EntryId): Promise<boolean>;

  /** Ids of entries whose time is over, of all tenants, the longest over first. */
  abstract expired(limit: number): Promise<EntryId[]>;

  /**
   * Stores the entry and its row in the change log: both, or neither. Nothing happened, nothing is stored.
   * @throws MetadataKeyTaken, IdConflict, StaleVersion
   */
  abstract save(entry: MetadataEntry): Promise<void>;
}
