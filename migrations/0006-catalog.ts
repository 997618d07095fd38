import type { MigrationInterface, QueryRunner } from 'typeorm';
import { searchIn } from './search-in.js';

/** Who owns what, where it runs and how to reach it. */
export class Catalog1764000000006 implements MigrationInterface {
  name = 'Catalog1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PEOPLE);
    await runner.query(MEMBERSHIP);
    await runner.query(TREE);
    await runner.query(ENVIRONMENT);
    await runner.query(RESOURCE);
    await runner.query(OBSERVED);
    await runner.query(RELATION);
    await runner.query(DESCRIPTOR);
    for (const table of ['company', 'person', 'team', 'environment', 'resource'])
      await runner.query(searchIn('catalog', table));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema catalog cascade');
  }
}

const STAMPS = `
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    created_by text not null,
    updated_by text not null`;

/** Everything of a company belongs to the tenant of the company. */
const PEOPLE = `
  create schema catalog;
  grant usage on schema catalog to metastore_app, metastore_search;

  create table catalog.company (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    name text collate "C" not null,
    description text,
    labels json not null,
    search_text text not null,${STAMPS},
    constraint company_name unique (tenant, name)
  );
  create index company_by_name on catalog.company (tenant, name, id);
  create index company_by_created_at on catalog.company (tenant, created_at, id);
  create index company_by_updated_at on catalog.company (tenant, updated_at, id);
  create index company_search on catalog.company using gin (search_text platform.gin_trgm_ops);
  call platform.isolate('catalog.company');

  create table catalog.person ( -- On the wire a user; the word is taken in SQL.
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    company_id uuid not null constraint person_company references catalog.company (id),
    name text collate "C" not null,
    email text not null,
    email_key text collate "C" not null, -- In lower case: one mailbox, one user.
    active boolean not null,
    labels json not null,
    teams json not null, -- What the teams say of their members, from the other side: [{team_id, role, since}].
    search_text text not null,${STAMPS},
    constraint person_email unique (company_id, email_key)
  );
  create index person_by_name on catalog.person (tenant, name, id);
  create index person_by_email on catalog.person (tenant, email_key, id);
  create index person_by_created_at on catalog.person (tenant, created_at, id);
  create index person_by_updated_at on catalog.person (tenant, updated_at, id);
  create index person_search on catalog.person using gin (search_text platform.gin_trgm_ops);
  call platform.isolate('catalog.person');

  create table catalog.team (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    company_id uuid not null constraint team_company references catalog.company (id),
    name text collate "C" not null,
    slug text collate "C" not null,
    description text,
    email text,
    parent_team_id uuid constraint team_parent references catalog.team (id),
    labels json not null,
    members json not null, -- [{user_id, role, since}]
    search_text text not null,${STAMPS},
    constraint team_slug unique (company_id, slug)
  );
  create index team_by_name on catalog.team (tenant, name, id);
  create index team_by_slug on catalog.team (tenant, slug, id);
  create index team_by_created_at on catalog.team (tenant, created_at, id);
  create index team_by_updated_at on catalog.team (tenant, updated_at, id);
  create index team_children on catalog.team (parent_team_id) where parent_team_id is not null;
  create index team_search on catalog.team using gin (search_text platform.gin_trgm_ops);
  call platform.isolate('catalog.team');
`;

/** The members of teams as rows, kept by the database from what the teams say: for lists, and so that a member exists. */
const MEMBERSHIP = `
  create table catalog.membership (
    tenant text collate "C" not null,
    team_id uuid not null references catalog.team (id) on delete cascade,
    user_id uuid not null constraint membership_user references catalog.person (id),
    role text collate "C" not null,
    since timestamptz(3) not null,
    primary key (team_id, user_id)
  );
  create index membership_of_user on catalog.membership (user_id, team_id);
  call platform.isolate('catalog.membership');

  create function catalog.keep_membership() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    if tg_op = 'UPDATE' and new.members::text = old.members::text then return null; end if;
    delete from catalog.membership m where m.team_id = new.id
      and not exists (select from json_to_recordset(new.members) as n(user_id uuid) where n.user_id = m.user_id);
    insert into catalog.membership (tenant, team_id, user_id, role, since)
      select new.tenant, new.id, n.user_id, n.role, n.since
      from json_to_recordset(new.members) as n(user_id uuid, role text, since timestamptz)
      on conflict (team_id, user_id) do update set role = excluded.role, since = excluded.since
        where (membership.role, membership.since) is distinct from (excluded.role, excluded.since);
    return null;
  end $$;
  create trigger keep_membership after insert or update of members on catalog.team
    for each row execute function catalog.keep_membership();
`;

