import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { migrate, pendingMigrations } from '#platform/database';
import { migrations } from '#migrations';
import { ownerOptions } from '../../libs/platform/database/data-source.js';
import { createEmptyDatabase } from '../test-database.js';
import type { TestDatabase } from '../test-database.js';

let database: TestDatabase;
let owner: pg.Pool;

beforeEach(async () => {
  database = await createEmptyDatabase();
  owner = new pg.Pool({ connectionString: database.url });
});

afterEach(async () => {
  await owner.end();
  await database.drop();
});

const names = migrations.map((migration) => migration.name);

const applied = async (): Promise<string[]> =>
  (await owner.query<{ name: string }>('select name from platform.migration order by id')).rows.map(
    ({ name }) => name,
  );

async function undoAll(): Promise<void> {
  const source = new DataSource(ownerOptions(database.url));
  await source.initialize();
  try {
    for (let left = migrations.length; left > 0; left -= 1) {
      await source.undoLastMigration({ transaction: 'each' });
    }
  } finally {
    await source.destroy();
  }
}

/** Of a schema: it is not one of PostgreSQL's own, so that no context has to be named. */
const OURS = `!~ '^(pg_.*|information_schema)$'`;

/** Everything that migrations can leave behind, with its definition, but not what it is called by the month. */
async function schema(): Promise<string[]> {
  const { rows } = await owner.query<{ line: string }>(`
    select format('%s %s.%s', c.relkind, n.nspname, c.relname) as line
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname ${OURS} and c.relkind <> 'i'
    union all
    select format('index %s.%s: %s', schemaname, tablename, indexdef) from pg_indexes where schemaname ${OURS}
    union all
    select format('column %s.%s %s %s', c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull)
      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
      where n.nspname ${OURS} and c.relkind <> 'i' and a.attnum > 0 and not a.attisdropped
    union all
    select format('policy %s on %s.%s: %s, %s', policyname, schemaname, tablename, qual, with_check) from pg_policies
    union all
    select format('function %s by %s %s', p.oid::regprocedure, p.proowner::regrole, p.proacl) from pg_proc p
      join pg_namespace n on n.oid = p.pronamespace where n.nspname ${OURS}
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    union all
    select format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(o.oid)) from pg_constraint o
      join pg_namespace n on n.oid = o.connamespace where n.nspname ${OURS}
    union all
    select format('trigger on %s: %s', tgrelid::regclass, pg_get_triggerdef(oid)) from pg_trigger where not tgisinternal
    union all
    select format('extension %s', extname) from pg_extension
    order by 1`);
  return rows.map(({ line }) => line);
}

it('everything goes up on an empty database, and then nothing is pending', async () => {
  expect(await pendingMigrations(database.url)).toEqual(names);
  const lines: string[] = [];
  await migrate(database.url, (line) => lines.push(line));
  expect(lines).toEqual([`Ran ${names.length} migrations, the last is ${names.at(-1) ?? ''}.`]);
  expect(await applied()).toEqual(names);
  expect(await pendingMigrations(database.url)).toEqual([]);
});

it('going up again changes nothing and says nothing', async () => {
  await migrate(database.url);
  const before = await schema();
  const lines: string[] = [];
  await migrate(database.url, (line) => lines.push(line));
  expect(lines).toEqual([]);
  expect(await schema()).toEqual(before);
});

it('everything goes down again, with data in it, and leaves nothing but the list of migrations', async () => {
  await migrate(database.url);
  await owner.query(
    `insert into metadata.entry (id, tenant, version, key, namespace, content_type, value, tags, search_text, is_encrypted, is_secret,
       created_at, updated_at, created_by, updated_by)
     values ($1, 'acme', 1, 'k', 'default', 'json', '1', '{}', 'k', false, false, now(), now(), 'test', 'test')`,
    [randomUUID()],
  );
  await undoAll();
  expect(await applied()).toEqual([]);
  const left = (await schema()).filter((line) => !line.includes('platform.migration'));
  expect(left).toEqual(['extension plpgsql']);
});

it('up, down and up again is the same as up', async () => {
  await migrate(database.url);
  const first = await schema();
  await undoAll();
  await migrate(database.url);
  expect(await schema()).toEqual(first);
  expect(await applied()).toEqual(names);
});

it('many replicas may bring one database up at once: each migration runs once', async () => {
  const lines: string[] = [];
  await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, (line) => lines.push(line))));
  expect(lines).toHaveLength(1);
  expect(await applied()).toEqual(names);
});

