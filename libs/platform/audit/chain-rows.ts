import { Injectable } from '@nestjs/common';
import { logFacts } from '#platform/change-log';
import type { LogRow } from '#platform/change-log';
import { Database } from '#platform/database';
import type { ChainedRow, ChainHead } from './chained-row.js';
import type { Link } from './chain-check.js';

const PORTION_ROWS = 2_000;
/** Of snapshots as they are stored, which may be compressed; a portion ends with the row that goes beyond it. */
const PORTION_BYTES = 4 * 1024 * 1024;

/** Rows of one stream with its head, both of one instant. */
export interface ChainPortion {
  /** Null for a stream that has none. */
  readonly head: ChainHead | null;
  /** In their order; empty where none come after the place that was asked for. */
  readonly rows: readonly ChainedRow[];
}

interface Row extends LogRow {
  head: string | null;
  head_hash: Buffer;
  chained_from: string;
  compacted_revision: string;
  previous_subject: string | null;
  causation_id: string | null;
  snapshot_text: string | null;
  hash: Buffer | null;
  previous_hash: Buffer | null;
}

const HEAD = `h.revision as head, h.hash as head_hash, h.chained_from, h.compacted_revision`;

/** One statement a portion, so that what is written or compacted meanwhile never looks like a break. */
const PORTION = `
  select ${HEAD}, l.*
  from (values (1)) as one left join platform.stream_head h on h.tenant = $1
  left join lateral (
    select * from (
      select revision, sub, aggregate_type, aggregate_id, aggregate_version, type, subject, previous_subject, actor, reason,
        rolled_back_from, request_id, trace_id, causation_id, occurred_at, snapshot::text as snapshot_text, hash, previous_hash,
        coalesce(sum(pg_column_size(snapshot)) over (order by revision, sub rows between unbounded preceding and 1 preceding), 0)
          as bytes_before
      from platform.change_log
      where tenant = $1 and (revision, sub) > ($2, $3) and (revision, sub) <= ($4, 0)
      order by revision, sub limit ${PORTION_ROWS}) as portion
    where bytes_before <= ${PORTION_BYTES}
  ) as l on true
  order by l.revision, l.sub`;

/** Reads streams as they were written, for whoever checks them. */
@Injectable()
export class ChainRows {
  constructor(private readonly database: Database) {}

  async head(stream: string): Promise<ChainHead | null> {
    const [row] = await this.database.read<Row>({
      name: 'audit_chain_head',
      text: `select ${HEAD} from platform.stream_head h where h.tenant = $1`,
      values: [stream],
    });
    return row ? toHead(row) : null;
  }

  /** The last row of a revision; null where none of it is there. */
  async lastOf(stream: string, revision: number): Promise<Link | null> {
    const [row] = await this.database.read<Row>({
      name: 'audit_chain_last',
      text: `select sub, hash from platform.change_log where tenant = $1 and revision = $2 order by sub desc limit 1`,
      values: [stream, revision],
    });
    return row?.hash ? { revision, sub: row.sub, hash: row.hash } : null;
  }

  /** What comes after a row, up to a revision and with the first row after that: it tells whether all of the revision is there. */
  async after(stream: string, { revision, sub }: Link, until: number): Promise<ChainPortion> {
    const rows = await this.database.read<Row>({
      name: 'audit_chain_portion',
      text: PORTION,
      values: [stream, revision, sub, until + 1],
    });
    const [first] = rows;
    return {
      head: first && first.head !== null ? toHead(first) : null,
      rows: rows.filter((row) => row.revision !== null).map((row) => toRow(stream, row)),
    };
  }
}

const toHead = (row: Row): ChainHead => ({
  revision: Number(row.head),
  hash: row.head_hash,
  chainedFrom: Number(row.chained_from),
  compactedRevision: Number(row.compacted_revision),
});

const toRow = (tenant: string, row: Row): ChainedRow => ({
  ...logFacts(tenant, row),
  previousSubject: row.previous_subject,
  causationId: row.causation_id,
  snapshot: row.snapshot_text,
  hash: row.hash,
  previousHash: row.previous_hash,
});