/** The tree of teams from one of them, the nearest first and itself at the head; sixty-four levels are more than there are. */
const TREE = `
  create function catalog.teams_below(team uuid) returns uuid[] language sql stable as $$
    with recursive below (id, level) as (
      select team, 1
      union all
      select t.id, b.level + 1 from below b join catalog.team t on t.parent_team_id = b.id where b.level < 64
    )
    select array_agg(id order by level, id) from below
  $$;

  create function catalog.teams_above(team uuid) returns uuid[] language sql stable as $$
    with recursive above (id, parent, level) as (
      select t.id, t.parent_team_id, 1 from catalog.team t where t.id = team
      union all
      select t.id, t.parent_team_id, a.level + 1 from above a join catalog.team t on t.id = a.parent where a.level < 64
    )
    select array_agg(id order by level) from above
  $$;
`;

const ENVIRONMENT = `
  create table catalog.environment (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    company_id uuid constraint environment_company references catalog.company (id),
    key text collate "C" not null,
    name text collate "C" not null,
    tier text collate "C" not null,
    owner_team_id uuid constraint environment_owner references catalog.team (id),
    labels json not null,
    search_text text not null,${STAMPS},
    constraint environment_key unique (tenant, key)
  );
  create index environment_by_key on catalog.environment (tenant, key, id);
  create index environment_by_name on catalog.environment (tenant, name, id);
  create index environment_by_created_at on catalog.environment (tenant, created_at, id);
  create index environment_by_updated_at on catalog.environment (tenant, updated_at, id);
  create index environment_of_team on catalog.environment (owner_team_id) where owner_team_id is not null;
  create index environment_search on catalog.environment using gin (search_text platform.gin_trgm_ops);
  call platform.isolate('catalog.environment');
`;

/** Labels stand in a table of their own as well, because under row-level security no index over JSON is used (docs/adr/0004). */
const RESOURCE = `
  create table catalog.resource (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    company_id uuid not null constraint resource_company references catalog.company (id),
    namespace text collate "C" not null,
    name text collate "C" not null,
    type text collate "C" not null,
    environment text collate "C",
    lifecycle_status text collate "C" not null,
    description text,
    owner_team_id uuid constraint resource_owner references catalog.team (id),
    labels json not null,
    annotations json not null,
    links json not null,
    endpoints json not null, -- What was declared; how they are stands in catalog.endpoint_health.
    ttl_seconds int,
    source text collate "C", -- Which import speaks for it; null: nobody's.
    source_ref text collate "C", -- What it is called there, for example component:default/orders.
    orphan boolean not null, -- The newest import of its source did not have it.
    search_text text not null,${STAMPS}
  );
  create unique index resource_identity on catalog.resource (company_id, namespace, type, name, coalesce(environment, ''));
  create index resource_by_name on catalog.resource (tenant, name, id);
  create index resource_by_type on catalog.resource (tenant, type, id);
  create index resource_by_created_at on catalog.resource (tenant, created_at, id);
  create index resource_by_updated_at on catalog.resource (tenant, updated_at, id);
  create index resource_by_environment on catalog.resource (tenant, environment, id) where environment is not null;
  create index resource_by_lifecycle_status on catalog.resource (tenant, lifecycle_status, id);
  create index resource_of_team on catalog.resource (owner_team_id, id) where owner_team_id is not null;
  create index resource_ownerless on catalog.resource (tenant, id) where owner_team_id is null;
  create index resource_orphans on catalog.resource (tenant, id) where orphan;
  create index resource_with_ttl on catalog.resource (tenant, id) where ttl_seconds is not null; -- Nothing else is ever stale.
  create index resource_of_source on catalog.resource (tenant, source, source_ref) where source is not null;
  create index resource_search on catalog.resource using gin (search_text platform.gin_trgm_ops);
  call platform.isolate('catalog.resource');

  create table catalog.resource_label (
    tenant text collate "C" not null,
    key text collate "C" not null,
    value text collate "C" not null,
    resource_id uuid not null references catalog.resource (id) on delete cascade,
    primary key (resource_id, key)
  );
  create index resource_label_value on catalog.resource_label (tenant, key, value, resource_id);
  call platform.isolate('catalog.resource_label');

  create function catalog.keep_labels() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    if tg_op = 'UPDATE' then
      if new.labels::text = old.labels::text then return null; end if;
      delete from catalog.resource_label where resource_id = new.id;
    end if;
    insert into catalog.resource_label (tenant, key, value, resource_id)
      select new.tenant, l.key, l.value, new.id from json_each_text(new.labels) as l;
    return null;
  end $$;
  create trigger keep_labels after insert or update of labels on catalog.resource
    for each row execute function catalog.keep_labels();
`;

