import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Feature flags, the segments that their rules share, and the search by substring in both. */
export class FeatureFlags1764000000003 implements MigrationInterface {
  name = 'FeatureFlags1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FLAG);
    await runner.query(SEGMENT);
    await runner.query(searchIn('flag'));
    await runner.query(searchIn('segment'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function feature_flags.search_flag(text[], text), feature_flags.search_segment(text[], text);
      drop table feature_flags.flag, feature_flags.segment;
      drop schema feature_flags;
    `);
  }
}

const FLAG = `
  create schema feature_flags;
  grant usage on schema feature_flags to metastore_app, metastore_search;

  create table feature_flags.flag (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    name text collate "C" not null,
    description text,
    tags text[] not null,
    owner text,
    kind text collate "C" not null,
    is_client_visible boolean not null,
    archived_at timestamptz(3),
    definition json not null, -- Not jsonb: values keep their text and the order of their keys.
    refs text[] collate "C" not null, -- What the definition refers to, as flag:<name> and segment:<name>.
    search_text text not null, -- What is searched, in lower case by Unicode: lower() follows the locale of the database.
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    created_by text not null,
    updated_by text not null,
    constraint flag_name unique (tenant, name)
  );
  create index flag_by_name on feature_flags.flag (tenant, name, id);
  create index flag_by_created_at on feature_flags.flag (tenant, created_at, id);
  create index flag_by_updated_at on feature_flags.flag (tenant, updated_at, id);
  create index flag_with_refs on feature_flags.flag (tenant) where refs <> '{}';
  create index flag_search on feature_flags.flag using gin (search_text platform.gin_trgm_ops);
  call platform.isolate('feature_flags.flag');
`;

const SEGMENT = `
  create table feature_flags.segment (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    name text collate "C" not null,
    description text,
    definition json not null,
    refs text[] collate "C" not null,
    search_text text not null,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    created_by text not null,
    updated_by text not null,
    constraint segment_name unique (tenant, name)
  );
  create index segment_by_name on feature_flags.segment (tenant, name, id);
  create index segment_by_created_at on feature_flags.segment (tenant, created_at, id);
  create index segment_by_updated_at on feature_flags.segment (tenant, updated_at, id);
  create index segment_with_refs on feature_flags.segment (tenant) where refs <> '{}';
  create index segment_search on feature_flags.segment using gin (search_text platform.gin_trgm_ops);
  call platform.isolate('feature_flags.segment');
`;

/** As in metadata: under row-level security LIKE would lose its trigram index; the function gives ids only. */
const searchIn = (table: string): string => `
  grant select on feature_flags.${table} to metastore_search;
  create policy searchable on feature_flags.${table} for select to metastore_search using (true);

  create function feature_flags.search_${table}(tenants text[], pattern text) returns setof uuid
  language sql stable security definer set search_path = pg_catalog rows 100 as $$
    select id from feature_flags.${table}
    where tenant = any (tenants) and search_text like pattern and platform.may_read(tenant)
  $$;
  revoke all on function feature_flags.search_${table}(text[], text) from public;
  grant execute on function feature_flags.search_${table}(text[], text) to metastore_app;
  grant create on schema feature_flags to metastore_search;
  alter function feature_flags.search_${table}(text[], text) owner to metastore_search;
  revoke create on schema feature_flags from metastore_search;
`;
