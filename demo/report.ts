import type { KinesisRecord } from './kinesis-emulator.js';

/** What a reader of the stream can say of it. */
export interface Findings {
  /** Ids of events of the change log that no record has. */
  readonly missing: readonly string[];
  /** Records beyond the first one of an event: delivery is at least once. */
  readonly repeated: number;
  /** Partition keys of which a later event came before an earlier one. */
  readonly outOfOrder: readonly string[];
}

const COLUMNS = ['shard', 'partition key', 'sequence', 'type', 'subject'];
const GAP = '  ';

/** Compares what arrived with what is in the change log. */
export function findingsOf(ids: readonly string[], records: readonly KinesisRecord[]): Findings {
  const first = firstOfEach(records);
  const arrived = new Set(first.map(({ event }) => event.id));
  return {
    missing: ids.filter((id) => !arrived.has(id)),
    repeated: records.length - first.length,
    outOfOrder: [...byKey(first)].filter(([, ofKey]) => !isInOrder(ofKey)).map(([key]) => key),
  };
}

/** A line a record, below a line of headings. */
export function tableOf(records: readonly KinesisRecord[]): string[] {
  const rows = records.map(({ shard, partitionKey, event }) => [
    shard.replace(/^shardId-0*(?=\d)/, ''),
    partitionKey,
    event.sequence,
    event.type,
    event.subject,
  ]);
  const widths = COLUMNS.map((name, column) =>
    Math.max(...[name, ...rows.map((row) => row[column] ?? '')].map((cell) => cell.length)),
  );
  return [COLUMNS, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

/** What came of one partition key. */
export interface KeyFindings {
  readonly key: string;
  /** Of the thing that the key stands for, as they lie in its shard. */
  readonly versions: readonly number[];
}

/** By partition key, in the order in which the keys first occur. */
export function keysOf(records: readonly KinesisRecord[]): KeyFindings[] {
  return [...byKey(records)].map(([key, ofKey]) => ({
    key,
    versions: ofKey.map(({ event }) => event.data.version),
  }));
}

function byKey(records: readonly KinesisRecord[]): Map<string, KinesisRecord[]> {
  const keys = new Map<string, KinesisRecord[]>();
  for (const record of records)
    keys.set(record.partitionKey, [...(keys.get(record.partitionKey) ?? []), record]);
  return keys;
}

function firstOfEach(records: readonly KinesisRecord[]): KinesisRecord[] {
  const seen = new Set<string>();
  return records.filter(({ event: { id } }) => !seen.has(id) && seen.add(id));
}

/** Sequences are of one length, so that they sort as text. */
function isInOrder(records: readonly KinesisRecord[]): boolean {
  const sequences = records.map(({ event }) => event.sequence);
  return sequences.every((sequence, index) => index === 0 || (sequences[index - 1] ?? '') < sequence);
}
