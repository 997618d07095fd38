import type { DeviceId } from './identity.js';

export const HISTORY_KINDS = [
  'registered',
  'attributes',
  'labels',
  'desired',
  'reported',
  'status',
  'connectivity',
  'deleted',
] as const;

/** What a row of the history is about. */
export type HistoryKind = (typeof HISTORY_KINDS)[number];

/** Something that was said of a device by whoever runs it. */
export interface JournalEntry {
  readonly deviceId: DeviceId;
  readonly tenant: string | null;
  readonly kind: Extract<HistoryKind, 'registered' | 'attributes' | 'labels' | 'desired'>;
  /** What it is from now on: the registration, or the whole document. */
  readonly document: unknown;
}

/**
 * The history of devices and how they are, for whoever changes what is said of them. Works in the open unit of work, in
 * which the device is stored already. An abstract class, so that it is also its injection token.
 */
export abstract class DeviceJournal {
  /** Adds to the history, in this order, as of now. After `desired` it is found anew whether reported differs from it. */
  abstract append(entries: readonly JournalEntry[]): Promise<void>;
}
