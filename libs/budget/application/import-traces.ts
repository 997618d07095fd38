import type { CategoryId, ImportId, ItemId, PayeeId } from '../domain/identity.js';

/** An item that came with an import, and another one that may be the same. */
export interface PossibleDuplicate {
  readonly itemId: ItemId;
  readonly existingId: ItemId;
}

/** Items of an import that are not any more as they came, some of them where there are very many. */
export interface TouchedItems {
  readonly reconciled: readonly ItemId[];
  readonly changed: readonly ItemId[];
}

/** A category with the names from its root down to itself. */
export interface NamedCategory {
  readonly id: CategoryId;
  readonly isOwn: boolean;
  readonly names: readonly string[];
}

/** What imports leave behind, and find. An abstract class, so that it is also its injection token. */
export abstract class ImportTraces {
  /** Nobody else imports into the tenant, or undoes that, until the end of the open unit of work. */
  abstract hold(tenant: string | null): Promise<void>;

  /** Of something that is to be made. */
  abstract newId(): string;

  /** A short text that stands for a long one, and for no other. */
  abstract keyOf(text: string): string;

  /** Those of the keys by which the tenant's items are known. */
  abstract knownKeys(tenant: string | null, keys: readonly string[]): Promise<ReadonlySet<string>>;

  /** Those of the ids that items of the tenant have, and those that something has or had, as far as the caller sees. */
  abstract knownIds(
    tenant: string | null,
    ids: readonly string[],
  ): Promise<{ readonly items: ReadonlySet<string>; readonly used: ReadonlySet<string> }>;

  /** Those that the tenant sees. */
  abstract categories(tenant: string | null): Promise<readonly NamedCategory[]>;

  /** Notes who was made for an import. */
  abstract made(importId: ImportId, payees: readonly PayeeId[]): Promise<void>;

  /** Items of the same day, amount, currency and parties that came another way; not too many. */
  abstract twins(importId: ImportId): Promise<readonly PossibleDuplicate[]>;

  /** Keeps the items for this unit of work, and tells which were touched since they came. */
  abstract touched(importId: ImportId): Promise<TouchedItems>;

  /** Keeps those who were made for the import, were not changed since, and have no items; gives them. */
  abstract unusedPayees(importId: ImportId): Promise<readonly PayeeId[]>;
}
