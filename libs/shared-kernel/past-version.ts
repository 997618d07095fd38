/** One version of something, without what it was then. */
export interface PastVersion {
  readonly version: number;
  /** Past tense and snake_case, for example `rolled_back`. */
  readonly type: string;
  readonly changedBy: string;
  readonly changedAt: Date;
  readonly changeReason: string | null;
  readonly rolledBackFrom: number | null;
}

/** One version of something, with what it was then; null in the version that removed it. */
export interface PastStateOf<View> extends PastVersion {
  readonly state: View | null;
}
