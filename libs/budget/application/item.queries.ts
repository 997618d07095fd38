import type { Page, PageRequest, PastStateOf, PastVersion, Selector, Stamp } from '#shared-kernel';
import type { ImportId, ItemId } from '../domain/identity.js';
import type { CalendarDate, ItemContent } from '../domain/item.js';
import type { CurrencyCode } from '../domain/money.js';

/** An item as it is read. */
export interface ItemView extends ItemContent {
  readonly id: ItemId;
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp;
  readonly importId: ImportId | null;
}

/** Which items are meant. Several values are any of them. */
export interface ItemFilter {
  /** The tenant looked for; its items and the shared ones. */
  readonly tenant: string | null;
  readonly flows?: readonly string[] | undefined;
  readonly currencies?: readonly CurrencyCode[] | undefined;
  /** In minor units of the one currency that is asked for, both ends included. */
  readonly amountMin?: bigint | undefined;
  readonly amountMax?: bigint | undefined;
  readonly payors?: readonly string[] | undefined;
  readonly payees?: readonly string[] | undefined;
  /** On either side. */
  readonly parties?: readonly string[] | undefined;
  readonly categories?: readonly string[] | undefined;
  readonly statuses?: readonly string[] | undefined;
  readonly from?: CalendarDate | undefined;
  /** The first day that is not meant. */
  readonly until?: CalendarDate | undefined;
  readonly teams?: readonly string[] | undefined;
  readonly environments?: readonly string[] | undefined;
  readonly imports?: readonly string[] | undefined;
  readonly selector?: Selector | undefined;
  /** Anywhere in item or notes, whatever the case. */
  readonly q?: string | undefined;
}

/** Everything that is read of items. An abstract class, so that it is also its injection token. */
export abstract class ItemQueries {
  /** @throws ItemNotFound */
  abstract get(id: ItemId): Promise<ItemView>;

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was gone */
  abstract asOf(id: ItemId, at: Date): Promise<ItemView>;

  /** @throws InvalidInput, InvalidCursor */
  abstract page(filter: ItemFilter, request: PageRequest): Promise<Page<ItemView>>;

  /** Newest first. @throws NoHistory, InvalidCursor */
  abstract versions(id: ItemId, request: PageRequest): Promise<Page<PastVersion>>;

  /** @throws VersionNotFound */
  abstract version(id: ItemId, version: number): Promise<PastStateOf<ItemView>>;
}
