import type { MigrationInterface, QueryRunner } from 'typeorm';
import { searchIn } from './search-in.js';

/** A registry of devices, how they are, and how they were. */
export class Devices1764000000007 implements MigrationInterface {
  name = 'Devices1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(DEVICE_TYPE);
    await runner.query(DEVICE);
    await runner.query(LIVE);
    await runner.query(HISTORY);
    await runner.query(searchIn('devices', 'device_type'));
    await runner.query(searchIn('devices', 'device'));
    await runner.query(FIRST_TYPES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema devices cascade');
  }
}

const DEVICE_TYPE = `
  create schema devices;
  grant usage on schema devices to metastore_app, metastore_search;

  create table devices.device_type (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    key text collate "C" not null,
    name text collate "C" not null,
    status_values text[] not null, -- Empty: any.
    attributes_schema json,
    status_data_schema json,
    search_text text not null,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    created_by text not null,
    updated_by text not null,
    constraint device_type_key unique (tenant, key)
  );
  create index device_type_by_key on devices.device_type (tenant, key, id);
  create index device_type_by_name on devices.device_type (tenant, name, id);
  create index device_type_by_created_at on devices.device_type (tenant, created_at, id);
  create index device_type_by_updated_at on devices.device_type (tenant, updated_at, id);
  create index device_type_search on devices.device_type using gin (search_text platform.gin_trgm_ops);
  call platform.isolate('devices.device_type');
`;

/**
 * What is said of a device; how it is stands in devices.live. An address is kept as its canonical text; beside it stands
 * what sorts and compares. (macaddr8 would make an EUI-48 equal to its FF:FE form in EUI-64.)
 */
const DEVICE = `
  create table devices.device (
    id uuid primary key,
    tenant text collate "C" not null,
    version int not null,
    name text collate "C",
    device_type text collate "C" not null,
    mac_address text collate "C",
    ip_address text collate "C",
    registration_date timestamptz(3) not null,
    environment text collate "C",
    owner_team_id uuid, -- A team of the catalog.
    store_id text collate "C",
    labels json not null,
    attributes json not null,
    desired json not null,
    desired_version int not null,
    heartbeat_seconds int not null,
    search_text text not null,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    created_by text not null,
    updated_by text not null,
    name_order text collate "C" generated always as (coalesce(name, '')) stored,
    ip_order inet generated always as (coalesce(ip_address, '0.0.0.0')::inet) stored,
    constraint device_mac unique (tenant, mac_address)
  );
  create index device_by_registration_date on devices.device (tenant, registration_date, id);
  create index device_by_name on devices.device (tenant, name_order, id);
  create index device_by_device_type on devices.device (tenant, device_type, id);
  create index device_by_ip_address on devices.device (tenant, ip_order, id);
  create index device_by_environment on devices.device (tenant, environment, id) where environment is not null;
  create index device_by_store on devices.device (tenant, store_id, id) where store_id is not null;
  create index device_of_team on devices.device (owner_team_id, id) where owner_team_id is not null;
  create index device_search on devices.device using gin (search_text platform.gin_trgm_ops);
  call platform.isolate('devices.device');

  create table devices.device_label (
    tenant text collate "C" not null,
    key text collate "C" not null,
    value text collate "C" not null,
    device_id uuid not null references devices.device (id) on delete cascade,
    primary key (device_id, key)
  );
  create index device_label_value on devices.device_label (tenant, key, value, device_id);
  call platform.isolate('devices.device_label');

  create function devices.keep_labels() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    if tg_op = 'UPDATE' then
      if new.labels::text = old.labels::text then return null; end if;
      delete from devices.device_label where device_id = new.id;
    end if;
    insert into devices.device_label (tenant, key, value, device_id)
      select new.tenant, l.key, l.value, new.id from json_each_text(new.labels) as l;
    return null;
  end $$;
  create trigger keep_labels after insert or update of labels on devices.device
    for each row execute function devices.keep_labels();
`;

/**
 * How a device is, by its own reports: one row for each device, made with it. Written often; no version of anything. What
 * each report changes stands in no index, so that a row is written in its place and no index is: with an index on when
 * devices were last seen an update took nearly twice as long.
 */
