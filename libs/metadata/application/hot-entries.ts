import type { EntryName } from '../domain/metadata-entry.js';
import type { EntryView } from './metadata.queries.js';

/** An entry in memory, as it is stored: what is encrypted stays so. */
export interface HotEntry {
  readonly id: string;
  readonly version: number;
  /** Nothing in it is a secret, so that what is made of it may be kept. */
  readonly isKeepable: boolean;
}

/** Entries by name from memory, kept right by the change log. An abstract class, so that it is also its injection token. */
export abstract class HotEntries {
  /**
   * The tenant's own entry, else the shared one; null when there is neither, or its time is over. At once when it is in
   * memory.
   */
  abstract find(tenant: string | null, name: EntryName): HotEntry | null | Promise<HotEntry | null>;

  /** The same, when the answer is in memory and is an entry; else null. */
  abstract peek(tenant: string | null, name: EntryName): HotEntry | null;

  /** As it is shown, without its secret. */
  abstract viewOf(entry: HotEntry): Promise<EntryView>;

  /** True while changes made elsewhere cannot be heard of. */
  abstract readonly mayBeOld: boolean;
}
