import type { MigrationInterface, QueryRunner } from 'typeorm';
import { searchIn } from './search-in.js';

/** What people are asked, who looks at it, and what they said. */
export class SupervisorRequests1764000000008 implements MigrationInterface {
  name = 'SupervisorRequests1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REQUEST);
    await runner.query(ORDERS);
    await runner.query(WORK);
    await runner.query(searchIn('supervisor', 'request'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema supervisor cascade');
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
  -- A store's history by time, and what of it was made in a window.
  create index request_history on supervisor.request (tenant, store_id, status_code, request_timestamp, id);
  -- The same two orders of everything.
  create index request_of_kind on supervisor.request (tenant, kind, status_code, priority, request_timestamp, id);
  create index request_by_time on supervisor.request (tenant, status_code, request_timestamp, id);
  -- What a team has to do; also whether it has anything, before it is deleted.
  create index request_of_team on supervisor.request (assignee_team_id, tenant, status_code, priority, request_timestamp, id)
    where assignee_team_id is not null;
  -- What people are at work on: as few as people.
  create index request_claimed on supervisor.request (tenant, priority, request_timestamp, id) where claimed_by is not null;
`;

/** What is due in a store, what may be claimed there, in the order of its queue, and what its statistics are made of. */
const WORK = `
  create index request_due_of_store on supervisor.request (tenant, store_id, due_at) where due_at is not null;
  create index request_free on supervisor.request (tenant, store_id, priority, request_timestamp, id)
    where status_code = 'pending_response' and claim_expires_at is null;
  create index request_statistics on supervisor.request (tenant, store_id, request_timestamp)
    include (status_code, resolution, first_claimed_at, responded_at);
`;
