import { randomBytes, randomUUID } from 'node:crypto';
import { migrate } from '#platform/database';
import { administer, createEmptyDatabase } from '../test-database.js';
import type { TestDatabase } from '../test-database.js';
import { aTenant } from '../metadata/entries.js';
import { OldHistory } from './old-history.js';

const OLD = '2024-01-10T00:00:00.000Z';
const RECENT = '2025-01-01T00:00:00.000Z';

let database: TestDatabase;
let role: string;
let url: URL;

beforeEach(async () => {
  database = await createEmptyDatabase();
  role = `plain_${randomBytes(6).toString('hex')}`;
  url = new URL(database.url);
  const name = url.pathname.slice(1);
  await administer(
    database.url,
    `create role ${role} login createrole password '${role}';
     do $$ begin
       execute format('grant metastore_app, metastore_search to %I', '${role}');
       execute format('alter database %I owner to %I', '${name}', '${role}');
     end $$`,
  );
  url.username = role;
  url.password = role;
});

afterEach(async () => {
  const server = new URL(database.url);
  await database.drop();
  server.pathname = '/postgres';
  await administer(server.href, `drop role ${role}`);
});

/** As the owner with sight of every tenant: the policies hold for it, too. */
async function withHistory(work: (history: OldHistory) => Promise<void>): Promise<void> {
  const seeing = new URL(url);
  seeing.searchParams.set('options', '-c app.tenant=*');
  const history = new OldHistory(seeing.href);
  try {
    await work(history);
  } finally {
    await history.end();
  }
}

it('an owner that is no superuser migrates, and months are compacted by swapping and by thinning', async () => {
  await migrate(url.href);
  await withHistory(async (history) => {
    const tenant = aTenant();
    await history.partitions('2024-01');
    await history.write(tenant, [
      { id: randomUUID(), version: 0, at: OLD },
      { id: randomUUID(), version: 1, at: OLD },
      { id: randomUUID(), version: 0, at: '2024-02-10T00:00:00.000Z' },
      { id: randomUUID(), version: 1, at: RECENT },
    ]);
    expect(await history.due('2024-06')).toEqual(['2024-01', '2024-02']);
    await history.compactDue('2024-06', 1);
    expect((await history.left(tenant)).map(({ revision }) => revision)).toEqual([2, 4]);
  });
});

it('what it sees of the tenants is, after it compacted, what it was before', async () => {
  await migrate(url.href);
  const [row] = await administer<{ before: string; after: string }>(
    url.href,
    `with a as materialized (select set_config('app.tenant', 'acme', false) as was),
          m as materialized (select count(*) from a, platform.change_log_months('2024-06-01Z', true)),
          c as materialized (select c.is_busy from m, platform.compact_change_log('2024-01-01Z', '2024-06-01Z', 1, true) as c)
     select a.was as before, current_setting('app.tenant') as after from a, c`,
  );
  expect(row).toEqual({ before: 'acme', after: 'acme' });
});
