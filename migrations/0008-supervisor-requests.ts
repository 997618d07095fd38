import type { MigrationInterface, QueryRunner } from 'typeorm';
import { searchIn } from './search-in.js';

/** What people are asked, who looks at it, and what they said. */
export class SupervisorRequests1764000000008 implements MigrationInterface {
  name = 'SupervisorRequests1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REQUEST);
    await runner.query(ORDERS);
    await runner.query(WORK);
    await runner.query(CALLBACK);
    await runner.query(searchIn('supervisor', 'request'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      select set_config('app.tenant', '*', true);
      delete from platform.server_secret where name = 'callback';
      drop schema supervisor cascade;
    `);
  }
}

const REQUEST = `
  create schema supervisor;
  grant usage on schema supervisor to metastore_app, metastore_search;

  create table supervisor.request (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    store_id text collate "C" not null,
    kind text collate "C" not null,
    question text not null,
    options json, -- A list of texts; null: anything may be said.
    response_schema json,
    details json not null,
    priority int not null,
    request_timestamp timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    status text collate "C" not null generated always as
      (case status_code when 'pending_response' then 'pending' else 'not_pending' end) stored,
    status_code text collate "C" not null,
    resolution text collate "C",
    settled_at timestamptz(3), -- When it was answered in time, timed out or was cancelled.
    assignee_team_id uuid, -- A team of the catalog.
    claimed_by text,
    claim_expires_at timestamptz(3),
    first_claimed_at timestamptz(3),
    response json,
    responded_at timestamptz(3),
    on_timeout text collate "C" not null,
    default_response json,
    allow_late_response boolean not null,
    dedupe_key text collate "C",
    callback_url text,
    requested_by text not null,
    escalation json not null, -- The steps: [{after_seconds, priority?, assignee_team_id?}].
    escalated int not null, -- How many of them were applied.
    due_at timestamptz(3), -- When it times out, its next step is due or its claim runs out, whichever is first; null: nothing will happen by itself.
    search_text text not null,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    created_by text not null,
    updated_by text not null
  );
  create unique index request_dedupe on supervisor.request (tenant, store_id, dedupe_key)
    where status_code = 'pending_response' and dedupe_key is not null;
  create index request_due on supervisor.request (due_at) where due_at is not null;
  create index request_search on supervisor.request using gin (search_text platform.gin_trgm_ops);
  call platform.isolate('supervisor.request');
`;

/**
 * One index for each way in which pages are read (libs/supervisor-requests/infrastructure/reading-order.ts). A list of several
 * status codes reads each by itself and merges them, so that what is pending and what is over need no indexes of their own.
 */
const ORDERS = `
  -- A store's queue and its history by priority; by time where only some priorities are wanted.
  create index request_queue on supervisor.request (tenant, store_id, status_code, priority, request_timestamp, id);
  -- A store's history by time, and what of it was made in a window; its statistics read nothing else.
  create index request_history on supervisor.request (tenant, store_id, status_code, request_timestamp, id)
    include (resolution, first_claimed_at, responded_at);
  -- The same two orders of everything. Whoever reads everything by time says that versions are positive: the planner would
  -- else take that index for one store, too, and walk over all others where those of the store are not among the latest.
  create index request_of_kind on supervisor.request (tenant, kind, status_code, priority, request_timestamp, id);
  create index request_by_time on supervisor.request (tenant, status_code, request_timestamp, id) where version > 0;
  -- What a team has to do; also whether it has anything, before it is deleted.
  create index request_of_team on supervisor.request (assignee_team_id, tenant, status_code, priority, request_timestamp, id)
    where assignee_team_id is not null;
  -- What people are at work on: as few as people.
  create index request_claimed on supervisor.request (tenant, priority, request_timestamp, id) where claimed_by is not null;
`;

/** What is due in a store, and what may be claimed there, in the order of its queue. */
const WORK = `
  create index request_due_of_store on supervisor.request (tenant, store_id, due_at) where due_at is not null;
  create index request_free on supervisor.request (tenant, store_id, priority, request_timestamp, id)
    where status_code = 'pending_response' and claim_expires_at is null;
`;

/**
 * What is to be told to those who asked to be called back. Noted by whatever statement ends a request, and so in its transaction;
 * what is told is read from the change log. It outlives its request as long as it is due.
 */
const CALLBACK = `
  create table supervisor.callback (
    id uuid primary key default gen_random_uuid(),
    tenant text collate "C" not null,
    request_id uuid not null,
    request_version int not null, -- The change that is told.
    request_timestamp timestamptz(3) not null,
    url text not null,
    receiver text collate "C" not null, -- Scheme, host and port: one that hangs holds up nobody else.
    attempts int not null default 0,
    last_attempt_at timestamptz(3),
    last_error text collate "C",
    delivered_at timestamptz(3),
    due_at timestamptz(3) default clock_timestamp(), -- When it is tried next, or may have been given up by who tries it; null: it is over.
    constraint callback_of_request unique (request_id, request_version)
  );
  create index callback_due on supervisor.callback (due_at) where due_at is not null;
  call platform.isolate('supervisor.callback');

  create function supervisor.note_callback() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    insert into supervisor.callback (tenant, request_id, request_version, request_timestamp, url, receiver)
    values (new.tenant, new.id, new.version, new.request_timestamp, new.callback_url,
      lower(substring(new.callback_url from '^[^:]+:/*[^/?#]*')));
    return null;
  end $$;
  create trigger note_callback after update on supervisor.request for each row
    when (new.callback_url is not null and new.status_code <> 'pending_response'
      and (old.status_code <> new.status_code or old.responded_at is distinct from new.responded_at))
    execute function supervisor.note_callback();

  create function supervisor.forget_callbacks() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    delete from supervisor.callback where request_id = old.id and due_at is null;
    return null;
  end $$;
  create trigger forget_callbacks after delete on supervisor.request for each row
    when (old.callback_url is not null) execute function supervisor.forget_callbacks();

  select set_config('app.tenant', '*', true); -- The policies hold for the owner, too.
  insert into platform.server_secret (name, secret)
  values ('callback', sha256((gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text)::bytea));
`;
