import { Injectable } from '@nestjs/common';
import type { Page } from '#shared-kernel';
import type { LoggedEvent } from '#platform/change-log';
import { CallContext } from '#platform/context';
import { Conditions, Cursors, Database } from '#platform/database';
import { SinkNotFound } from './sink-errors.js';
import type { KindFigures, ParkedView, SinkView } from './sink-views.js';

const STREAMS_MAX = 100;

/** Each stream of each sink of `s`: named one by one they are joined by equality, however many there are of both. */
const STREAMS = `(
    select s.name, s.kind, h.tenant, h.revision from s cross join platform.stream_head h where s.streams is null
    union all
    select n.name, n.kind, h.tenant, h.revision
    from (select name, kind, unnest(streams) as stream from s) n join platform.stream_head h on h.tenant = n.stream) h
  left join platform.sink_checkpoint c on c.sink = h.name and c.tenant = h.tenant`;

/** When the first change of `stream` after `checkpoint` happened; null where `head` is no later. */
const OLDEST_AT = `case when head > checkpoint then (
  select l.occurred_at from platform.change_log l
  where l.tenant = stream and l.revision > checkpoint order by l.revision, l.sub limit 1) end as oldest_at`;

/** Each stream of each sink of `s`, and how far it is. */
const PLACES = `
  select name, stream, checkpoint, head, ${OLDEST_AT} from (
    select h.name, h.tenant as stream, coalesce(c.revision, 0) as checkpoint, h.revision as head from ${STREAMS}) as place`;

const LAG = `coalesce(sum(greatest(0, p.head - p.checkpoint)), 0)::float8 as "lagRevisions",
  greatest(0, coalesce(extract(epoch from statement_timestamp() - min(p.oldest_at)), 0))::float8 as "lagSeconds"`;

const VIEWS = `, places as (${PLACES}),
  lags as (select p.name, count(*)::int as "streamCount", ${LAG} from places p group by p.name),
  furthest as (
    select p.name, json_agg(json_build_object('stream', p.stream, 'checkpoint', p.checkpoint, 'head', p.head, 'oldestAt', p.oldest_at)
      order by p.place) as streams
    from (select *, row_number() over (partition by name order by head - checkpoint desc, stream) as place from places) p
    where p.place <= ${STREAMS_MAX} group by p.name)
  select s.name, s.kind, s.tenant, coalesce(f.streams, '[]') as streams, coalesce(g."streamCount", 0) as "streamCount",
    coalesce(g."lagRevisions", 0) as "lagRevisions", coalesce(g."lagSeconds", 0) as "lagSeconds",
    case when s.held_until > clock_timestamp() then s.holder end as holder,
    case when s.held_until > clock_timestamp() then s.held_until end as "heldUntil",
    s.last_error as "lastError", s.last_error_at as "lastErrorAt", s.last_success_at as "lastSuccessAt",
    (select count(*)::int from platform.sink_parked k where k.sink = s.name) as parked
  from s left join lags g on g.name = s.name left join furthest f on f.name = s.name`;

/** Of all sinks of a kind that are in one stream the one that is furthest behind says how old the oldest change is. */
const FIGURES = `
  with s as (select * from platform.sink),
  furthest as (
    select kind, behind, ${OLDEST_AT} from (
      select h.kind, h.tenant as stream, max(h.revision) as head, min(coalesce(c.revision, 0)) as checkpoint,
        sum(greatest(0, h.revision - coalesce(c.revision, 0))) as behind
      from ${STREAMS} group by h.kind, h.tenant) as place),
  lags as (
    select kind, coalesce(sum(behind), 0)::float8 as "lagRevisions",
      greatest(0, coalesce(extract(epoch from statement_timestamp() - min(oldest_at)), 0))::float8 as "lagSeconds"
    from furthest group by kind)
  select s.kind, count(*)::int as sinks, coalesce(min(g."lagRevisions"), 0) as "lagRevisions",
    coalesce(min(g."lagSeconds"), 0) as "lagSeconds",
    (select count(*)::int from platform.sink_parked k join s o on o.name = k.sink where o.kind = s.kind) as parked
  from s left join lags g on g.kind = s.kind group by s.kind order by s.kind`;

const PARKED_COLUMNS = `k.id, k.tenant, k.revision::float8 as revision, k.sub, k.aggregate_type as "aggregateType",
  k.aggregate_id as "aggregateId", k.type, k.subject, k.occurred_at as "occurredAt", k.reason, k.parked_at as "parkedAt"`;

const LOGGED = `select l.tenant, l.revision::float8 as revision, l.sub, l.aggregate_type as "aggregateType",
  l.aggregate_id as "aggregateId", l.aggregate_version as "aggregateVersion", l.type, l.subject, l.snapshot, l.actor, l.reason,
  l.rolled_back_from as "rolledBackFrom", l.request_id as "requestId", l.trace_id as "traceId", l.occurred_at as "occurredAt"
  from platform.change_log l where l.tenant = $1 and l.revision = $2 and l.sub = $3`;

/** Which page of what. */
export interface SinkPageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly includeTotal?: boolean | undefined;
}

