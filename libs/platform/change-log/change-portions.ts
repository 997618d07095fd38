import { Breather } from '#shared-kernel';
import { digestToWrite } from './change-digest.js';
import type { Change, Writer } from './change.js';

/** A portion ends with the row by which it has so many rows or so many characters. */
const ROWS_MAX = 1_000;
const CHARACTERS_MAX = 1_048_576;

/**
 * Changes of one revision as JSON arrays in UTF-8, in their order, ready to be sent as they are: made in stretches, so that
 * nobody in the process waits for tens of thousands of them.
 */
export async function portionsOf(changes: readonly Change[], writer: Writer): Promise<Buffer[]> {
  const breather = new Breather();
  const portions: Buffer[] = [];
  let records: string[] = [];
  let characters = 0;
  for (const [sub, change] of changes.entries()) {
    const record = asRecord(change, sub, writer);
    records.push(record);
    characters += record.length;
    if (records.length < ROWS_MAX && characters < CHARACTERS_MAX && sub < changes.length - 1) continue;
    portions.push(Buffer.from(`[${records.join(',')}]`));
    records = [];
    characters = 0;
    await breather.pause();
  }
  return portions;
}

/** The snapshot goes in as the text it is, not parsed and written again. */
function asRecord(change: Change, sub: number, writer: Writer): string {
  const head = JSON.stringify({
    sub,
    aggregate_type: change.aggregateType,
    aggregate_id: change.aggregateId,
    aggregate_version: change.aggregateVersion,
    type: change.type,
    subject: change.subject,
    previous_subject: change.previousSubject,
    reason: change.reason,
    rolled_back_from: change.rolledBackFrom,
    occurred_at: change.occurredAt,
    actor: change.actor,
    digest: `\\x${digestToWrite(change, writer).toString('hex')}`,
  });
  return `${head.slice(0, -1)},"snapshot":${change.snapshot ?? 'null'}}`;
}
