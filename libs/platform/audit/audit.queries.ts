import { Injectable } from '@nestjs/common';
import type { Page, PageRequest } from '#shared-kernel';
import { EventsQueries, logFacts } from '#platform/change-log';
import type { LogFacts, LogRow } from '#platform/change-log';
import { Conditions, Cursors, Database } from '#platform/database';

/** One row of the trail: who did what, when, in which request. Never a state, which may hold what not everybody may see. */
export interface AuditRow extends LogFacts {
  readonly previousSubject: string | null;
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

/** Rows that are looked through in one request where no index leads to what is wanted. */
const LOOKED_THROUGH_MAX = 100_000;

interface Row extends LogRow {
  previous_subject: string | null;
  count: string | null;
  hash: Buffer | null;
  /** How many rows were looked at until then. */
  nth: string;
  /** It is what was asked for, and not only the last row that was looked at. */
  fits: boolean;
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

/** Rows that fit, and where looking ended before there were enough; null: everything was looked at. */
interface Found {
  readonly rows: readonly AuditRow[];
  readonly reached: Place | null;
}

/** Reads the trail of one stream, newest first. */
@Injectable()
export class AuditQueries {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly events: EventsQueries,
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
    const { rows, reached } = await this.#read({ stream, filter, limit: limit + 1 }, place);
    const items = rows.slice(0, limit);
    const next = rows.length > limit ? (items.at(-1) ?? null) : reached;
    return { items, limit, nextCursor: next && this.cursors.seal(scope, [next.revision, next.sub]) };
  }

  async #head(stream: string): Promise<number> {
    const [revision = 0] = await this.events.heads([stream]);
    return revision;
  }

  async #read({ stream, filter, limit }: Asked, place: Place): Promise<Found> {
    const where = withinIndex(filter)
      .and('l.tenant = ?', stream)
      .and('(l.revision, l.sub) < (?::bigint, ?::int)', place.revision, place.sub);
    const source = filter.aggregateIds ? ofAggregates(where) : lookedThrough(where);
    const text = `
      select * from (select w.*, ${fits(where, filter)} as fits from (${source}) as w) as looked_at
      where fits or nth = ${LOOKED_THROUGH_MAX}
      order by revision desc, sub desc limit ${where.bind(limit)}`;
    const all = await this.database.read<Row>({ text, values: where.values });
    const rows = all.filter((row) => row.fits).map((row) => toAuditRow(stream, row));
    const last = all.at(-1);
    const isEnd = rows.length >= limit || Number(last?.nth) !== LOOKED_THROUGH_MAX;
    return { rows, reached: isEnd || !last ? null : { revision: Number(last.revision), sub: last.sub } };
  }
}

/**
 * What an index knows of a row: both that lead with the tenant end with the instant, so that rows outside of the window are passed
 * over within the index. Several actors are not in the order of the log there.
 */
const withinIndex = ({ actors, aggregateIds, from, until }: AuditFilter): Conditions =>
  new Conditions()
    .when(aggregateIds, (where, list) => where.and('l.aggregate_id = any (?::uuid[])', [...list]))
    .when(actors?.length === 1 ? actors[0] : null, (where, actor) => where.and('l.actor = ?', actor))
    .when(from, (where, instant) => where.and('l.occurred_at >= ?', instant))
    .when(until, (where, instant) => where.and('l.occurred_at < ?', instant));

/** What else is asked for, of a row that was found. */
function fits(where: Conditions, { actors, aggregateTypes, types }: AuditFilter): string {
  const anyOf = (expression: string, list: readonly string[] | undefined): string[] =>
    list ? [`${expression} = any (${where.bind([...list])})`] : [];
  const conditions = [
    ...anyOf('w.actor', actors),
    ...anyOf('w.aggregate_type', aggregateTypes),
    ...anyOf(`w.aggregate_type || '.' || w.type`, types),
  ];
  return conditions.length === 0 ? 'true' : conditions.join(' and ');
}

/** Down the log, no further than one request may go, whatever the planner believes of how rare the rest is. */
const lookedThrough = (where: Conditions): string =>
  `select ${COLUMNS}, row_number() over (order by l.revision desc, l.sub desc) as nth from platform.change_log l
   where ${where.text} order by l.revision desc, l.sub desc limit ${LOOKED_THROUGH_MAX}`;

/** All rows of a few aggregates, by their index: `offset` keeps the planner from walking down the log for them. */
const ofAggregates = (where: Conditions): string =>
  `select ${COLUMNS}, 0 as nth from platform.change_log l where ${where.text} offset 0`;

const toAuditRow = (stream: string, row: Row): AuditRow => ({
  ...logFacts(stream, row),
  previousSubject: row.previous_subject,
  count: Number(row.count ?? 1),
  hash: row.hash,
});
