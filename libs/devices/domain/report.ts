import type { JsonObject } from './documents.js';

/** A status as a device, or a gateway for it, tells it. */
export interface StatusReport {
  readonly kind: 'status';
  readonly value: string;
  readonly data: JsonObject | null;
  /** Null: as it is recorded. */
  readonly observedAt: Date | null;
}

/** What changed in how a device says that it is set up. */
export interface ReportedPatch {
  readonly kind: 'reported';
  /** RFC 7396. */
  readonly patch: JsonObject;
  /** Null: as it is recorded. */
  readonly observedAt: Date | null;
}

/** A sign of life that says nothing else. */
export interface Heartbeat {
  readonly kind: 'heartbeat';
  readonly observedAt: null;
}

/** What a device says of itself. */
export type Report = StatusReport | ReportedPatch | Heartbeat;

/** A status, and when it was so. */
export interface Status {
  readonly value: string;
  readonly data: JsonObject | null;
  readonly observedAt: Date;
}

/** A status as it stands in the history. */
export interface RecordedStatus extends Status {
  readonly recordedAt: Date;
  /** It was older than the current one as it came in. */
  readonly late: boolean;
}

/** How a device says that it is set up. */
export interface Reported {
  readonly document: JsonObject;
  /** Counts the reports that became current; 0 before the first. */
  readonly version: number;
  /** Null before the first. */
  readonly observedAt: Date | null;
}

/** What became of a report. */
export type Outcome =
  | { readonly kind: 'status'; readonly isRepeat: boolean; readonly status: RecordedStatus }
  | {
      readonly kind: 'reported';
      readonly isRepeat: boolean;
      /** It changed the past only. */
      readonly late: boolean;
      /** The current one, which a late report leaves as it is. */
      readonly reported: Reported;
    }
  | { readonly kind: 'heartbeat' };
