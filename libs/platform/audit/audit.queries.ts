import { Injectable } from '@nestjs/common';
import type { Page, PageRequest } from '#shared-kernel';
import { Conditions, Cursors, Database } from '#platform/database';

/** One row of the trail: who did what, when, in which request. Never a state, which may hold what not everybody may see. */
export interface AuditRow {
  readonly tenant: string;
  readonly revision: number;
  readonly sub: number;
  readonly occurredAt: Date;
  readonly actor: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  readonly type: string;
  readonly subject: string;
  readonly previousSubject: string | null;
  readonly reason: string | null;
  readonly rolledBackFrom: number | null;
  readonly requestId: string | null;
  readonly traceId: string | null;
  /** How often it was done: refused acts are gathered. */
  readonly count: number;
  readonly hash: Buffer | null;
}

/** Which rows of one stream are wanted. Several values of one filter: any of them. */
export interface AuditFilter {
  readonly actors?: readonly string[] | undefined;
  readonly aggregateTypes?: readonly string[] | undefined;
  readonly aggregateIds?: readonly string[] | undefined;
  /** `<context>.<aggregate>.<past_tense>` */
  readonly types?: readonly string[] | undefined;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
}

/** Revisions that are looked through at a time where no index leads to what is wanted, and in one request. */
const STRETCH = 20_000;
const STRETCHES_MAX = 10;

interface Row {
  revision: string;
  sub: number;
  occurred_at: Date;
  actor: string;
  aggregate_type: string;
  aggregate_id: string;
  aggregate_version: number;
  type: string;
  subject: string;
  previous_subject: string | null;
  reason: string | null;
  rolled_back_from: number | null;
  request_id: string | null;
  trace_id: string | null;
  count: string | null;
  hash: Buffer | null;
}

const COLUMNS = `l.revision, l.sub, l.occurred_at, l.actor, l.aggregate_type, l.aggregate_id, l.aggregate_version, l.type,
  l.subject, l.previous_subject, l.reason, l.rolled_back_from, l.request_id, l.trace_id, l.hash,
  case when l.aggregate_type = 'platform.access' then l.snapshot ->> 'count' end as count`;

/** Where a page begins: below this row, newest first. */
interface Place {
  readonly revision: number;
  readonly sub: number;
}

/** One request for a page. */
interface Asked {
  readonly stream: string;
  readonly filter: AuditFilter;
  readonly limit: number;
}

/** Reads the trail of one stream, newest first. */
@Injectable()
export class AuditQueries {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
  ) {}

  /**
   * A page is shorter than its limit, and yet not the last, where a great part of the stream was looked through for it:
   * whoever wants more goes on with its cursor.
   * @throws InvalidCursor
   */
  async page(stream: string, filter: AuditFilter, { limit, cursor }: PageRequest): Promise<Page<AuditRow>> {
    const scope = ['audit', stream, filter];
    const [revision, sub] = cursor === undefined ? [] : this.cursors.open(scope, cursor).map(Number);
    const place = { revision: revision ?? (await this.#head(stream)) + 1, sub: sub ?? 0 };
    const asked = { stream, filter, limit: limit + 1 };
    const { rows, reached } = isFound(filter)
      ? { rows: await this.#read(asked, place, 0), reached: 0 }
      : await this.#lookThrough(asked, place);
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const isFull = rows.length > limit && last !== undefined;
    const next = isFull ? [last.revision, last.sub] : reached > 0 ? [reached, 0] : null;
    return { items, limit, nextCursor: next && this.cursors.seal(scope, next) };
  }

  async #head(stream: string): Promise<number> {
    const [row] = await this.database.read<{ revision: string }>({
      name: 'audit_head',
      text: 'select revision from platform.stream_head where tenant = $1',
      values: [stream],
    });
    return Number(row?.revision ?? 0);
  }

  /** Ever longer stretches, so that what is frequent costs little and what is rare is still found. */
  async #lookThrough(asked: Asked, place: Place): Promise<{ rows: AuditRow[]; reached: number }> {
    const rows: AuditRow[] = [];
    let from = place;
    for (let stretch = 0; stretch < STRETCHES_MAX && from.revision + from.sub > 1; stretch += 1) {
      const floor = Math.max(0, from.revision - STRETCH);
      rows.push(...(await this.#read({ ...asked, limit: asked.limit - rows.length }, from, floor)));
      from = { revision: floor, sub: 0 };
      if (rows.length >= asked.limit) break;
    }
    return { rows, reached: from.revision };
  }

  /** Of revisions from `floor` on, below the place. */
  async #read({ stream, filter, limit }: Asked, place: Place, floor: number): Promise<AuditRow[]> {
    const where = conditionsOf(filter)
      .and('l.tenant = ?', stream)
      .and('(l.revision, l.sub) < (?::bigint, ?::int)', place.revision, place.sub);
    if (floor > 0) where.and('l.revision >= ?', floor);
    const text = `select ${COLUMNS} from platform.change_log l where ${where.text}
      order by l.revision desc, l.sub desc limit ${where.bind(limit)}`;
    const rows = await this.database.read<Row>({ text, values: where.values });
    return rows.map((row) => toAuditRow(stream, row));
  }
}

/** Whether an index leads to the rows, however few of the stream they are. */
const isFound = ({ actors, aggregateIds, types, aggregateTypes }: AuditFilter): boolean =>
  actors?.length === 1 || aggregateIds !== undefined || (types ?? aggregateTypes ?? actors) === undefined;

function conditionsOf(filter: AuditFilter): Conditions {
  const { actors, aggregateTypes, aggregateIds, types, from, until } = filter;
  return new Conditions()
    .when(actors, (where, list) => where.isOneOf('l.actor', list))
    .when(aggregateTypes, (where, list) => where.isOneOf('l.aggregate_type', list))
    .when(aggregateIds, (where, list) => where.and('l.aggregate_id = any (?::uuid[])', [...list]))
    .when(types, (where, list) => where.and(`l.aggregate_type || '.' || l.type = any (?)`, [...list]))
    .when(from, (where, instant) => where.and('l.occurred_at >= ?', instant))
    .when(until, (where, instant) => where.and('l.occurred_at < ?', instant));
}

const toAuditRow = (tenant: string, row: Row): AuditRow => ({
  tenant,
  revision: Number(row.revision),
  sub: row.sub,
  occurredAt: row.occurred_at,
  actor: row.actor,
  aggregateType: row.aggregate_type,
  aggregateId: row.aggregate_id,
  aggregateVersion: row.aggregate_version,
  type: row.type,
  subject: row.subject,
  previousSubject: row.previous_subject,
  reason: row.reason,
  rolledBackFrom: row.rolled_back_from,
  requestId: row.request_id,
  traceId: row.trace_id,
  count: Number(row.count ?? 1),
  hash: row.hash,
});