/** Which sinks. */
export interface SinkFilter {
  readonly kinds?: readonly string[] | undefined;
  /** A slug, or `*`. */
  readonly tenant?: string | undefined;
}

type StoredStream = Omit<SinkView['streams'][number], 'oldestAt'> & { oldestAt: string | null };
type StoredSink = Omit<SinkView, 'streams'> & { streams: StoredStream[] };

/** Looks at sinks as the caller may see them: one that is bound to a tenant sees its own. */
@Injectable()
export class SinkQueries {
  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
    private readonly cursors: Cursors,
  ) {}

  /** By name. @throws InvalidCursor */
  async page(filter: SinkFilter, request: SinkPageRequest): Promise<Page<SinkView>> {
    const scope = ['sinks', this.#tenant, filter];
    const all = this.#conditions(filter);
    const where = all.copy();
    if (request.cursor !== undefined) where.and('t.name > ?', this.cursors.open(scope, request.cursor)[0]);
    const limit = where.bind(request.limit + 1);
    const text = `with s as (select * from platform.sink t where ${where.text} order by t.name limit ${limit}) ${VIEWS} order by s.name`;
    const rows = (await this.database.read<StoredSink>({ text, values: where.values })).map(toView);
    const items = rows.slice(0, request.limit);
    const last = items.at(-1);
    const isMore = rows.length > request.limit && last !== undefined;
    return {
      items,
      limit: request.limit,
      nextCursor: isMore ? this.cursors.seal(scope, [last.name]) : null,
      ...(request.includeTotal && {
        total: await this.#count(`platform.sink t where ${all.text}`, all.values),
      }),
    };
  }

  /** @throws SinkNotFound */
  async get(name: string): Promise<SinkView> {
    const where = this.#conditions({}).and('t.name = ?', name);
    const text = `with s as (select * from platform.sink t where ${where.text}) ${VIEWS}`;
    const [row] = await this.database.read<StoredSink>({ text, values: where.values });
    if (!row) throw new SinkNotFound();
    return toView(row);
  }

  /** What was put aside, oldest first. @throws SinkNotFound, InvalidCursor */
  async parked(name: string, request: SinkPageRequest): Promise<Page<ParkedView>> {
    await this.get(name);
    const scope = ['parked', this.#tenant, name];
    const where = new Conditions().and('k.sink = ?', name);
    if (request.cursor !== undefined) {
      const [at, id] = this.cursors.open(scope, request.cursor);
      where.and('(k.parked_at, k.id) > (?::timestamptz, ?::uuid)', at, id);
    }
    const limit = where.bind(request.limit + 1);
    const text = `select ${PARKED_COLUMNS} from platform.sink_parked k where ${where.text} order by k.parked_at, k.id limit ${limit}`;
    const rows = await this.database.read<ParkedView>({ text, values: where.values });
    const items = rows.slice(0, request.limit);
    const last = items.at(-1);
    const isMore = rows.length > request.limit && last !== undefined;
    const of = 'platform.sink_parked k where k.sink = $1';
    return {
      items,
      limit: request.limit,
      nextCursor: isMore ? this.cursors.seal(scope, [last.parkedAt.toISOString(), last.id]) : null,
      ...(request.includeTotal && { total: await this.#count(of, [name]) }),
    };
  }

  async parkedOne(name: string, id: string): Promise<ParkedView | null> {
    const text = `select ${PARKED_COLUMNS} from platform.sink_parked k where k.sink = $1 and k.id = $2`;
    const [row] = await this.database.read<ParkedView>({
      name: 'sinks_parked_one',
      text,
      values: [name, id],
    });
    return row ?? null;
  }

  /** Null: the log does not have it any more. */
  async logged({ tenant, revision, sub }: ParkedView): Promise<LoggedEvent | null> {
    const values = [tenant, revision, sub];
    const [row] = await this.database.read<LoggedEvent>({ name: 'sinks_logged', text: LOGGED, values });
    return row ?? null;
  }

  /** Of all sinks, by kind. */
  figures(): Promise<KindFigures[]> {
    return this.database.read<KindFigures>({ name: 'sinks_figures', text: FIGURES });
  }

  get #tenant(): string | null {
    return this.context.current.caller.tenant;
  }

  #conditions({ kinds, tenant }: SinkFilter): Conditions {
    const own = this.#tenant;
    const where = new Conditions();
    if (own !== null) where.and('t.tenant = ?', own);
    if (tenant !== undefined) where.and('t.tenant = ?', tenant);
    if (kinds) where.and('t.kind = any (?)', [...kinds]);
    return where;
  }

  async #count(from: string, values: unknown[]): Promise<number> {
    const text = `select count(*) as count from ${from}`;
    const [row] = await this.database.read<{ count: string }>({ text, values });
    return Number(row?.count);
  }
}

const toView = ({ streams, ...row }: StoredSink): SinkView => ({
  ...row,
  streams: streams.map(({ oldestAt, ...place }) => ({
    ...place,
    oldestAt: oldestAt === null ? null : new Date(oldestAt),
  })),
});
