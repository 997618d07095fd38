import type { MigrationInterface, QueryRunner } from 'typeorm';
import { searchIn } from './search-in.js';

/** Who paid whom, what for, and what was to be spent at most. */
export class Budget1764000000009 implements MigrationInterface {
  name = 'Budget1764000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PAYEE);
    await runner.query(CATEGORY);
    await runner.query(IMPORT);
    await runner.query(ITEM);
    await runner.query(BUDGET);
    for (const table of ['payee', 'category', 'item', 'budget'])
      await runner.query(searchIn('budget', table));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema budget cascade');
  }
}

const STAMPS = `
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    created_by text not null,
    updated_by text not null`;

const PAYEE = `
  create schema budget;
  grant usage on schema budget to metastore_app, metastore_search;

  create table budget.payee (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    name text collate "C" not null,
    name_key text collate "C" not null, -- Case folded, spaces run together: what a name is looked up by. Not unique.
    email text,
    email_key text collate "C", -- In lower case: one mailbox.
    phone text collate "C",
    labels json not null,
    search_text text not null,${STAMPS}
  );
  create index payee_by_name on budget.payee (tenant, name, id);
  create index payee_by_name_key on budget.payee (tenant, name_key, id);
  create index payee_by_email on budget.payee (tenant, email_key, id) where email_key is not null;
  create index payee_by_created_at on budget.payee (tenant, created_at, id);
  create index payee_by_updated_at on budget.payee (tenant, updated_at, id);
  create index payee_search on budget.payee using gin (search_text platform.gin_trgm_ops);
  call platform.isolate('budget.payee');

  create table budget.payee_label (
    tenant text collate "C" not null,
    key text collate "C" not null,
    value text collate "C" not null,
    payee_id uuid not null references budget.payee (id) on delete cascade,
    primary key (payee_id, key)
  );
  create index payee_label_value on budget.payee_label (tenant, key, value, payee_id);
  call platform.isolate('budget.payee_label');

  create function budget.keep_payee_labels() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    if tg_op = 'UPDATE' then
      if new.labels::text = old.labels::text then return null; end if;
      delete from budget.payee_label where payee_id = new.id;
    end if;
    insert into budget.payee_label (tenant, key, value, payee_id)
      select new.tenant, l.key, l.value, new.id from json_each_text(new.labels) as l;
    return null;
  end $$;
  create trigger keep_labels after insert or update of labels on budget.payee
    for each row execute function budget.keep_payee_labels();
`;

const CATEGORY = `
  create table budget.category (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    name text collate "C" not null,
    name_key text collate "C" not null, -- Case folded, spaces run together: of its own among those right below one parent.
    parent_id uuid constraint category_parent references budget.category (id),
    search_text text not null,${STAMPS}
  );
  -- Over an expression: nothing can refer to these columns, so that a category may be moved while items come to it.
  create unique index category_name on budget.category
    (tenant, name_key, (coalesce(parent_id, '00000000-0000-0000-0000-000000000000')));
  create index category_by_name on budget.category (tenant, name, id);
  create index category_by_created_at on budget.category (tenant, created_at, id);
  create index category_by_updated_at on budget.category (tenant, updated_at, id);
  create index category_children on budget.category (parent_id) where parent_id is not null;
  create index category_search on budget.category using gin (search_text platform.gin_trgm_ops);
  call platform.isolate('budget.category');
`;

/** A file that was read, so that it can be undone. */
const IMPORT = `
  create table budget.import (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    format text collate "C" not null,
    total int not null,
    created int not null,
    unchanged int not null,
    failed int not null,${STAMPS}
  );
  create index import_by_created_at on budget.import (tenant, created_at, id);
  call platform.isolate('budget.import');

  -- Who was made because a file named them.
  create table budget.import_payee (
    tenant text collate "C" not null,
    import_id uuid not null references budget.import (id) on delete cascade,
    payee_id uuid not null references budget.payee (id) on delete cascade,
    primary key (import_id, payee_id)
  );
  create index import_payee_of_payee on budget.import_payee (payee_id);
  call platform.isolate('budget.import_payee');
`;

/**
 * An amount is an integer of the currency's minor units, always above zero; the flow gives the sign. What refers to another
 * table leads its index, because whoever deletes there looks for it so; the tenant and the order of the lists follow.
 */
