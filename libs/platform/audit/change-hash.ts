import { createHash } from 'node:crypto';
import { changeDigest } from '#platform/change-log';
import type { ChainedRow } from './chained-row.js';

/** Before the first row of a chain there are no bytes. */
export const NO_HASH = Buffer.alloc(0);

const PLACE_BYTES = 8 + 4 + 8;
/** PostgreSQL counts microseconds since 2000-01-01T00:00:00Z. */
const POSTGRES_EPOCH = Date.UTC(2_000, 0, 1);

/**
 * SHA-256 of the hash of the row before, the digest of what this one says, its revision and sub, and its instant in
 * microseconds since 2000, as big-endian numbers of 8, 4 and 8 bytes. The digest comes from the columns as they are stored now,
 * so that a row which was changed has another.
 */
export function changeHash(previous: Buffer, row: ChainedRow): Buffer {
  const place = Buffer.allocUnsafe(PLACE_BYTES);
  place.writeBigInt64BE(BigInt(row.revision), 0);
  place.writeInt32BE(row.sub, 8);
  place.writeBigInt64BE(BigInt(row.occurredAt.getTime() - POSTGRES_EPOCH) * 1_000n, 12);
  return createHash('sha256').update(previous).update(changeDigest(row)).update(place).digest();
}
