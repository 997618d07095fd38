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
