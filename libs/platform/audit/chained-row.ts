/** A row of the change log with everything that its hash covers. */
export interface ChainedRow {
  /** The stream: a slug, `_shared`, or `*` for what is of the installation. */
  readonly tenant: string;
  readonly revision: number;
  readonly sub: number;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  readonly type: string;
  readonly subject: string;
  readonly previousSubject: string | null;
  readonly actor: string;
  readonly reason: string | null;
  readonly rolledBackFrom: number | null;
  readonly requestId: string | null;
  readonly traceId: string | null;
  readonly causationId: string | null;
  readonly occurredAt: Date;
  /** As it is stored, to the byte. */
  readonly snapshot: string | null;
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
