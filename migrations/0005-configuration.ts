import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Configurations, the schemas that their results satisfy, and where their secrets come from. */
export class Configuration1764000000005 implements MigrationInterface {
  name = 'Configuration1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SCHEMA);
    await runner.query(CONFIGURATION);
    await runner.query(FORMER);
    await runner.query(BOUNDARIES);
    await runner.query(SECRET_PROVIDER);
    await runner.query(searchIn('configuration'));
    await runner.query(searchIn('json_schema'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop schema configuration cascade;
      drop extension btree_gist;
    `);
  }
}

/** A schema is never changed, only followed by a newer one of its name. */
const SCHEMA = `
  create extension if not exists btree_gist with schema platform;
  create schema configuration;
  grant usage on schema configuration to metastore_app, metastore_search;

  create table configuration.json_schema (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    name text collate "C" not null,
    schema_version text collate "C" not null, -- As Semantic Versioning says.
    json_schema json not null,
    compatibility text collate "C" not null,
    description text,
    refs text[] collate "C" not null, -- The registered schemas that it refers to, as <name>:<version>:<id>.
    search_text text not null,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    created_by text not null,
    updated_by text not null,
    constraint json_schema_name unique (tenant, name, schema_version)
  );
  create index json_schema_by_name on configuration.json_schema (tenant, name, id);
  create index json_schema_by_created_at on configuration.json_schema (tenant, created_at, id);
  create index json_schema_by_updated_at on configuration.json_schema (tenant, updated_at, id);
  create index json_schema_search on configuration.json_schema using gin (search_text platform.gin_trgm_ops);
  create index json_schema_refs on configuration.json_schema using gin (refs) where refs <> '{}';
  call platform.isolate('configuration.json_schema');
`;

/**
 * Of one scope no two active ones without a window, and no two active ones whose windows overlap: the database keeps
 * it, whoever writes. One with a window lies over the one without.
 */
const CONFIGURATION = `
  create table configuration.configuration (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    service text collate "C" not null,
    name text collate "C" not null,
    environment text collate "C" not null, -- base lies under all others.
    document json not null,
    schema_id uuid constraint configuration_schema references configuration.json_schema (id),
    secret_refs json not null,
    final_keys text[] not null,
    is_active boolean not null,
    effective_from timestamptz(3),
    effective_until timestamptz(3),
    description text,
    search_text text not null,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    created_by text not null,
    updated_by text not null,
    told_until timestamptz not null, -- Boundaries up to here are in the log; this and the next by the trigger below.
    next_boundary timestamptz(3), -- The next one that is not in the log, passed or to come.
    constraint configuration_window check (effective_from < effective_until),
    constraint configuration_overlap exclude using gist (
      tenant platform.gist_text_ops with operator(pg_catalog.=),
      service platform.gist_text_ops with operator(pg_catalog.=),
      name platform.gist_text_ops with operator(pg_catalog.=),
      environment platform.gist_text_ops with operator(pg_catalog.=),
      (case when effective_from is null and effective_until is null then 0 else 1 end) platform.gist_int4_ops
        with operator(pg_catalog.=),
      tstzrange(effective_from, effective_until) with operator(pg_catalog.&&)
    ) where (is_active)
  );
  create index configuration_by_service on configuration.configuration (tenant, service, name, environment, id);
  create index configuration_by_name on configuration.configuration (tenant, name, id);
  create index configuration_by_created_at on configuration.configuration (tenant, created_at, id);
  create index configuration_by_updated_at on configuration.configuration (tenant, updated_at, id);
  create index configuration_of_service on configuration.configuration (service, tenant);
  create index configuration_by_schema on configuration.configuration (schema_id) where schema_id is not null;
  create index configuration_due on configuration.configuration (next_boundary) where next_boundary is not null;
  create index configuration_search on configuration.configuration using gin (search_text platform.gin_trgm_ops);
  call platform.isolate('configuration.configuration');
`;

/** Which configurations a service had: what is gone by now is found in the log by its id. */
const FORMER = `
  create table configuration.former (
    tenant text collate "C" not null,
    service text collate "C" not null,
    id uuid not null,
    primary key (tenant, service, id)
  );
  call platform.isolate('configuration.former');

  create function configuration.note_former() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    insert into configuration.former (tenant, service, id) values (old.tenant, old.service, old.id)
      on conflict do nothing;
    return null;
  end $$;
  create trigger note_former after delete on configuration.configuration
    for each row execute function configuration.note_former();
`;

/**
 * Whoever tells of a boundary sets `told_until`, and the next one is found. A write that gives another window says by
 * itself how things are from then on.
 */
const BOUNDARIES = `
  create function configuration.find_next_boundary() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    if tg_op = 'INSERT' or (new.is_active, new.effective_from, new.effective_until)
        is distinct from (old.is_active, old.effective_from, old.effective_until) then
      new.told_until := statement_timestamp();
    end if;
    new.next_boundary := case when new.is_active then (
      select min(b) from unnest(array[new.effective_from, new.effective_until]) as b where b > new.told_until) end;
    return new;
  end $$;
  create trigger find_next_boundary before insert or update on configuration.configuration
    for each row execute function configuration.find_next_boundary();
`;

/** `credentials` is sealed. */
const SECRET_PROVIDER = `
  create table configuration.secret_provider (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    alias text collate "C" not null,
    kind text collate "C" not null,
    settings json not null,
    credentials text,
    path_prefixes text[] not null,
    is_default boolean not null,
    description text,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    created_by text not null,
    updated_by text not null,
    constraint secret_provider_alias unique (tenant, alias)
  );
  create unique index secret_provider_default on configuration.secret_provider (tenant) where is_default;
  create index secret_provider_by_alias on configuration.secret_provider (tenant, alias, id);
  create index secret_provider_by_created_at on configuration.secret_provider (tenant, created_at, id);
  create index secret_provider_by_updated_at on configuration.secret_provider (tenant, updated_at, id);
  call platform.isolate('configuration.secret_provider');
`;

/** As in the other contexts: under row-level security LIKE would lose its trigram index; the function gives ids only. */
const searchIn = (table: string): string => `
  grant select on configuration.${table} to metastore_search;
  create policy searchable on configuration.${table} for select to metastore_search using (true);

  create function configuration.search_${table}(tenants text[], pattern text) returns setof uuid
  language sql stable security definer set search_path = pg_catalog rows 100 as $$
    select id from configuration.${table}
    where tenant = any (tenants) and search_text like pattern and platform.may_read(tenant)
  $$;
  revoke all on function configuration.search_${table}(text[], text) from public;
  grant execute on function configuration.search_${table}(text[], text) to metastore_app;
  grant create on schema configuration to metastore_search;
  alter function configuration.search_${table}(text[], text) owner to metastore_search;
  revoke create on schema configuration from metastore_search;
`;
