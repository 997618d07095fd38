import type { MigrationInterface, QueryRunner } from 'typeorm';
import { searchIn } from './search-in.js';

/** Who is told of changes by HTTP, and what they were told. */
export class Webhooks1764000000012 implements MigrationInterface {
  name = 'Webhooks1764000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(WEBHOOK);
    await runner.query(DELIVERY);
    await runner.query(searchIn('webhooks', 'webhook'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema webhooks cascade');
  }
}

const WEBHOOK = `
  create schema webhooks;
  grant usage on schema webhooks to metastore_app, metastore_search;

  create table webhooks.webhook (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    url text collate "C" not null,
    description text,
    types text[] not null, -- Of each filter: any of them; empty: everything.
    aggregate_types text[] not null,
    aggregate_ids uuid[] not null,
    prefix text collate "C",
    include_shared boolean not null,
    disabled_reason text collate "C", -- Null: it is enabled.
    disabled_at timestamptz(3),
    search_text text not null,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    created_by text not null,
    updated_by text not null,
    constraint webhook_disabled check ((disabled_reason is null) = (disabled_at is null))
  );
  create index webhook_by_url on webhooks.webhook (tenant, url, id);
  create index webhook_by_created_at on webhooks.webhook (tenant, created_at, id);
  create index webhook_by_updated_at on webhooks.webhook (tenant, updated_at, id);
  create index webhook_search on webhooks.webhook using gin (search_text platform.gin_trgm_ops);
  call platform.isolate('webhooks.webhook');

  create table webhooks.secret (
    webhook_id uuid not null references webhooks.webhook (id) on delete cascade,
    tenant text collate "C" not null,
    number int not null,
    sealed text not null,
    expires_at timestamptz(3), -- Null: the present one.
    primary key (webhook_id, number)
  );
  call platform.isolate('webhooks.secret');

  -- What changes of a webhook without being a change of it.
  create table webhooks.progress (
    webhook_id uuid primary key references webhooks.webhook (id) on delete cascade,
    tenant text collate "C" not null,
    failing_since timestamptz(3), -- Nothing was taken since then.
    positions json not null default '{}' -- By stream, while it is disabled: everything up to there became deliveries.
  );
  call platform.isolate('webhooks.progress');
`;

/**
 * A delivery outlives its webhook until a job removes it: there may be very many. Of an aggregate the first that is pending is
 * due at a time, those after it wait and are due at none.
 */
const DELIVERY = `
  create table webhooks.delivery (
    id uuid primary key, -- Made of the webhook and the event: there is one of both together.
    seq bigint generated always as identity, -- Of one aggregate, in the order of the log.
    tenant text collate "C" not null,
    webhook_id uuid not null,
    stream text collate "C" not null,
    revision bigint not null,
    sub int not null,
    event_type text collate "C" not null,
    aggregate_id uuid not null,
    subject text collate "C" not null,
    body text, -- The event as it is sent; null once it was taken.
    status text collate "C" not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
    beside boolean not null default false, -- Somebody asked for it once more: it waits for nothing and nothing waits for it.
    due_at timestamptz(3),
    attempts int not null default 0,
    tries int not null default 0, -- The same since it was asked for.
    attempt_log json not null default '[]',
    created_at timestamptz(3) not null default clock_timestamp(),
    over_at timestamptz(3),
    constraint delivery_over check ((status = 'pending') = (over_at is null))
  );
  create index delivery_of_webhook on webhooks.delivery (webhook_id, seq);
  create index delivery_by_status on webhooks.delivery (webhook_id, status, seq);
  create index delivery_of_aggregate on webhooks.delivery (webhook_id, aggregate_id, seq);
  create index delivery_queue on webhooks.delivery (webhook_id, aggregate_id, seq) where status = 'pending' and not beside;
  create index delivery_due on webhooks.delivery (webhook_id, due_at, seq) where due_at is not null;
  create index delivery_old on webhooks.delivery (status, over_at) where over_at is not null;
  call platform.isolate('webhooks.delivery');
`;
