/** One stream of a sink. */
export interface StreamView {
  /** A slug, or `_shared`. */
  readonly stream: string;
  readonly checkpoint: number;
  readonly head: number;
  /** Of the oldest change that is not delivered; null: there is none. */
  readonly oldestAt: Date | null;
}

/** A sink, and how it fares. */
export interface SinkView {
  readonly name: string;
  readonly kind: string;
  /** As the database calls it: a slug, or `*` for one of the installation's own. */
  readonly tenant: string;
  /** Those that are furthest behind, not more than some. */
  readonly streams: readonly StreamView[];
  readonly streamCount: number;
  readonly lagRevisions: number;
  readonly lagSeconds: number;
  readonly holder: string | null;
  readonly heldUntil: Date | null;
  readonly lastError: string | null;
  readonly lastErrorAt: Date | null;
  readonly lastSuccessAt: Date | null;
  readonly parked: number;
}

/** What was put aside. */
export interface ParkedView {
  readonly id: string;
  /** The stream. */
  readonly tenant: string;
  readonly revision: number;
  readonly sub: number;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly type: string;
  readonly subject: string;
  readonly occurredAt: Date;
  readonly reason: string;
  readonly parkedAt: Date;
}

/** All sinks of one kind. */
export interface KindFigures {
  readonly kind: string;
  readonly sinks: number;
  readonly lagRevisions: number;
  /** Of the one that is furthest behind. */
  readonly lagSeconds: number;
  readonly parked: number;
}
