import { createHash } from 'node:crypto';
import type { Change, Writer } from './change.js';

/** What a row of the log says, but for its place and its instant, which it is given under the lock of its stream. */
export interface ChangeContent {
  /** The stream: a slug, `_shared`, or `*` for what is of the installation. */
  readonly tenant: string;
  readonly aggregateType: string;
  /** A UUID, in either case. */
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
  /** JSON, to the byte. */
  readonly snapshot: string | null;
}

/**
 * SHA-256 of the content: its fields as netstrings in UTF-8 (`5:hello,`, a null is `-`) in a fixed order, so that no two
 * contents have the same bytes. The same for a row that is about to be written and for one that was read back: the
 * database gives text and JSON as it took them, and a UUID in lower case.
 */
export function changeDigest(content: ChangeContent): Buffer {
  const fields: readonly (string | number | null)[] = [
    content.tenant,
    content.aggregateType,
    content.aggregateId.toLowerCase(),
    content.aggregateVersion,
    content.type,
    content.subject,
    content.previousSubject,
    content.actor,
    content.reason,
    content.rolledBackFrom,
    content.requestId,
    content.traceId,
    content.causationId,
    content.snapshot,
  ];
  return createHash('sha256').update(fields.map(netstring).join('')).digest();
}

/** The digest of a change as this writer is about to write it. */
export const digestToWrite = (change: Change, { actor, requestId, traceId }: Writer): Buffer =>
  changeDigest({ ...change, actor: change.actor ?? actor, requestId, traceId, causationId: null });

function netstring(field: string | number | null): string {
  if (field === null) return '-';
  const text = String(field);
  return `${Buffer.byteLength(text)}:${text},`;
}
