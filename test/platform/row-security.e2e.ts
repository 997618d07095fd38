import pg from 'pg';
import { TestApi } from '../api.js';
import { anEntry, aTenant, ENTRIES } from '../metadata/entries.js';

/** TypeORM's list of migrations: names of our own files, the same in every installation, and no tenant's. */
const WITHOUT_TENANT = ['platform.migration'];

let api: TestApi;
let owner: pg.Pool;

beforeAll(async () => {
  api = await TestApi.start();
  owner = new pg.Pool({ connectionString: api.database.url });
});

afterAll(async () => {
  await owner.end();
  await api.stop();
});

describe('in the database', () => {
  const tables = async (): Promise<{ name: string; forced: boolean; readable: boolean }[]> => {
    const { rows } = await owner.query<{ name: string; forced: boolean; readable: boolean }>(
      `select c.oid::regclass::text as name, c.relrowsecurity and c.relforcerowsecurity as forced,
         has_table_privilege('metastore_app', c.oid, 'select') as readable
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1`,
    );
    return rows;
  };

  /** As the service's role, with or without a tenant, and nothing else of what the service does. */
  async function asService<T>(
    tenant: string | null,
    work: (client: pg.PoolClient) => Promise<T>,
  ): Promise<T> {
    const client = await owner.connect();
    try {
      await client.query('begin; set local role metastore_app');
      if (tenant !== null) await client.query(`select set_config('app.tenant', $1, true)`, [tenant]);
      return await work(client);
    } finally {
      await client.query('rollback');
      client.release();
    }
  }

  const seen = (tenant: string | null): Promise<string[]> =>
    asService(tenant, async (client) => {
      const found: string[] = [];
      for (const { name, readable } of await tables()) {
        if (!readable || WITHOUT_TENANT.includes(name)) continue;
        const { rows } = await client.query<{ tenant: string }>(`select distinct tenant from ${name}`);
        found.push(...rows.map((row) => row.tenant));
      }
      return [...new Set(found)].sort();
    });

  it('every table has forced row-level security', async () => {
    const all = await tables();
    expect(all.length).toBeGreaterThan(8);
    expect(all.filter(({ forced }) => !forced).map(({ name }) => name)).toEqual(WITHOUT_TENANT);
  });

  it('the role of the service owns nothing and cannot step over row-level security', async () => {
    const { rows } = await owner.query(
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin,
         (select count(*)::int from pg_class where relowner = r.oid) as owns
       from pg_roles r where rolname = 'metastore_app'`,
    );
    expect(rows).toEqual([
      {
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolcanlogin: false,
        owns: 0,
      },
    ]);
  });

  it('nobody sees a row outside a unit of work', async () => {
    await api.post(ENTRIES, anEntry({ tenant_id: null }));
    expect(await seen(null)).toEqual([]);
    expect(await seen('')).toEqual([]);
  });

  it('a tenant sees its own rows and the shared ones, in whatever table', async () => {
    const tenant = aTenant();
    await api.post(ENTRIES, { tenant_id: tenant, key: 'k', value: 1, tags: ['a'] });
    await api.post(ENTRIES, anEntry({ tenant_id: null }));
    expect(await seen(tenant)).toEqual(['_shared', tenant]);
    expect((await seen('*')).length).toBeGreaterThan(2);
  });

  it('a tenant writes no other’s rows, even with a statement that names none', async () => {
    const [mine, theirs] = [aTenant(), aTenant()];
    for (const tenant of [mine, theirs, null]) {
      await api.post(ENTRIES, anEntry({ tenant_id: tenant }));
    }
    await asService(mine, async (client) => {
      const updated = await client.query(`update metadata.entry set value = '2' returning tenant`);
      expect(updated.rows).toEqual([{ tenant: mine }]);
      const removed = await client.query('delete from metadata.entry returning tenant');
      expect(removed.rows).toEqual([{ tenant: mine }]);
    });
    for (const tenant of [theirs, '_shared']) {
      const planted = asService(mine, (client) =>
        client.query(`insert into platform.stream_head (tenant, revision) values ($1, 1)`, [tenant]),
      );
      await expect(planted).rejects.toThrow('row-level security');
    }
  });

  it('the log is written and never changed', async () => {
    for (const statement of [
      'update platform.change_log set actor = null',
      'delete from platform.change_log',
    ])
      await expect(asService('*', (client) => client.query(statement))).rejects.toThrow('permission denied');
  });

  it('a partition is reached through its parent alone', async () => {
    const { rows } = await owner.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'platform.change_log'::regclass`,
    );
    expect(rows.length).toBeGreaterThan(3);
    for (const { name } of rows)
      await expect(asService('*', (client) => client.query(`select from ${name}`))).rejects.toThrow(
        'permission denied',
      );
  });
});
