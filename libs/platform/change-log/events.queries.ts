import { Injectable } from '@nestjs/common';
import { InvalidInput } from '#shared-kernel';
import { Conditions, Database, prefixEnd } from '#platform/database';
import { RevisionCompacted } from './compacted.js';
import { logFacts } from './log-row.js';
import type { LogFacts, LogRow } from './log-row.js';

/** One row of the change log as a reader of the feed gets it. */
export interface LoggedEvent extends LogFacts {
  readonly snapshot: Readonly<Record<string, unknown>> | null;
}

/** Which events of one stream are wanted. Several values of one filter: any of them. */
export interface EventFilter {
  /** `<context>.<aggregate>.<past_tense>` */
  readonly types?: readonly string[] | undefined;
  readonly aggregateTypes?: readonly string[] | undefined;
  readonly aggregateIds?: readonly string[] | undefined;
  readonly subjects?: readonly string[] | undefined;
  /** Of the subject. */
  readonly prefix?: string | undefined;
}

/** The newest event of one aggregate, and the revision that its stream had then. */
export interface LatestEvent {
  readonly event: LoggedEvent;
  readonly head: number;
}

/** Events of one stream, and where to go on. */
export interface EventPage {
  readonly events: readonly LoggedEvent[];
  /** Everything up to this revision was looked at, whether it fitted the filter or not. */
  readonly next: number;
}

/** A page that was read now. */
export interface ReadPage extends EventPage {
  /** False when the stream had nothing more then, whether it fits or not. */
  readonly hasMore: boolean;
}

/**
 * Revisions that one page looks through where it is filtered: no index leads to what fits, and the stream may be of any
 * length. A page of which nothing fits is then not the last one.
 */
const STRETCH = 100_000;

interface Row extends LogRow {
  head: string | null;
  compacted: string | null;
  snapshot: Record<string, unknown> | null;
}

/** Reads streams in their order, by revision alone. */
@Injectable()
export class EventsQueries {
  constructor(private readonly database: Database) {}

  /**
   * What came after a revision. A page ends where a transaction ends, so that nobody sees half of one: it may hold some
   * more than `limit`. The head is read in the same statement, so that whoever sends back what a page said is never
   * past it. Where only some are wanted, a great part of the stream is looked through at a time.
   * @throws InvalidInput for a revision that the stream has not reached: what comes up to there would be missed
   * @throws RevisionCompacted for one after which something is not kept any more
   */
  async page(tenant: string, after: number, filter: EventFilter, limit: number): Promise<ReadPage> {
    const where = conditionsOf(filter);
    const isFiltered = Object.values(filter).some((values) => values !== undefined);
    const end = isFiltered ? after + STRETCH : Number.MAX_SAFE_INTEGER;
    const stream = `l.tenant = ${where.bind(tenant)} and l.revision > ${where.bind(after)} and l.revision <= ${where.bind(end)}`;
    const text = `
      select h.revision as head, h.compacted, e.* from (
        select coalesce(max(revision), 0) as revision, coalesce(max(compacted_revision), 0) as compacted
        from platform.stream_head where tenant = ${where.bind(tenant)}) h
      left join lateral (
        select l.* from platform.change_log l
        where ${stream} and ${where.text} and l.revision <= (
          select max(revision) from (
            select l.revision from platform.change_log l where ${stream} and ${where.text}
            order by l.revision, l.sub limit ${where.bind(limit)}) as cut)
      ) e on true
      order by e.revision, e.sub`;
    const rows = await this.database.read<Row>({ text, values: where.values });
    const events = rows.filter((row) => row.revision !== null).map((row) => toEvent(tenant, row));
    const head = Number(rows[0]?.head ?? 0);
    if (after > head) {
      throw InvalidInput.at(
        '/after',
        'beyond_head',
        `The stream ends at ${head}: this is no position in it.`,
      );
    }
    const compacted = Number(rows[0]?.compacted ?? 0);
    if (after < compacted) throw new RevisionCompacted(tenant, compacted);
    const isFull = events.length >= limit;
    const next = isFull ? (events.at(-1)?.revision ?? after) : Math.min(head, end);
    return { events, next, hasMore: isFull || next < head };
  }

  /** How far each of these streams has come, in their order. */
  async heads(tenants: readonly string[]): Promise<number[]> {
    const rows = await this.database.read<{ tenant: string; revision: string }>({
      name: 'events_heads',
      text: 'select tenant, revision from platform.stream_head where tenant = any ($1)',
      values: [tenants],
    });
    const heads = new Map(rows.map(({ tenant, revision }) => [tenant, Number(revision)]));
    return tenants.map((tenant) => heads.get(tenant) ?? 0);
  }

  /** The change that made this version; null when it is not in the log any more. */
  async ofVersion(aggregateType: string, aggregateId: string, version: number): Promise<LoggedEvent | null> {
    const [row] = await this.database.read<Row & { tenant: string }>({
      name: 'events_of_version',
      text: `select l.* from platform.change_log l
             where l.aggregate_type = $1 and l.aggregate_id = $2 and l.aggregate_version = $3`,
      values: [aggregateType, aggregateId, version],
    });
    return row ? toEvent(row.tenant, row) : null;
  }

  /** Both of one instant, so that what comes after the head comes after the event; null when there is none. */
  async latest(tenant: string, aggregateType: string, aggregateId: string): Promise<LatestEvent | null> {
    const [row] = await this.database.read<Row>({
      name: 'events_latest',
      text: `select (select revision from platform.stream_head where tenant = $1) as head, l.*
             from platform.change_log l
             where l.tenant = $1 and l.aggregate_type = $2 and l.aggregate_id = $3
             order by l.aggregate_version desc limit 1`,
      values: [tenant, aggregateType, aggregateId],
    });
    return row ? { event: toEvent(tenant, row), head: Number(row.head) } : null;
  }
}

/** The same question of one event that is read already. */
export function fitsFilter(event: LoggedEvent, filter: EventFilter): boolean {
  const { types, aggregateTypes, aggregateIds, subjects, prefix } = filter;
  return (
    (types?.includes(`${event.aggregateType}.${event.type}`) ?? true) &&
    (aggregateTypes?.includes(event.aggregateType) ?? true) &&
    (aggregateIds?.includes(event.aggregateId) ?? true) &&
    (subjects?.includes(event.subject) ?? true) &&
    (prefix === undefined || event.subject.startsWith(prefix))
  );
}

function conditionsOf({ types, aggregateTypes, aggregateIds, subjects, prefix }: EventFilter): Conditions {
  return new Conditions()
    .when(types, (where, list) => where.and(`l.aggregate_type || '.' || l.type = any (?)`, [...list]))
    .when(aggregateTypes, (where, list) => where.and('l.aggregate_type = any (?)', [...list]))
    .when(aggregateIds, (where, list) => where.and('l.aggregate_id = any (?::uuid[])', [...list]))
    .when(subjects, (where, list) => where.and('l.subject = any (?)', [...list]))
    .when(prefix, (where, text) => {
      const end = prefixEnd(text);
      where.and('l.subject >= ?', text);
      if (end !== null) where.and('l.subject < ?', end);
    });
}

const toEvent = (tenant: string, row: Row): LoggedEvent => ({
  ...logFacts(tenant, row),
  snapshot: row.snapshot,
});