/** How things are: written often, and no version of anything. */
const OBSERVED = `
  create table catalog.resource_seen (
    tenant text collate "C" not null,
    resource_id uuid primary key references catalog.resource (id) on delete cascade,
    last_seen_at timestamptz(3) not null
  ) with (fillfactor = 70);
  call platform.isolate('catalog.resource_seen');

  create table catalog.endpoint_health (
    tenant text collate "C" not null,
    resource_id uuid not null references catalog.resource (id) on delete cascade,
    endpoint text collate "C" not null,
    status text collate "C" not null,
    output text not null,
    checked_at timestamptz(3) not null,
    ttl_seconds int, -- Null: what was checked stays true.
    expires_at timestamptz(3), -- From then on it reads as critical.
    is_told boolean not null, -- It is in the change log that it expired, or there is nothing to tell.
    primary key (resource_id, endpoint)
  ) with (fillfactor = 70);
  create index endpoint_health_due on catalog.endpoint_health (expires_at) where not is_told and expires_at is not null;
  create index endpoint_health_wrong on catalog.endpoint_health (tenant, resource_id)
    where status in ('warning', 'critical') or expires_at is not null;
  call platform.isolate('catalog.endpoint_health');
`;

/** From one resource to another; the inverse has a name and no row. */
const RELATION = `
  create table catalog.relation (
    tenant text collate "C" not null,
    from_id uuid not null references catalog.resource (id) on delete cascade,
    type text collate "C" not null,
    to_id uuid not null references catalog.resource (id) on delete cascade,
    created_at timestamptz(3) not null,
    created_by text not null,
    source text collate "C", -- Which import said so; null: somebody did.
    primary key (from_id, type, to_id)
  );
  create index relation_to on catalog.relation (to_id, type, from_id);
  call platform.isolate('catalog.relation');
`;

/** What imports said, word for word: an export gives back what there is no column for. */
const DESCRIPTOR = `
  create table catalog.descriptor (
    tenant text collate "C" not null,
    company_id uuid not null references catalog.company (id),
    ref text collate "C" not null, -- For example component:default/orders.
    source text collate "C" not null,
    user_id uuid references catalog.person (id) on delete cascade,
    team_id uuid references catalog.team (id) on delete cascade,
    resource_id uuid references catalog.resource (id) on delete cascade,
    entity json not null,
    dangling json not null, -- References in it that lead nowhere here.
    primary key (company_id, ref),
    constraint descriptor_of_one check (num_nonnulls(user_id, team_id, resource_id) = 1)
  );
  create index descriptor_of_source on catalog.descriptor (company_id, source);
  create unique index descriptor_of_user on catalog.descriptor (user_id) where user_id is not null;
  create unique index descriptor_of_team on catalog.descriptor (team_id) where team_id is not null;
  create unique index descriptor_of_resource on catalog.descriptor (resource_id) where resource_id is not null;
  call platform.isolate('catalog.descriptor');
`;
