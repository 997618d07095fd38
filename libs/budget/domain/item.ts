import type { Labels, Stamp } from '#shared-kernel';
import type { CategoryId, ImportId, ItemId, PayeeId } from './identity.js';
import type { CurrencyCode } from './money.js';

export const FLOWS = ['inflow', 'outflow'] as const;
export type Flow = (typeof FLOWS)[number];

export const ITEM_STATUSES = ['planned', 'pending', 'cleared', 'reconciled'] as const;
export type ItemStatus = (typeof ITEM_STATUSES)[number];

/** A day of the proleptic Gregorian calendar, `2026-05-01`: no time, no zone. */
export type CalendarDate = string;

/** The part of an item that has a history and can be rolled back. */
export interface ItemContent {
  readonly item: string;
  /** In minor units of the currency, above zero: the flow gives the sign. */
  readonly amount: bigint;
  readonly currency: CurrencyCode;
  readonly flow: Flow;
  readonly payorId: PayeeId;
  readonly payeeId: PayeeId;
  readonly categoryId: CategoryId | null;
  readonly transactionDate: CalendarDate;
  readonly status: ItemStatus;
  /** A team of the catalog. */
  readonly teamId: string | null;
  /** A key of an environment of the catalog. */
  readonly environment: string | null;
  readonly notes: string | null;
  readonly labels: Labels;
}

/** Everything there is to know about an item. */
export interface ItemState extends ItemContent {
  readonly id: ItemId;
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp | null;
  /** The file it came from; null: it was entered by itself. */
  readonly importId: ImportId | null;
  /** What its line is known by when the file comes again. */
  readonly importKey: string | null;
}
