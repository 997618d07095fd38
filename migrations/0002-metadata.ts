import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Metadata entries, their tags as a b-tree table, and the search by substring. */
export class Metadata1764000000002 implements MigrationInterface {
  name = 'Metadata1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ENTRY);
    await runner.query(ENTRY_TAG);
    await runner.query(SEARCH);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function metadata.search_entry(text[], text);
      drop table metadata.entry_tag, metadata.entry;
      drop schema metadata;
    `);
  }
}

const ENTRY = `
  create schema metadata;
  grant usage on schema metadata to metastore_app, metastore_search;

  create table metadata.entry (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    key text collate "C" not null,
    namespace text collate "C" not null,
    content_type text collate "C" not null,
    value text not null, -- The exact text, or the sealed one where is_encrypted.
    tags text[] not null,
    description text,
    search_text text not null, -- What is searched, in lower case by Unicode: lower() follows the locale of the database.
    is_encrypted boolean not null,
    is_secret boolean not null,
    expires_at timestamptz(3),
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    created_by text not null,
    updated_by text not null,
    constraint entry_key unique (tenant, namespace, key)
  );
  create index entry_by_key on metadata.entry (tenant, key, id);
  create index entry_by_created_at on metadata.entry (tenant, created_at, id);
  create index entry_by_updated_at on metadata.entry (tenant, updated_at, id);
  create index entry_by_expires_at on metadata.entry (expires_at) where expires_at is not null;
  create index entry_search on metadata.entry using gin (search_text platform.gin_trgm_ops);
  call platform.isolate('metadata.entry');
`;

/** Under row-level security an array operator loses its index, an equality does not: one row a tag. */
const ENTRY_TAG = `
  create table metadata.entry_tag (
    tenant text collate "C" not null,
    namespace text collate "C" not null,
    tag text collate "C" not null,
    entry_id uuid not null references metadata.entry (id) on delete cascade,
    primary key (tenant, tag, entry_id)
  );
  create index entry_tag_by_entry on metadata.entry_tag (entry_id);
  create index entry_tag_by_namespace on metadata.entry_tag (tenant, namespace, tag);
  call platform.isolate('metadata.entry_tag');
`;

/**
 * Under row-level security LIKE loses its trigram index too, because it is not leakproof. This function looks past
 * the policy, names the tenants itself, and gives ids only: the rows are then read under the policy as ever.
 */
const SEARCH = `
  grant select on metadata.entry to metastore_search;
  create policy searchable on metadata.entry for select to metastore_search using (true);

  create function metadata.search_entry(tenants text[], pattern text) returns setof uuid
  language sql stable security definer set search_path = pg_catalog rows 100 as $$
    select id from metadata.entry
    where tenant = any (tenants) and search_text like pattern and platform.may_read(tenant)
  $$;
  revoke all on function metadata.search_entry(text[], text) from public;
  grant execute on function metadata.search_entry(text[], text) to metastore_app;
  grant create on schema metadata to metastore_search;
  alter function metadata.search_entry(text[], text) owner to metastore_search;
  revoke create on schema metadata from metastore_search;
`;
