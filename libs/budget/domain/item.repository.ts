import type { ImportId, ItemId, PayeeId } from './identity.js';
import type { Item, ItemContent } from './item.js';

/** Which items are to be gone through. */
export type ItemsOf =
  /** Paid by it or to it. */
  { readonly partyId: PayeeId } | { readonly importId: ImportId } | { readonly teamId: string };

/** The items of the caller. An abstract class, so that it is also its injection token. */
export abstract class ItemRepository {
  /**
   * The item, kept for this unit of work: nobody else changes it meanwhile.
   * @throws ItemNotFound, TenantForbidden for one that belongs to all
   */
  abstract get(id: ItemId): Promise<Item>;

  /** The tenant's own item by its id, kept likewise; null when there is none. */
  abstract findOwn(tenant: string | null, id: ItemId): Promise<Item | null>;

  /**
   * What it was like in a version.
   * @throws VersionNotFound, also for the version that removed it
   */
  abstract contentAt(id: ItemId, version: number): Promise<ItemContent>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: ItemId): Promise<boolean>;

  /** Some in the order of their ids, after this one, kept likewise; none is the end. Only what the caller may change. */
  abstract some(of: ItemsOf, after: ItemId | null): Promise<readonly Item[]>;

  /** How many there are, as far as the caller sees. */
  abstract count(of: ItemsOf): Promise<number>;

  /** Some of the items between these two, whoever pays. */
  abstract between(one: PayeeId, other: PayeeId): Promise<readonly ItemId[]>;

  /**
   * Stores the item and its row in the change log: both, or neither. Nothing happened, nothing is stored.
   * @throws IdConflict, PayeeUnknown, CategoryUnknown, StaleVersion
   */
  abstract save(item: Item): Promise<void>;

  /** The same for many, in a few statements. @throws as `save` */
  abstract saveAll(items: readonly Item[]): Promise<void>;
}