it('two databases of one server may be brought up at once, although roles belong to the server', async () => {
  const other = await createEmptyDatabase();
  try {
    await Promise.all([migrate(database.url), migrate(other.url)]);
    expect([await pendingMigrations(database.url), await pendingMigrations(other.url)]).toEqual([[], []]);
  } finally {
    await other.drop();
  }
});

it('a migration that fails leaves nothing of itself, and the next attempt goes on from there', async () => {
  await owner.query('create schema metadata; create table metadata.entry (mine int)');
  const said = jest.spyOn(console, 'log').mockReturnValue(undefined); // TypeORM says it as well.
  await expect(migrate(database.url)).rejects.toThrow('already exists');
  said.mockRestore();
  expect(await pendingMigrations(database.url)).toEqual(names.slice(1));
  await owner.query('drop schema metadata cascade');
  await migrate(database.url);
  expect(await pendingMigrations(database.url)).toEqual([]);
});

it('changes of the log find their partition now and in the months to come', async () => {
  await migrate(database.url);
  const { rows } = await owner.query<{ at: string; partition: string }>(`
    with months as (select generate_series(0, 4) as n),
    written as (
      insert into platform.change_log (tenant, revision, sub, aggregate_type, aggregate_id, aggregate_version, type, subject, actor, occurred_at)
      select 'acme', n + 1, 0, 'test', gen_random_uuid(), 1, 'created', 's', 'test',
        (date_trunc('month', now() at time zone 'UTC') + make_interval(months => n)) at time zone 'UTC' from months
      returning tableoid::regclass::text as partition, to_char(occurred_at at time zone 'UTC', 'YYYY_MM') as at)
    select * from written order by at`);
  const expected = rows.map(({ at }, index) => `platform.change_log_${index < 4 ? at : 'other'}`);
  expect(rows.map(({ partition }) => partition)).toEqual(expected);
});

describe('an owner who is no superuser, for whom row-level security holds', () => {
  const role = `metastore_owner_${randomUUID().slice(0, 8)}`;
  let mine: string;

  beforeEach(async () => {
    await migrate(database.url); // Roles belong to the whole server: they are there from now on.
    await owner.query(`create role ${role} login createrole password 'owner' nosuperuser`);
    await owner.query(`grant metastore_app, metastore_search to ${role} with admin option`);
    const name = new URL(database.url).pathname.slice(1);
    await owner.query('drop schema platform cascade');
    for (const { schema } of (
      await owner.query<{ schema: string }>(
        `select nspname as schema from pg_namespace where nspname ${OURS} and nspname <> 'public'`,
      )
    ).rows)
      await owner.query(`drop schema "${schema}" cascade`);
    await owner.query(`alter database "${name}" owner to ${role}`);
    const url = new URL(database.url);
    [url.username, url.password] = [role, 'owner'];
    mine = url.href;
  });

  afterEach(async () => {
    await owner.query(`reassign owned by ${role} to current_user; drop owned by ${role}; drop role ${role}`);
  });

  it('brings a database up in which things have happened, and the chain begins after them', async () => {
    const source = new DataSource(ownerOptions(mine));
    await source.initialize();
    try {
      const since = names.findIndex((name) => name?.startsWith('ChainedChangeLog'));
      await migrate(mine);
      for (let left = names.length; left > since; left -= 1)
        await source.undoLastMigration({ transaction: 'each' });
    } finally {
      await source.destroy();
    }
    await owner.query(
      `insert into platform.change_log (tenant, revision, sub, aggregate_type, aggregate_id, aggregate_version, type, subject, actor, occurred_at)
       values ('acme', 3, 0, 'test', gen_random_uuid(), 1, 'created', 's', 'test', now());
       insert into platform.stream_head (tenant, revision) values ('acme', 3), ('globex', 5)`,
    );
    await migrate(mine);
    expect(await applied()).toEqual(names);
    const { rows } = await owner.query(
      `select tenant, revision::int, chained_from::int from platform.stream_head where tenant <> '_shared' order by revision`,
    );
    expect(rows).toEqual([
      { tenant: 'acme', revision: 3, chained_from: 3 },
      { tenant: 'globex', revision: 5, chained_from: 5 },
    ]);
    expect((await owner.query(`select usesuper from pg_user where usename = '${role}'`)).rows).toEqual([
      { usesuper: false },
    ]);
  });
});
