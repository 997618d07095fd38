import { createHash } from 'node:crypto';
import type { ChainedRow } from './chained-row.js';

/** Before the first row of a chain there are no bytes. */
export const NO_HASH = Buffer.alloc(0);

/**
 * SHA-256 of the hash of the row before and of the bytes of this one: its fields as netstrings in a fixed order, a null as
 * `-`. Written without the database's functions (migrations/0010), so that a mistake or a change in one of them is seen.
 */
export function changeHash(previous: Buffer, row: ChainedRow): Buffer {
  const fields: readonly (string | number | null)[] = [
    row.tenant,
    row.revision,
    row.sub,
    row.aggregateType,
    row.aggregateId,
    row.aggregateVersion,
    row.type,
    row.subject,
    row.previousSubject,
    row.actor,
    row.reason,
    row.rolledBackFrom,
    row.requestId,
    row.traceId,
    row.causationId,
    row.occurredAt.getTime(),
    row.snapshot,
  ];
  return createHash('sha256').update(previous).update(fields.map(netstring).join('')).digest();
}

function netstring(field: string | number | null): string {
  if (field === null) return '-';
  const text = String(field);
  return `${Buffer.byteLength(text)}:${text},`;
}
