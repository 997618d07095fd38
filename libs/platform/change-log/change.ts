/** One row of the change log, as it is about to be written. */
export interface Change {
  /** The stream it belongs to: a slug, or `_shared`. */
  readonly tenant: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  /** Past tense and snake_case. */
  readonly type: string;
  readonly subject: string;
  /** What it was called before, when this change renamed it. */
  readonly previousSubject: string | null;
  /** The row after the change as JSON text by column name; null when it is gone. */
  readonly snapshot: string | null;
  readonly reason: string | null;
  readonly rolledBackFrom: number | null;
  /** Null: when it is written. */
  readonly occurredAt: Date | null;
  /** Absent: whoever calls. */
  readonly actor?: string;
}

/** Who writes, and in which request. */
export interface Writer {
  readonly actor: string;
  readonly requestId: string | null;
  readonly traceId: string | null;
}

/** Something that was done and changed nothing, for example a look at a secret: it is in the log all the same. */
export interface Act {
  readonly aggregateType: string;
  readonly aggregateId: string;
  /** Past tense and snake_case. */
  readonly type: string;
  readonly subject: string;
  /** Whose the thing is, as the database calls it. */
  readonly tenant: string;
}

/** A change that is committed: what subscribers are told. */
export interface CommittedChange {
  readonly tenant: string;
  /** Dense within the stream; changes of one transaction share it. */
  readonly revision: number;
  readonly sub: number;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  readonly type: string;
  readonly subject: string;
  readonly previousSubject: string | null;
  /** As in `Change`, where this process committed it itself; absent where it has to be read. */
  readonly snapshot?: string | null;
}
