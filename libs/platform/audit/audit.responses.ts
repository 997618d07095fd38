import { SHARED_TENANT } from '#platform/context';
import { eventIdOf, toEventType } from '#platform/events';
import type { AuditItem } from './audit.dto.js';
import type { AuditRow } from './audit.queries.js';
import type { Anchor } from './chain-check.js';
import type { Verdict } from './verification.js';
import type { ChainVerdictResponse } from './verification.dto.js';

/** Where the acts and credentials of the installation are, which is no tenant. */
export const PLATFORM_STREAM = '*';

const tenantOf = (stream: string): string | null =>
  stream === SHARED_TENANT || stream === PLATFORM_STREAM ? null : stream;

export const toAuditItem = (row: AuditRow): AuditItem => ({
  id: eventIdOf(row),
  tenant_id: tenantOf(row.tenant),
  revision: row.revision,
  sub: row.sub,
  occurred_at: row.occurredAt.toISOString(),
  actor: row.actor,
  type: toEventType(row),
  aggregate_type: row.aggregateType,
  aggregate_id: row.aggregateId,
  version: row.aggregateVersion,
  subject: row.subject,
  previous_subject: row.previousSubject,
  change_reason: row.reason,
  rolled_back_from: row.rolledBackFrom,
  request_id: row.requestId,
  trace_id: row.traceId,
  count: row.count,
  hash: row.hash?.toString('hex') ?? null,
});

export function toVerdictResponse(
  stream: string,
  verdict: Verdict,
  anchor: Anchor | null,
): ChainVerdictResponse {
  const { head, broken } = verdict;
  return {
    tenant_id: tenantOf(stream),
    ok: broken === null,
    checked_rows: verdict.rows,
    from_revision: verdict.from,
    until_revision: verdict.until,
    next_revision: verdict.next,
    chained_from: head.chainedFrom,
    compacted_revision: head.compactedRevision,
    expected: anchor && outcomeOf(verdict, anchor),
    head: { revision: head.revision, hash: head.hash.toString('hex') },
    broken: broken && { ...broken, id: eventIdOf({ tenant: stream, ...broken }) },
  };
}

function outcomeOf({ broken, isAnchored, until }: Verdict, { revision }: Anchor): string {
  if (isAnchored) return 'confirmed';
  if (broken?.reason.startsWith('expected_')) return 'broken';
  return until < revision ? 'open' : 'compacted';
}
