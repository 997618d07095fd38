import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where each sink is in each stream, and which replica runs it. */
export class Sinks1764000000011 implements MigrationInterface {
  name = 'Sinks1764000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SINK);
    await runner.query(CHECKPOINT);
    await runner.query(PARKED);
    await runner.query(REPLICA);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function platform.delivered_revision(text);
      drop table platform.replica, platform.sink_parked, platform.sink_checkpoint, platform.sink;
    `);
  }
}

/** `tenant` is whose it is: a slug, or `*` for one of the installation's own, which callers that are bound to a tenant do not see. */
const SINK = `
  create table platform.sink (
    name text collate "C" primary key,
    tenant text collate "C" not null,
    kind text collate "C" not null,
    streams text[] collate "C", -- Null: all, also those that are yet to come.
    holder uuid, -- The replica that runs it.
    term bigint not null default 0, -- Counts who ran it, so that what an earlier one still writes is refused.
    held_until timestamptz(3),
    last_error text,
    last_error_at timestamptz(3),
    last_success_at timestamptz(3),
    declared_at timestamptz(3) not null default statement_timestamp()
  ) with (fillfactor = 50); -- Leases are renewed each second: leave room for updates in place.
  call platform.isolate('platform.sink');
`;

/**
 * A checkpoint is seen by whoever sees its stream, and written by whoever may write its sink: a tenant's sink may be told
 * the shared stream, too, which is not the tenant's to write.
 */
const CHECKPOINT = `
  create table platform.sink_checkpoint (
    sink text collate "C" not null references platform.sink (name) on delete cascade,
    tenant text collate "C" not null, -- The stream: a slug, or _shared.
    revision bigint not null,
    updated_at timestamptz(3) not null default statement_timestamp(),
    primary key (sink, tenant)
  ) with (fillfactor = 70);
  create index sink_checkpoint_of_stream on platform.sink_checkpoint (tenant, sink);
  call platform.isolate('platform.sink_checkpoint');
  drop policy insertable on platform.sink_checkpoint;
  drop policy updatable on platform.sink_checkpoint;
  drop policy deletable on platform.sink_checkpoint;
  create policy insertable on platform.sink_checkpoint for insert
    with check (exists (select from platform.sink s where s.name = sink and platform.may_write(s.tenant)));
  create policy updatable on platform.sink_checkpoint for update
    using (exists (select from platform.sink s where s.name = sink and platform.may_write(s.tenant)));
  create policy deletable on platform.sink_checkpoint for delete
    using (exists (select from platform.sink s where s.name = sink and platform.may_write(s.tenant)));

  -- Everything in a stream up to here has reached every sink that is told of it; null: there is none.
  create function platform.delivered_revision(stream text) returns bigint language sql stable as $$
    select min(coalesce(c.revision, 0)) from platform.sink s
    left join platform.sink_checkpoint c on c.sink = s.name and c.tenant = stream
    where s.streams is null or stream = any (s.streams)
  $$;
`;

/** What can never be delivered; the event itself stays in the log. */
const PARKED = `
  create table platform.sink_parked (
    id uuid primary key default gen_random_uuid(),
    sink text collate "C" not null references platform.sink (name) on delete cascade,
    tenant text collate "C" not null, -- The stream.
    revision bigint not null,
    sub int not null,
    aggregate_type text collate "C" not null,
    aggregate_id uuid not null,
    type text collate "C" not null,
    subject text collate "C" not null,
    occurred_at timestamptz(3) not null,
    reason text not null,
    parked_at timestamptz(3) not null default statement_timestamp(),
    constraint sink_parked_once unique (sink, tenant, revision, sub)
  );
  create index sink_parked_by_time on platform.sink_parked (sink, parked_at, id);
  call platform.isolate('platform.sink_parked');
`;

/** Who is there to run sinks. */
const REPLICA = `
  create table platform.replica (
    id uuid primary key,
    tenant text collate "C" not null default '*' check (tenant = '*'),
    alive_until timestamptz(3) not null,
    kinds text[] collate "C" not null -- Of the sinks that it can run.
  ) with (fillfactor = 50);
  call platform.isolate('platform.replica');
`;
