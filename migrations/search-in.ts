/** Lets a table of a schema be searched: under row-level security LIKE would lose its trigram index; the function gives ids only. */
export const searchIn = (schema: string, table: string): string => `
  grant select on ${schema}.${table} to metastore_search;
  create policy searchable on ${schema}.${table} for select to metastore_search using (true);

  create function ${schema}.search_${table}(tenants text[], pattern text) returns setof uuid
  language sql stable security definer set search_path = pg_catalog rows 100 as $$
    select id from ${schema}.${table}
    where tenant = any (tenants) and search_text like pattern and platform.may_read(tenant)
  $$;
  revoke all on function ${schema}.search_${table}(text[], text) from public;
  grant execute on function ${schema}.search_${table}(text[], text) to metastore_app;
  grant create on schema ${schema} to metastore_search;
  alter function ${schema}.search_${table}(text[], text) owner to metastore_search;
  revoke create on schema ${schema} from metastore_search;
`;
