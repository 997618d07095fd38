/** Half-open: from ≤ hour < until. */
export interface UsageWindow {
  readonly from: Date;
  readonly until: Date;
}

/** How often a flag gave a variant for a reason. */
export interface UsageCount {
  readonly reason: string;
  /** Null where no variant was drawn or named. */
  readonly variant: string | null;
  readonly count: number;
}

/** The same within an hour. */
export interface HourlyUsageCount extends UsageCount {
  /** When the hour begins, in UTC. */
  readonly hour: Date;
}

/** How a flag was used. */
export interface FlagUsageView {
  /** Ever, as long as counts are kept; null: never. */
  readonly lastEvaluatedAt: Date | null;
  /** The oldest hour first. */
  readonly hours: readonly HourlyUsageCount[];
}

/** What was counted, by all replicas. An abstract class, so that it is also its injection token. */
export abstract class FlagUsageQueries {
  /** The hours that begin within the window. */
  abstract of(flagId: string, window: UsageWindow): Promise<FlagUsageView>;
}
