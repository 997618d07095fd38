import type { Page, PageRequest } from '#shared-kernel';
import type { Connectivity } from '../domain/connectivity.js';
import type { HistoryKind } from '../domain/device-journal.js';
import type { JsonObject } from '../domain/documents.js';
import type { DeviceId } from '../domain/identity.js';
import type { Reported, Status } from '../domain/report.js';
import type { DeviceView } from './device.queries.js';

/** How a device is. */
export interface Condition {
  readonly status: Status | null;
  readonly connectivity: Connectivity;
  readonly lastSeenAt: Date | null;
}

/** A device with everything: what is said of it, what it says, and where the two differ. */
export interface DeviceDetails extends Condition {
  readonly device: DeviceView;
  readonly reported: Reported;
  readonly delta: JsonObject;
}

/** One row of the history. */
export interface HistoryItem {
  /** Grows with each row, not without gaps. */
  readonly seq: number;
  readonly kind: HistoryKind;
  readonly document: unknown;
  readonly observedAt: Date;
  readonly recordedAt: Date;
  readonly actor: string;
  readonly late: boolean;
}

/** Which rows. */
export interface HistoryFilter {
  /** Any of them; absent: all. */
  readonly kinds?: readonly HistoryKind[] | undefined;
  /** Of when it was observed: from this instant … */
  readonly from?: Date | undefined;
  /** … until before this one. */
  readonly until?: Date | undefined;
}

/** How devices are and were. An abstract class, so that it is also its injection token. */
export abstract class DeviceHistoryQueries {
  /** @throws DeviceNotFound */
  abstract condition(id: DeviceId): Promise<Condition>;

  /** @throws DeviceNotFound */
  abstract details(id: DeviceId): Promise<DeviceDetails>;

  /**
   * What is said of it as of when that was recorded, what it said as of when it observed that, however late it told.
   * @throws NoHistory before it was there, GoneThen when it was gone
   */
  abstract detailsAsOf(id: DeviceId, at: Date): Promise<DeviceDetails>;

  /** Newest recorded first. @throws DeviceNotFound, InvalidCursor */
  abstract page(id: DeviceId, filter: HistoryFilter, request: PageRequest): Promise<Page<HistoryItem>>;
}
