import { Injectable } from '@nestjs/common';
import type { LoggedEvent } from '#platform/change-log';
import { CallContext } from '#platform/context';
import { Database } from '#platform/database';

/** Behind a change: behind its revision, and within that behind its number. */
export interface LogPosition {
  readonly revision: number;
  readonly sub: number;
}

/** Behind everything of a revision. */
export const SUB_LAST = 2_147_483_647;

/** Some changes of a stream in their order, which may end in the middle of a transaction. */
export interface LogSlice {
  readonly events: readonly LoggedEvent[];
  /** Null: there is more. Else everything up to here was read. */
  readonly through: number | null;
}

/** So many, and so many bytes of snapshots, however large the transaction is that wrote them. */
const ROWS_MAX = 500;
const BYTES_MAX = 2 * 1024 * 1024;
const ACTOR = 'kinesis';

const COLUMNS = `tenant, revision, sub, aggregate_type as "aggregateType", aggregate_id as "aggregateId",
  aggregate_version as "aggregateVersion", type, subject, snapshot, actor, reason, rolled_back_from as "rolledBackFrom",
  request_id as "requestId", trace_id as "traceId", occurred_at as "occurredAt"`;

const SLICE = `
  select h.head, e.* from (select coalesce(max(revision), 0) as head from platform.stream_head where tenant = $1) h
  left join lateral (
    select ${COLUMNS}, rows from (
      select l.*, count(*) over () as rows,
        sum(coalesce(octet_length(snapshot::text), 0)) over (order by revision, sub rows unbounded preceding)
          - coalesce(octet_length(snapshot::text), 0) as bytes_before
      from (
        select * from platform.change_log
        where tenant = $1 and revision >= $2 and (revision, sub) > ($2, $3)
        order by revision, sub limit ${ROWS_MAX}
      ) l
    ) s where bytes_before < ${BYTES_MAX}
  ) e on true
  order by e.revision, e.sub`;

type Row = Omit<LoggedEvent, 'revision'> & { head: string; revision: string | null; rows: string };

/** Reads streams in small parts. */
@Injectable()
export class LogSlices {
  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
  ) {}

  async after(stream: string, { revision, sub }: LogPosition): Promise<LogSlice> {
    const values = [stream, revision, sub];
    const rows = await this.#ask<Row>({ name: 'log_slice', text: SLICE, values });
    const events = rows.flatMap(({ head: _, rows: __, revision: at, ...row }) =>
      at === null ? [] : [{ ...row, revision: Number(at) }],
    );
    const found = Number(rows[0]?.rows ?? 0);
    const isAll = found < ROWS_MAX && found === events.length;
    return { events, through: isAll ? Number(rows[0]?.head ?? 0) : null };
  }

  /** How far each stream has come. */
  async heads(): Promise<ReadonlyMap<string, number>> {
    const text = 'select tenant, revision from platform.stream_head';
    const rows = await this.#ask<{ tenant: string; revision: string }>({ name: 'log_heads', text });
    return new Map(rows.map(({ tenant, revision }) => [tenant, Number(revision)]));
  }

  #ask<R extends object>(statement: { name: string; text: string; values?: unknown[] }): Promise<R[]> {
    return this.context.runAsSystem(ACTOR, () => this.database.read<R>(statement));
  }
}
