import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The spine: who may see which row, the change log with its dense revision, credentials and stored responses.
 *
 * Two roles without log-in: the service works as `metastore_app`, which owns nothing, so that row-level security
 * holds for it; `metastore_search` owns the few functions that search by substring (docs/adr/0004).
 */
export class Platform1764000000001 implements MigrationInterface {
  name = 'Platform1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ROLES);
    await runner.query(ROW_SECURITY);
    await runner.query(CHANGE_LOG);
    await runner.query(PARTITIONS);
    await runner.query(CREDENTIALS);
    await runner.query(IDEMPOTENCY);
    await runner.query(SERVER_SECRET);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table platform.server_secret, platform.idempotency, platform.api_key, platform.change_log, platform.stream_head;
      drop function platform.ensure_change_log_partitions(int);
      drop procedure platform.isolate(regclass);
      drop function platform.may_read(text), platform.may_write(text);
      drop extension pg_trgm;
    `); // The schema stays, because the list of migrations lives in it; the roles may serve another database.
  }
}

const ROLES = `
  do $$
  declare
    role_name text;
  begin
    foreach role_name in array array['metastore_app', 'metastore_search'] loop
      begin
        execute format('create role %I nologin', role_name);
      exception when duplicate_object or unique_violation then
        null; -- Roles belong to the whole server; another database made it, perhaps at this moment.
      end;
      if not pg_has_role(current_user, role_name, 'member') then
        begin
          execute format('grant %I to current_user', role_name);
        exception when unique_violation then
          null;
        end;
      end if;
    end loop;
  end $$;

  create extension if not exists pg_trgm with schema platform;
  grant usage on schema platform to metastore_app, metastore_search;
  grant select on platform.migration to metastore_app;
`;

/**
 * `app.tenant` is a slug, or `*` for a platform-wide caller; unset or empty means: no unit of work, no data. These are
 * CASE, because the planner takes a CASE to hold for half of the rows and `in` for one in a hundred: with that, a
 * frequent tag looks rare to it and is read whole.
 */
const ROW_SECURITY = `
  create function platform.may_read(tenant text) returns boolean language sql stable parallel safe as $$
    select case
      when current_setting('app.tenant', true) in ('*', tenant) then true
      when tenant = '_shared' then current_setting('app.tenant', true) <> ''
      else false
    end
  $$;

  create function platform.may_write(tenant text) returns boolean language sql stable parallel safe as $$
    select case when current_setting('app.tenant', true) in ('*', tenant) then true else false end
  $$;

  create procedure platform.isolate(target regclass) language plpgsql as $$
  begin
    execute format('alter table %s enable row level security, force row level security', target);
    execute format('create policy readable on %s for select using (platform.may_read(tenant))', target);
    execute format('create policy insertable on %s for insert with check (platform.may_write(tenant))', target);
    execute format('create policy updatable on %s for update using (platform.may_write(tenant)) with check (platform.may_write(tenant))', target);
    execute format('create policy deletable on %s for delete using (platform.may_write(tenant))', target);
    execute format('grant select, insert, update, delete on %s to metastore_app', target);
  end $$;
`;

/** A stream is a tenant, or `_shared`: the column is called `tenant` everywhere, so that one policy serves every table. */
const CHANGE_LOG = `
  create table platform.stream_head (
    tenant text collate "C" primary key,
    revision bigint not null
  ) with (fillfactor = 20); -- One hot row a tenant: leave room for updates in place.
  call platform.isolate('platform.stream_head');
  revoke delete on platform.stream_head from metastore_app;

  create table platform.change_log (
    tenant text collate "C" not null,
    revision bigint not null,
    sub int not null,
    aggregate_type text collate "C" not null,
    aggregate_id uuid not null,
    aggregate_version int not null,
    type text collate "C" not null,
    subject text collate "C" not null,
    previous_subject text collate "C",
    snapshot json,
    actor text not null,
    reason text,
    rolled_back_from int,
    request_id text,
    trace_id text,
    causation_id text,
    occurred_at timestamptz(3) not null,
    primary key (tenant, revision, sub, occurred_at)
  ) partition by range (occurred_at);
  create index change_log_history on platform.change_log (aggregate_id, aggregate_version);
  call platform.isolate('platform.change_log');
  revoke update, delete on platform.change_log from metastore_app; -- What happened has happened.
`;

/**
 * A month a partition, with one for whatever falls outside. A partition is reached through its parent only: it has
 * row-level security without a policy, which denies everything.
 */
const PARTITIONS = `
  create table platform.change_log_other partition of platform.change_log default;
  alter table platform.change_log_other enable row level security, force row level security;

  create function platform.ensure_change_log_partitions(months_ahead int) returns void
  language plpgsql security definer set search_path = pg_catalog as $$
  declare
    first_day timestamptz;
    partition_name text;
  begin
    for month in 0..months_ahead loop
      first_day := date_trunc('month', now() at time zone 'UTC') at time zone 'UTC';
      first_day := (first_day at time zone 'UTC' + make_interval(months => month)) at time zone 'UTC';
      partition_name := 'change_log_' || to_char(first_day at time zone 'UTC', 'YYYY_MM');
      if to_regclass('platform.' || partition_name) is null then
        begin
          execute format('create table platform.%I partition of platform.change_log for values from (%L) to (%L)',
            partition_name, first_day, (first_day at time zone 'UTC' + interval '1 month') at time zone 'UTC');
          execute format('alter table platform.%I enable row level security, force row level security', partition_name);
        exception when duplicate_table or check_violation then
          null; -- Made by another process at this moment, or its rows already stand in the default partition.
        end;
      end if;
    end loop;
  end $$;
  select platform.ensure_change_log_partitions(3);
  revoke all on function platform.ensure_change_log_partitions(int) from public;
  grant execute on function platform.ensure_change_log_partitions(int) to metastore_app;
`;

/** `tenant` is `*` for a platform-wide key, so that only platform-wide callers see it. */
const CREDENTIALS = `
  create table platform.api_key (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    token_id text collate "C" not null constraint api_key_token_id unique,
    secret_hash bytea not null,
    name text not null,
    role text not null,
    expires_at timestamptz(3),
    revoked_at timestamptz(3),
    last_used_at timestamptz(3),
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    created_by text not null,
    updated_by text not null
  );
  create index api_key_tenant on platform.api_key (tenant, id);
  call platform.isolate('platform.api_key');
`;

/** `response` is sealed: it may repeat a value that is encrypted where it is stored. */
const IDEMPOTENCY = `
  create table platform.idempotency (
    tenant text collate "C" not null,
    principal text collate "C" not null,
    key text collate "C" not null,
    request_hash bytea not null,
    status int not null,
    headers json not null,
    response text not null,
    created_at timestamptz(3) not null default clock_timestamp(),
    primary key (tenant, principal, key)
  );
  create index idempotency_created_at on platform.idempotency (created_at);
  call platform.isolate('platform.idempotency');
`;

/** Signs cursors and tells the entries of a shared Redis apart: alike on every replica, different everywhere else. */
const SERVER_SECRET = `
  create table platform.server_secret (
    tenant text collate "C" not null default '*' check (tenant = '*'),
    name text collate "C" primary key,
    secret bytea not null
  );
  insert into platform.server_secret (name, secret)
  select name, sha256((gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text)::bytea)
  from unnest(array['cursor', 'cache']) as name;
  call platform.isolate('platform.server_secret');
  revoke insert, update, delete on platform.server_secret from metastore_app;
`;
