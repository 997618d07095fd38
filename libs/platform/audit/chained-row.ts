import type { ChangeContent } from '#platform/change-log';

/** A row of the change log with everything that its hash covers. */
export interface ChainedRow extends ChangeContent {
  readonly revision: number;
  readonly sub: number;
  /** In milliseconds, as the database keeps it. */
  readonly occurredAt: Date;
  readonly hash: Buffer | null;
  /** Of the row before, where compaction removed that. */
  readonly previousHash: Buffer | null;
}

/** The end of a stream, as the stream itself notes it. */
export interface ChainHead {
  readonly revision: number;
  readonly hash: Buffer;
  /** What was written up to this revision is older than the chain. */
  readonly chainedFrom: number;
  /** Up to this revision rows may be missing. */
  readonly compactedRevision: number;
}