const LIVE = `
  create table devices.live (
    tenant text collate "C" not null,
    device_id uuid primary key references devices.device (id) on delete cascade,
    reported json not null default '{}',
    reported_version int not null default 0,
    reported_observed_at timestamptz(3),
    status_value text collate "C",
    status_data json,
    status_observed_at timestamptz(3),
    last_seen_at timestamptz(3),
    seen_order timestamptz(3) not null default '0001-01-01T00:00:00Z', -- last_seen_at, and before all others where there is none.
    has_delta boolean not null default false,
    told_connectivity text collate "C" not null default 'never', -- What the change log says.
    due_at timestamptz(3), -- When to look whether the device fell silent; a report does not move it, looking does.
    revision int not null default 1 -- Counts what happened to the row or to the device: whoever decided on an older one lost.
  ) with (fillfactor = 40); -- Room for a second version of every row: a gateway reports of all rows of a page at once.
  create index live_by_status on devices.live (tenant, status_value, device_id) where status_value is not null;
  create index live_with_delta on devices.live (tenant, device_id) where has_delta;
  create index live_due on devices.live (due_at) where due_at is not null;
  call platform.isolate('devices.live');

  create function devices.begin_live() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    insert into devices.live (tenant, device_id) values (new.tenant, new.id);
    return null;
  end $$;
  create trigger begin_live after insert on devices.device for each row execute function devices.begin_live();

  create function devices.tell_live() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    update devices.live set revision = revision + 1 where device_id = new.id;
    return null;
  end $$;
  create trigger tell_live after update on devices.device for each row execute function devices.tell_live();

  create function devices.expect_all(written bigint, expected bigint) returns void language plpgsql as $$
  begin
    if written <> expected then
      raise exception 'Others wrote % of % rows first.', expected - written, expected using errcode = 'serialization_failure';
    end if;
  end $$;
`;

/**
 * Rows are written under the lock of the device's row in devices.live, which is there as long as the device is: a foreign key
 * would look at the device once more for each of them. They go with it by one statement.
 */
const HISTORY = `
  create table devices.history (
    tenant text collate "C" not null,
    device_id uuid not null,
    seq bigint generated always as identity,
    kind text collate "C" not null,
    document json,
    observed_at timestamptz(3) not null,
    recorded_at timestamptz(3) not null,
    actor text not null,
    late boolean not null,
    primary key (device_id, seq)
  );
  create index history_by_kind on devices.history (device_id, kind, observed_at, seq);
  call platform.isolate('devices.history');

  create function devices.drop_history() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    delete from devices.history h using gone where h.device_id = gone.id;
    return null;
  end $$;
  create trigger drop_history after delete on devices.device referencing old table as gone
    for each statement execute function devices.drop_history();

  create function devices.look_again() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    update devices.live set due_at = statement_timestamp(), revision = revision + 1
      where device_id = new.id and told_connectivity <> 'never';
    return null;
  end $$;
  create trigger look_again after update of heartbeat_seconds on devices.device
    for each row when (old.heartbeat_seconds <> new.heartbeat_seconds) execute function devices.look_again();
`;

/** Shared by all tenants, and like every other one from then on: with a version, an entry in the log, and free to change. */
const FIRST_TYPES = `
  select set_config('app.tenant', '*', true);

  insert into devices.device_type (id, tenant, version, key, name, status_values, attributes_schema, status_data_schema,
    search_text, created_at, updated_at, created_by, updated_by)
  select id::uuid, '_shared', 1, key, name, status_values::text[], null, data_schema::json, lower(key || ' ' || name),
    statement_timestamp(), statement_timestamp(), 'system:devices', 'system:devices'
  from (values
    ('01937b2e-7c41-7000-8000-000000000001', 'smart_light', 'Smart light', '{on,off}', null),
    ('01937b2e-7c41-7000-8000-000000000002', 'thermostat', 'Thermostat', '{on,off}',
      '{"type":"object","properties":{"temperature":{"type":"number"},"humidity":{"type":"number","minimum":0,"maximum":100}}}'),
    ('01937b2e-7c41-7000-8000-000000000003', 'security_camera', 'Security camera', '{armed,disarmed,alarm,off}', null),
    ('01937b2e-7c41-7000-8000-000000000004', 'generic', 'Generic device', '{}', null)
  ) as first_types(id, key, name, status_values, data_schema);

  with head as (
    insert into platform.stream_head as h (tenant, revision) values ('_shared', 1)
    on conflict (tenant) do update set revision = h.revision + 1
    returning revision
  )
  insert into platform.change_log (tenant, revision, sub, aggregate_type, aggregate_id, aggregate_version, type, subject,
    snapshot, actor, occurred_at)
  select '_shared', head.revision, (row_number() over (order by t.id)) - 1, 'devices.device_type', t.id, 1, 'created',
    t.key, json_build_object('id', t.id, 'tenant', t.tenant, 'version', t.version, 'key', t.key, 'name', t.name,
      'status_values', t.status_values, 'attributes_schema', t.attributes_schema,
      'status_data_schema', t.status_data_schema, 'created_at', t.created_at, 'created_by', t.created_by,
      'updated_at', t.updated_at, 'updated_by', t.updated_by),
    t.created_by, t.created_at
  from devices.device_type t cross join head;
`;
