import pg from 'pg';
import { changeHash, NO_HASH } from '../../libs/platform/audit/change-hash.js';
import type { ChainedRow } from '../../libs/platform/audit/chained-row.js';
import { createTestDatabase } from '../test-database.js';
import type { TestDatabase } from '../test-database.js';

/** A row of the change log as a test writes it, at a revision of its own. */
export interface OldRow {
  readonly id: string;
  /** 0: an act. */
  readonly version: number;
  readonly at: string;
  /** The change removed it. */
  readonly gone?: boolean;
  /** Absent: some text that is the row's own. */
  readonly snapshot?: object;
}

/** What is left of a row. */
export interface LeftRow {
  readonly revision: number;
  readonly hash: string;
  readonly previous_hash: string | null;
}

/** What the database says that it did. */
export interface Compacted {
  readonly is_busy: boolean;
  readonly rows: number;
  readonly acts: number;
  readonly versions: number;
  readonly held: number;
}

const NEXT_MONTH = "interval '1 month'";

/** A database with months that are long gone, written and read as its owner, and compacted as the service. */
export class OldHistory {
  readonly owner: pg.Pool;

  constructor(readonly url: string) {
    this.owner = new pg.Pool({ connectionString: url, max: 4 });
  }

  static async create(): Promise<{ history: OldHistory; database: TestDatabase }> {
    const database = await createTestDatabase();
    return { history: new OldHistory(database.url), database };
  }

  /** Partitions as they were made when these months were to come; each as `2024-01`. */
  async partitions(...months: readonly string[]): Promise<void> {
    for (const month of months) {
      const name = `platform.change_log_${month.replace('-', '_')}`;
      const { rows } = await this.owner.query<{ until: string }>(
        `select to_char(($1::date + ${NEXT_MONTH}), 'YYYY-MM-DD') as until`,
        [`${month}-01`],
      );
      await this.owner.query(
        `create table ${name} partition of platform.change_log
           for values from ('${month}-01T00:00:00Z') to ('${rows[0]?.until}T00:00:00Z');
         alter table ${name} enable row level security, force row level security`,
      );
    }
  }

  /** Adds revisions to the end of a stream, with the chain that the service would have made. */
  async write(tenant: string, rows: readonly OldRow[]): Promise<void> {
    const client = await this.owner.connect();
    try {
      await client.query('begin');
      const { rows: heads } = await client.query<{ revision: number; hash: Buffer }>(
        'select revision::int, hash from platform.stream_head where tenant = $1 for update',
        [tenant],
      );
      const [head = { revision: 0, hash: NO_HASH }] = heads;
      const chained = chainedAfter(head, tenant, rows);
      await client.query(
        `with moved as (
           insert into platform.stream_head as h (tenant, revision, hash) values ($1, $2, $3)
           on conflict (tenant) do update set revision = excluded.revision, hash = excluded.hash
         )
         insert into platform.change_log (tenant, revision, sub, aggregate_type, aggregate_id, aggregate_version, type,
           subject, snapshot, actor, occurred_at, hash)
         select $1, revision, 0, aggregate_type, aggregate_id, version, type, 'thing', snapshot, 'test', occurred_at, hash
         from json_to_recordset($4) as (revision bigint, aggregate_type text, aggregate_id uuid, version int, type text,
           snapshot json, occurred_at timestamptz, hash bytea)`,
        [tenant, head.revision + rows.length, chained.at(-1)?.hash ?? head.hash, asRecords(chained)],
      );
      await client.query('commit');
    } finally {
      await client.query('rollback');
      client.release();
    }
  }

  /** As the service asks for it. */
  async compact(
    month: string,
    before: string,
    versionsMin: number,
    how: 'really' | 'rehearsed' = 'really',
  ): Promise<Compacted> {
    const client = await this.owner.connect();
    try {
      await client.query('begin; set local role metastore_app');
      const { rows } = await client.query<Compacted>(
        `select is_busy, rows::int, acts::int, versions::int, held::int
         from platform.compact_change_log($1, $2, $3, $4)`,
        [`${month}-01T00:00:00Z`, `${before}-01T00:00:00Z`, versionsMin, how === 'rehearsed'],
      );
      await client.query('commit');
      return rows[0] as Compacted;
    } finally {
      await client.query('rollback');
      client.release();
    }
  }

