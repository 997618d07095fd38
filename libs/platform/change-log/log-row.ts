/** The columns of the log that all who read events, audit or chain ask for. */
export interface LogRow {
  readonly revision: string | null;
  readonly sub: number;
  readonly aggregate_type: string;
  readonly aggregate_id: string;
  readonly aggregate_version: number;
  readonly type: string;
  readonly subject: string;
  readonly actor: string;
  readonly reason: string | null;
  readonly rolled_back_from: number | null;
  readonly request_id: string | null;
  readonly trace_id: string | null;
  readonly occurred_at: Date;
}

/** What such a row says of a change, without its state. */
export interface LogFacts {
  /** The stream: a slug, or `_shared`. */
  readonly tenant: string;
  readonly revision: number;
  readonly sub: number;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  readonly type: string;
  readonly subject: string;
  readonly actor: string;
  readonly reason: string | null;
  readonly rolledBackFrom: number | null;
  readonly requestId: string | null;
  readonly traceId: string | null;
  readonly occurredAt: Date;
}

export const logFacts = (tenant: string, row: LogRow): LogFacts => ({
  tenant,
  revision: Number(row.revision),
  sub: row.sub,
  aggregateType: row.aggregate_type,
  aggregateId: row.aggregate_id,
  aggregateVersion: row.aggregate_version,
  type: row.type,
  subject: row.subject,
  actor: row.actor,
  reason: row.reason,
  rolledBackFrom: row.rolled_back_from,
  requestId: row.request_id,
  traceId: row.trace_id,
  occurredAt: row.occurred_at,
});
