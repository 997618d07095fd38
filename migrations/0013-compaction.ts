import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What of the change log is kept, and up to where it is not whole any more. */
export class Compaction1764000000013 implements MigrationInterface {
  name = 'Compaction1764000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(BOOKS);
    await runner.query(MONTHS);
    await runner.query(VERDICT);
    await runner.query(SWAP);
    await runner.query(COMPACT);
    await runner.query(PRIVILEGES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function platform.compact_change_log(timestamptz, timestamptz, int, boolean);
      drop procedure platform.swap_change_log_month(timestamptz, timestamptz, text);
      drop procedure platform.thin_change_log_month(timestamptz, timestamptz);
      drop procedure platform.note_compaction();
      drop procedure platform.judge_change_log(timestamptz, timestamptz, timestamptz, int);
      drop function platform.change_log_months(timestamptz, boolean);
      drop policy readable on platform.change_log_other;
      drop table platform.compacted_month;
      alter table platform.stream_head drop column compacted_revision;
    `);
  }
}

/**
 * Of the months only those who compact know. The default partition is looked at directly, to learn which months lie in
 * it: the policy lets its owner do so, and the application has no right to it all the same.
 */
const BOOKS = `
  alter table platform.stream_head add compacted_revision bigint not null default 0;

  create table platform.compacted_month (
    tenant text collate "C" not null default '*' check (tenant = '*'),
    first_day timestamptz(3) primary key,
    compacted_at timestamptz(3) not null,
    is_done boolean not null -- False: something could not go yet.
  );
  call platform.isolate('platform.compacted_month');
  revoke all on platform.compacted_month from metastore_app;

  create policy readable on platform.change_log_other for select using (platform.may_read(tenant));
`;

/** The first days of the months that end at an instant or before, oldest first: those that are due, or all. */
const MONTHS = `
  create function platform.change_log_months(before timestamptz, everything boolean) returns setof timestamptz
  language plpgsql security definer set search_path = pg_catalog set timezone = 'UTC' as $$
  declare
    caller text := coalesce(current_setting('app.tenant', true), '');
  begin
    perform set_config('app.tenant', '*', true); -- Not as a clause of the function: that takes a superuser.
    return query with months as (
        select make_timestamptz(substr(c.relname, 12, 4)::int, substr(c.relname, 17, 2)::int, 1, 0, 0, 0) as first_day
        from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'platform.change_log'::regclass and c.relname ~ '^change_log_\\d{4}_\\d{2}$'
        union
        select date_trunc('month', o.occurred_at) from platform.change_log_other o where o.occurred_at < before)
      select m.first_day from months m left join platform.compacted_month c using (first_day)
      where m.first_day + interval '1 month' <= before
        and (everything or c.first_day is null or not c.is_done or c.compacted_at < now() - interval '30 days')
      order by m.first_day;
    perform set_config('app.tenant', caller, true);
  end $$;
`;

/**
 * Notes of each row of a month what becomes of it, in tables that live as long as the transaction.
 *
 * Of a stream nothing goes that comes after the oldest row which is to stay, or that a sink still has to deliver, and not
 * its newest revision, which the chain goes on from.
 * Of an aggregate stay its last row, the row that was in force when the whole history begins, and, while it is there,
 * its newest versions. The chain of hashes is kept together: what follows a row that goes is told that row's hash,
 * also where it lies in another month. A row without a predecessor was told when that one went.
 */
const VERDICT = `
  create procedure platform.judge_change_log(first_day timestamptz, last_day timestamptz, before timestamptz, min_versions int)
  language plpgsql set search_path = pg_catalog as $$
  begin
    create unlogged table platform.compaction_stream as
      select h.tenant, h.revision as head, least(h.revision - 1, platform.delivered_revision(h.tenant),
        (select min(l.revision) - 1 from platform.change_log l where l.tenant = h.tenant and l.occurred_at >= before)) as removable
      from platform.stream_head h;
    alter table platform.compaction_stream add primary key (tenant);
    analyze platform.compaction_stream;

    create unlogged table platform.compaction_row as
    with month as materialized (
      select l.tenant, l.revision, l.sub, l.occurred_at, l.aggregate_type, l.aggregate_id, l.aggregate_version, l.hash,
        l.previous_hash, s.removable
      from platform.change_log l join platform.compaction_stream s on s.tenant = l.tenant and l.revision <= s.head
      where l.occurred_at >= first_day and l.occurred_at < last_day
    ), aggregate as materialized (
      select a.aggregate_type, a.aggregate_id, newest.version, newest.is_gone, coalesce(earlier.version, newest.version) as in_force
      from (select distinct m.aggregate_type, m.aggregate_id from month m where m.aggregate_version > 0) a
      cross join lateral (
        select l.aggregate_version as version, l.snapshot is null as is_gone, l.occurred_at from platform.change_log l
        where l.aggregate_id = a.aggregate_id and l.aggregate_type = a.aggregate_type and l.aggregate_version > 0
        order by l.aggregate_version desc limit 1) newest
      left join lateral (
        select l.aggregate_version as version from platform.change_log l
        where newest.occurred_at >= before and l.occurred_at < before
          and l.aggregate_id = a.aggregate_id and l.aggregate_type = a.aggregate_type and l.aggregate_version > 0
        order by l.aggregate_version desc limit 1) earlier on true
    ), judged as (
      select m.*, case
        when m.aggregate_version in (a.version, a.in_force) then 'kept'
        when not a.is_gone and m.aggregate_version > a.version - min_versions then 'kept'
        when m.revision > m.removable or p.revision is not null then 'held'
        when m.aggregate_version = 0 then 'act'
        else 'version' end as fate
      from month m left join aggregate a on a.aggregate_id = m.aggregate_id and a.aggregate_type = m.aggregate_type
        and m.aggregate_version > 0
      left join (select distinct tenant, revision, sub from platform.sink_parked) p
        on p.tenant = m.tenant and p.revision = m.revision and p.sub = m.sub
    ), beside as (
      select l.tenant, l.revision, l.sub, l.occurred_at, l.hash, l.previous_hash
      from (select m.tenant, min(m.revision) - 1 as low, max(m.revision) + 1 as high from month m group by m.tenant) span
      join platform.change_log l on l.tenant = span.tenant and l.revision between span.low and span.high
      where l.occurred_at < first_day or l.occurred_at >= last_day
    ), sequence as (
      select tenant, revision, sub, occurred_at, fate, previous_hash, hash from judged
      union all select tenant, revision, sub, occurred_at, 'beside', previous_hash, hash from beside
    ), linked as (
      select q.*, lag(q.fate) over w as fate_before, lag(q.hash) over w as hash_before
      from sequence q window w as (partition by q.tenant order by q.revision, q.sub)
    )
    select tenant, revision, sub, occurred_at, fate,
      case when previous_hash is null and fate not in ('act', 'version') and fate_before in ('act', 'version')
        then hash_before end as link
    from linked;
    analyze platform.compaction_row;

    create unlogged table platform.compaction_link as
      select r.tenant, r.revision, r.sub, r.occurred_at, r.fate, r.link from platform.compaction_row r where r.link is not null;
    create unlogged table platform.compaction_gone as
      select r.tenant, max(r.revision) as revision from platform.compaction_row r
      where r.fate in ('act', 'version') group by r.tenant;
  end $$;

  create procedure platform.note_compaction() language plpgsql set search_path = pg_catalog as $$
  begin
    update platform.change_log l set previous_hash = r.link from platform.compaction_link r
    where l.tenant = r.tenant and l.revision = r.revision and l.sub = r.sub and l.occurred_at = r.occurred_at;
    perform from platform.stream_head h join platform.compaction_gone g on g.tenant = h.tenant
    order by h.tenant for update of h; -- In the order in which writers take them.
    update platform.stream_head h set compacted_revision = greatest(h.compacted_revision, g.revision)
    from platform.compaction_gone g where h.tenant = g.tenant;
  end $$;
`;

/**
 * A month with a partition of its own: what stays is written beside it, and then takes its place. Only then is the log
 * locked, and nobody waits for longer than a tenth of a second for somebody who uses it: the attempt is given up then, so
 * that those who queue behind it go on, and made again a little later. What came to the month meanwhile is past the
 * heads that were noted, because revisions are dense and in the order of their commits: it is taken along.
 *
 * A month in the default partition is thinned where it is: that locks nobody out, and its rows are few.
 */
const SWAP = `
  create procedure platform.swap_change_log_month(first_day timestamptz, last_day timestamptz, partition_name text)
  language plpgsql set search_path = pg_catalog as $$
  declare
    columns text;
    linked text;
    kept_name text := partition_name || '_kept';
    is_left boolean;
  begin
    select string_agg(quote_ident(attname), ', ' order by attnum), string_agg(case attname
        when 'previous_hash' then 'coalesce(l.previous_hash, r.link)' else 'l.' || quote_ident(attname) end, ', ' order by attnum)
    into columns, linked from pg_attribute
    where attrelid = 'platform.change_log'::regclass and attnum > 0 and not attisdropped;
    execute format('create table platform.%I (like platform.change_log including all,
      constraint compaction_month check (occurred_at >= %L and occurred_at < %L))', kept_name, first_day, last_day);
    execute format('insert into platform.%I (%s) select %s from platform.change_log l
      join platform.compaction_row r on r.tenant = l.tenant and r.revision = l.revision and r.sub = l.sub and r.occurred_at = l.occurred_at
      where l.occurred_at >= %L and l.occurred_at < %L and r.fate in (''kept'', ''held'')',
      kept_name, columns, linked, first_day, last_day);
    delete from platform.compaction_link where fate <> 'beside';
    execute format('analyze platform.%I', kept_name);

    for attempt in 1..20 loop
      begin
        perform set_config('lock_timeout', '100ms', true);
        lock table only platform.change_log in access exclusive mode;
        execute format('insert into platform.%I (%s) select late.* from platform.stream_head h
          left join platform.compaction_stream s on s.tenant = h.tenant
          cross join lateral (select l.* from platform.change_log l where l.tenant = h.tenant
            and l.revision > coalesce(s.head, 0) and l.occurred_at >= %L and l.occurred_at < %L offset 0) as late', kept_name, columns, first_day, last_day);
        execute format('alter table platform.change_log detach partition platform.%I', partition_name);
        execute format('drop table platform.%I', partition_name);
        execute format('select exists (select from platform.%I)', kept_name) into is_left;
        if is_left then
          execute format('alter table platform.%I rename to %I', kept_name, partition_name);
          execute format('alter table platform.%I enable row level security, force row level security', partition_name);
          execute format('alter table platform.change_log attach partition platform.%I for values from (%L) to (%L)',
            partition_name, first_day, last_day);
          execute format('alter table platform.%I drop constraint compaction_month', partition_name);
        else
          execute format('drop table platform.%I', kept_name);
        end if;
        call platform.note_compaction();
        return;
      exception when lock_not_available or deadlock_detected then
        perform pg_sleep(least(5, 0.25 * attempt));
      end;
    end loop;
    raise exception 'The change log is used all the time.' using errcode = 'lock_not_available';
  end $$;

  create procedure platform.thin_change_log_month(first_day timestamptz, last_day timestamptz)
  language plpgsql set search_path = pg_catalog as $$
  begin
    delete from platform.change_log l using platform.compaction_row r
    where r.fate in ('act', 'version') and l.tenant = r.tenant and l.revision = r.revision and l.sub = r.sub
      and l.occurred_at = r.occurred_at and l.occurred_at >= first_day and l.occurred_at < last_day;
    call platform.note_compaction();
  end $$;
`;

/**
 * Compacts one month, or says what would go. Months that ended less than seven days ago are left as they are, whatever is
 * asked for: what is sent again for three days finds its event.
 */
const COMPACT = `
  create function platform.compact_change_log(first_day timestamptz, before timestamptz, min_versions int, rehearsal boolean)
  returns table (is_busy boolean, rows bigint, acts bigint, versions bigint, held bigint)
  language plpgsql security definer set search_path = pg_catalog set timezone = 'UTC' set jit = off set work_mem = '64MB' as $$
  declare
    caller text := coalesce(current_setting('app.tenant', true), '');
    last_day timestamptz := first_day + interval '1 month';
    partition_name text := 'change_log_' || to_char(first_day, 'YYYY_MM');
  begin
    if first_day <> date_trunc('month', first_day) or last_day > before or before > now() - interval '7 days' or min_versions < 1 then
      raise exception 'This is no month that may be compacted.' using errcode = 'invalid_parameter_value';
    end if;
    is_busy := not pg_try_advisory_xact_lock(hashtextextended('change-log-compaction', 0));
    if is_busy then
      return next;
      return;
    end if;
    perform set_config('app.tenant', '*', true);
    call platform.judge_change_log(first_day, last_day, before, min_versions);
    select count(*) filter (where r.fate <> 'beside'), count(*) filter (where r.fate = 'act'),
      count(*) filter (where r.fate = 'version'), count(*) filter (where r.fate = 'held')
    into rows, acts, versions, held from platform.compaction_row r;
    if not rehearsal then
      if acts + versions > 0 or rows = 0 then
        if to_regclass('platform.' || partition_name) is null then
          call platform.thin_change_log_month(first_day, last_day);
        else
          call platform.swap_change_log_month(first_day, last_day, partition_name);
        end if;
      end if;
      insert into platform.compacted_month as m (first_day, compacted_at, is_done) values (first_day, now(), held = 0)
      on conflict on constraint compacted_month_pkey do update set compacted_at = excluded.compacted_at, is_done = excluded.is_done;
    end if;
    drop table platform.compaction_row, platform.compaction_stream, platform.compaction_link, platform.compaction_gone;
    perform set_config('app.tenant', caller, true);
    return next;
  end $$;
`;

/** The service may ask for months to be compacted, and do nothing else to what has happened. */
const PRIVILEGES = `
  revoke all on function platform.change_log_months(timestamptz, boolean),
    platform.compact_change_log(timestamptz, timestamptz, int, boolean) from public;
  revoke all on procedure platform.judge_change_log(timestamptz, timestamptz, timestamptz, int), platform.note_compaction(),
    platform.swap_change_log_month(timestamptz, timestamptz, text),
    platform.thin_change_log_month(timestamptz, timestamptz) from public;
  grant execute on function platform.change_log_months(timestamptz, boolean),
    platform.compact_change_log(timestamptz, timestamptz, int, boolean) to metastore_app;
`;