const ITEM = `
  create table budget.item (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    item text collate "C" not null,
    amount bigint not null constraint item_amount check (amount > 0),
    currency text collate "C" not null,
    flow text collate "C" not null,
    payor_id uuid not null constraint item_payor references budget.payee (id),
    payee_id uuid not null constraint item_payee references budget.payee (id),
    category_id uuid constraint item_category references budget.category (id),
    transaction_date date not null,
    status text collate "C" not null,
    team_id uuid, -- A team of the catalog.
    environment text collate "C", -- A key of the catalog.
    notes text,
    labels json not null,
    import_id uuid constraint item_import references budget.import (id),
    import_key text collate "C", -- What a line of a file is known by when the file comes again.
    search_text text not null,${STAMPS},
    constraint item_parties check (payor_id <> payee_id)
  );
  -- With all that reports sum up and group by, so that a year of them is read from the index alone.
  create index item_by_date on budget.item (tenant, transaction_date, id)
    include (currency, flow, amount, status, category_id, payee_id, team_id, environment);
  create index item_by_name on budget.item (tenant, item, id);
  create index item_by_amount on budget.item (tenant, currency, amount, id);
  create index item_by_updated_at on budget.item (tenant, updated_at, id);
  create index item_by_status on budget.item (tenant, status, transaction_date, id);
  create index item_by_flow on budget.item (tenant, flow, transaction_date, id);
  create index item_by_environment on budget.item (tenant, environment, transaction_date, id) where environment is not null;
  create index item_of_payor on budget.item (payor_id, tenant, transaction_date, id);
  create index item_of_payee on budget.item (payee_id, tenant, transaction_date, id);
  create index item_of_category on budget.item (category_id, tenant, transaction_date, id) where category_id is not null;
  create index item_of_team on budget.item (team_id, tenant, transaction_date, id) where team_id is not null;
  create index item_of_import on budget.item (import_id, tenant, transaction_date, id) where import_id is not null;
  create unique index item_import_key on budget.item (tenant, import_key) where import_key is not null;
  create index item_search on budget.item using gin (search_text platform.gin_trgm_ops);
  call platform.isolate('budget.item');

  create table budget.item_label (
    tenant text collate "C" not null,
    key text collate "C" not null,
    value text collate "C" not null,
    item_id uuid not null references budget.item (id) on delete cascade,
    primary key (item_id, key)
  );
  create index item_label_value on budget.item_label (tenant, key, value, item_id);
  call platform.isolate('budget.item_label');

  create function budget.keep_item_labels() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    if tg_op = 'UPDATE' then
      delete from budget.item_label where item_id = new.id;
    end if;
    insert into budget.item_label (tenant, key, value, item_id)
      select new.tenant, l.key, l.value, new.id from json_each_text(new.labels) as l;
    return null;
  end $$;
  -- Most items have none: for them nothing is called.
  create trigger keep_labels_of_new after insert on budget.item
    for each row when (new.labels::text <> '{}') execute function budget.keep_item_labels();
  create trigger keep_labels after update of labels on budget.item
    for each row when (new.labels::text <> old.labels::text) execute function budget.keep_item_labels();
`;

/** A scope names nothing that must be there: what is gone counts nothing any more. */
const BUDGET = `
  create table budget.budget (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    name text collate "C" not null,
    owner_team_id uuid,
    scope json not null, -- {team_id?, environment?, category_ids[], selector?}
    currency text collate "C" not null,
    limit_amount bigint not null,
    period text collate "C" not null,
    start_date date not null,
    end_date date,
    time_zone text collate "C" not null,
    rollover text collate "C" not null,
    thresholds json not null,
    search_text text not null,${STAMPS},
    constraint budget_name unique (tenant, name)
  );
  create index budget_by_name on budget.budget (tenant, name, id);
  create index budget_by_created_at on budget.budget (tenant, created_at, id);
  create index budget_by_updated_at on budget.budget (tenant, updated_at, id);
  create index budget_of_team on budget.budget (owner_team_id, id) where owner_team_id is not null;
  create index budget_search on budget.budget using gin (search_text platform.gin_trgm_ops);
  call platform.isolate('budget.budget');

  -- What was spent, by the first day of the period: kept with every item, so that nothing is summed up to know it.
  create table budget.period_total (
    tenant text collate "C" not null,
    budget_id uuid not null constraint period_total_budget references budget.budget (id) on delete cascade,
    period_start date not null,
    spent numeric not null, -- In minor units, a whole number: many that fit a bigint do so no more together.
    primary key (budget_id, period_start)
  ) with (fillfactor = 50); -- Hot rows: leave room for updates in place.
  call platform.isolate('budget.period_total');

  create table budget.alert (
    id uuid primary key,
    tenant text collate "C" not null,
    budget_id uuid not null constraint alert_budget references budget.budget (id) on delete cascade,
    period_start date not null,
    period_until date, -- The first day after it; null: it goes on.
    percent numeric(7, 3) not null,
    action text collate "C" not null,
    priority int, -- Of the supervisor request.
    currency text collate "C" not null,
    spent numeric not null,
    available numeric not null,
    item_id uuid, -- The last one that added to it; null: the budget itself was changed.
    supervisor_request_id uuid,
    opened_at timestamptz(3), -- When the supervisor request was there.
    created_at timestamptz(3) not null,
    constraint alert_once unique (budget_id, period_start, percent)
  );
  create index alert_of_budget on budget.alert (tenant, budget_id, created_at, id);
  create index alert_to_open on budget.alert (created_at, id) where supervisor_request_id is not null and opened_at is null;
  call platform.isolate('budget.alert');
`;