  /** Compacts what is due, oldest first. */
  async compactDue(before: string, versionsMin: number): Promise<void> {
    for (const month of await this.due(before)) await this.compact(month, before, versionsMin);
  }

  async due(before: string, which: 'due' | 'all' = 'due'): Promise<string[]> {
    const { rows } = await this.owner.query<{ month: string }>(
      `select to_char(m at time zone 'UTC', 'YYYY-MM') as month from platform.change_log_months($1, $2) as m`,
      [`${before}-01T00:00:00Z`, which === 'all'],
    );
    return rows.map(({ month }) => month);
  }

  async left(tenant: string): Promise<LeftRow[]> {
    const { rows } = await this.owner.query<LeftRow>(
      `select revision::int, encode(hash, 'hex') as hash, encode(previous_hash, 'hex') as previous_hash
       from platform.change_log where tenant = $1 order by revision, sub`,
      [tenant],
    );
    return rows;
  }

  async revisionsLeft(tenant: string): Promise<number[]> {
    return (await this.left(tenant)).map(({ revision }) => revision);
  }

  async compactedRevision(tenant: string): Promise<number> {
    const { rows } = await this.owner.query<{ compacted: number }>(
      'select compacted_revision::int as compacted from platform.stream_head where tenant = $1',
      [tenant],
    );
    return rows[0]?.compacted ?? 0;
  }

  /** In which table the rows of a month lie, and how many. */
  async tables(month: string): Promise<Record<string, number>> {
    const { rows } = await this.owner.query<{ name: string; count: number }>(
      `select tableoid::regclass::text as name, count(*)::int as count from platform.change_log
       where occurred_at >= $1::timestamptz and occurred_at < $1::timestamptz + ${NEXT_MONTH} group by 1`,
      [`${month}-01T00:00:00Z`],
    );
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  }

  /** A sink of everything, and how far it is in each stream. */
  async sink(name: string, checkpoints: Readonly<Record<string, number>>): Promise<void> {
    await this.owner.query(`insert into platform.sink (name, tenant, kind) values ($1, '*', 'test')`, [name]);
    for (const [tenant, revision] of Object.entries(checkpoints))
      await this.owner.query(
        'insert into platform.sink_checkpoint (sink, tenant, revision) values ($1, $2, $3)',
        [name, tenant, revision],
      );
  }

  async clear(): Promise<void> {
    const { rows } = await this.owner.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits
       where inhparent = 'platform.change_log'::regclass and inhrelid::regclass::text ~ '_20(19|2[0-5])_'`,
    );
    for (const { name } of rows) await this.owner.query(`drop table ${name}`);
    await this.owner.query(
      'truncate platform.change_log, platform.stream_head, platform.compacted_month, platform.sink cascade',
    );
  }

  async end(): Promise<void> {
    await this.owner.end();
  }
}

type Chained = ChainedRow & { readonly hash: Buffer };

function chainedAfter(
  { revision, hash }: { revision: number; hash: Buffer },
  tenant: string,
  rows: readonly OldRow[],
): Chained[] {
  let before = hash;
  return rows.map(({ id, version, at, gone, snapshot }, index) => {
    const isState = version > 0 && !gone;
    const place = revision + index + 1;
    const row: ChainedRow = {
      ...{ tenant, revision: place, sub: 0, aggregateType: 'test.thing', aggregateId: id },
      ...{ aggregateVersion: version, type: version === 0 ? 'done' : gone ? 'deleted' : 'updated' },
      ...{ subject: 'thing', previousSubject: null, actor: 'test', reason: null, rolledBackFrom: null },
      ...{ requestId: null, traceId: null, causationId: null, occurredAt: new Date(at) },
      ...{ snapshot: isState ? JSON.stringify(snapshot ?? { revision: place }) : null },
      ...{ hash: null, previousHash: null },
    };
    before = changeHash(before, row);
    return { ...row, hash: before };
  });
}

/** The snapshot goes in as the text that was hashed. */
const asRecords = (rows: readonly Chained[]): string =>
  `[${rows
    .map((row) => {
      const members = JSON.stringify({
        ...{ revision: row.revision, aggregate_type: row.aggregateType, aggregate_id: row.aggregateId },
        ...{ version: row.aggregateVersion, type: row.type, occurred_at: row.occurredAt },
        hash: `\\x${row.hash.toString('hex')}`,
      });
      return `${members.slice(0, -1)},"snapshot":${row.snapshot ?? 'null'}}`;
    })
    .join(',')}]`;
