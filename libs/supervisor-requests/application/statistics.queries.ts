import type { Resolution, StatusCode } from '../domain/request-state.js';

/** Of which requests. */
export interface StatisticsOf {
  /** The tenant looked for; its requests and the shared ones. */
  readonly tenant: string | null;
  readonly storeId: string;
  /** Those that were made at this instant or later; absent: from the first on. */
  readonly from?: Date | undefined;
  /** Half-open: those that were made before this instant. */
  readonly until?: Date | undefined;
}

/** Each is a time that one of the requests really took, in seconds; as many took at most that long. */
export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
}

export interface RequestStatistics {
  /** By which instant of the database all of this is so. */
  readonly asOf: Date;
  readonly counts: Readonly<Record<StatusCode, number>>;
  readonly resolutions: Readonly<Record<Resolution, number>>;
  /** What is pending now, whenever it was made: a number for each priority, the most urgent first. */
  readonly backlog: readonly number[];
  /** Of what is pending now, whenever it was made. */
  readonly oldestPending: { readonly requestTimestamp: Date; readonly ageSeconds: number } | null;
  /** Of those that were ever claimed, to the first claim; null where none was. */
  readonly secondsToClaim: Percentiles | null;
  /** Of those that were answered in time; null where none was. */
  readonly secondsToResponse: Percentiles | null;
}

/** What became of the requests of a store. An abstract class, so that it is also its injection token. */
export abstract class StatisticsQueries {
  abstract of(which: StatisticsOf): Promise<RequestStatistics>;
}
