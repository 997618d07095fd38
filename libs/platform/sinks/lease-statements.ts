/**
 * Says that this replica is there, renews what it runs, and takes of what nobody runs up to its share of each kind. Parameters:
 * the replica, the kinds that it can run, for how long it counts as there and for how long a lease holds, in seconds. Gives a
 * row for each kind that has sinks, with what is held of it now. The fifth parameter says whether it takes any. A sink that somebody writes to is passed over until the next time.
 */
export const BEAT = `
  with instant as materialized (select clock_timestamp() as now),
  me as (
    insert into platform.replica as r (id, alive_until, kinds)
    select $1, now + make_interval(secs => $3), $2 from instant
    on conflict (id) do update set alive_until = excluded.alive_until, kinds = excluded.kinds
  ), gone as (
    delete from platform.replica r using instant where r.alive_until < now - interval '1 minute' and r.id <> $1
  ), shares as (
    select s.kind, count(*) filter (where s.holder = $1 and s.held_until > now) as mine,
      ceil(count(*)::numeric / (
        select 1 + count(*) from platform.replica r
        where r.id <> $1 and r.alive_until > (select now from instant) and s.kind = any (r.kinds))) as share
    from platform.sink s, instant where s.kind = any ($2) group by s.kind
  ), free as (
    select s.name, row_number() over (partition by s.kind order by hashtext(s.name || $1::text)) as place
    from platform.sink s, instant where s.kind = any ($2) and (s.holder is null or s.held_until <= now)
  ), taken as (
    select s.name from platform.sink s join free f on f.name = s.name join shares h on h.kind = s.kind, instant
    where $5::boolean and f.place + h.mine <= h.share and (s.holder is null or s.held_until <= now)
    for update of s skip locked
  ), renewed as (
    select s.name from platform.sink s, instant
    where s.holder = $1 and s.held_until > now and s.kind = any ($2)
    for update of s skip locked
  ), held as (
    update platform.sink s set holder = $1, held_until = now + make_interval(secs => $4), term = s.term + t.step
    from (select name, 1 as step from taken union all select name, 0 from renewed) t, instant
    where s.name = t.name
    returning s.name, s.kind, s.streams, s.term
  )
  select h.kind, h.share::int as share,
    (select coalesce(json_agg(json_build_object('name', s.name, 'term', s.term)), '[]') from platform.sink s
      where s.kind = h.kind and s.holder = $1) as known,
    (select coalesce(json_agg(json_build_object('name', d.name, 'term', d.term, 'streams', d.streams)), '[]') from held d
      where d.kind = h.kind) as held
  from shares h`;

/** Parameters: the replica, and names with their terms. */
export const GIVE_BACK = `
  update platform.sink s set holder = null, held_until = null
  from unnest($2::text[], $3::bigint[]) as g(name, term)
  where s.name = g.name and s.term = g.term and s.holder = $1`;

/** Of a sink that this replica still runs: a lease that is over, or of another, gives no row. Parameters: name, replica, term. */
const HELD = `
  with held as materialized (
    select name from platform.sink
    where name = $1 and holder = $2 and term = $3 and held_until > clock_timestamp() for share
  )`;

/** A checkpoint never goes back. Parameters besides: streams and revisions. */
export const ADVANCE = `${HELD}, advanced as (
    insert into platform.sink_checkpoint as c (sink, tenant, revision)
    select held.name, a.tenant, a.revision from held, unnest($4::text[], $5::bigint[]) as a(tenant, revision) order by a.tenant
    on conflict (sink, tenant) do update
      set revision = excluded.revision, updated_at = excluded.updated_at where excluded.revision > c.revision
  )
  select name from held`;

/** Parameters besides: the event's stream, revision, sub, type and id of aggregate, type, subject, time, and the reason. */
export const PARK = `${HELD}, parked as (
    insert into platform.sink_parked (sink, tenant, revision, sub, aggregate_type, aggregate_id, type, subject, occurred_at, reason)
    select held.name, $4, $5::bigint, $6::int, $7, $8::uuid, $9, $10, $11::timestamptz, $12 from held
    on conflict on constraint sink_parked_once do update set reason = excluded.reason
  )
  select name from held`;

/** How it went, of several sinks at once. Parameters: the replica; names, terms, seconds since the last success and error, reasons. */
export const REPORT = `
  update platform.sink s set
    last_success_at = coalesce(clock_timestamp() - make_interval(secs => r.succeeded), s.last_success_at),
    last_error_at = coalesce(clock_timestamp() - make_interval(secs => r.failed), s.last_error_at),
    last_error = coalesce(r.reason, s.last_error)
  from unnest($2::text[], $3::bigint[], $4::float8[], $5::float8[], $6::text[]) as r(name, term, succeeded, failed, reason)
  where s.name = r.name and s.term = r.term and s.holder = $1`;
