import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { ApiKeys } from '#platform/auth';
import { EventsQueries } from '#platform/change-log';
import { CallContext } from '#platform/context';
import { eventually, TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { aTenant, Entries, EVENTS } from '../metadata/entries.js';
import { gauge } from '../supervisor-requests/asked.js';
import { EventReaders } from './event-reader.js';

let here: TestApi;
let there: TestApi;
const entries = new Entries(() => here);

beforeAll(async () => {
  here = await TestApi.start();
  there = await TestApi.start({ beside: here });
});

afterAll(async () => {
  await there.stop();
  await here.stop();
});

const wait = (
  query: Record<string, string>,
  seconds = 55,
  { api = there, signal }: { api?: TestApi; signal?: AbortSignal } = {},
): Promise<Reply> =>
  signal
    ? fetch(`${api.url}${EVENTS}?${new URLSearchParams(query).toString()}`, {
        signal,
        headers: { Prefer: `wait=${seconds}` },
      }).then(() => Promise.reject(new Error('It was answered.')))
    : api.get(`${EVENTS}?${new URLSearchParams(query).toString()}`, {
        headers: { Prefer: `wait=${seconds}` },
      });

const waiting = (count: number, api = there): Promise<number> =>
  eventually(
    () => gauge(api, 'metastore_events_waiting'),
    (found) => found === count,
  );

it('answers at once when there is something, and says that it would have waited', async () => {
  const tenant = aTenant();
  await entries.create({ tenant_id: tenant });
  const { body, headers } = await wait({ tenant_id: tenant, after: '0' });
  expect([body.items.length, body.next, headers.get('preference-applied')]).toEqual([1, '1', 'wait=55']);
});

it('answers as soon as something comes that fits, on whatever replica it is written', async () => {
  const tenant = aTenant();
  const query = { tenant_id: tenant, include_shared: 'true', prefix: `${tenant}/` };
  const { body: start } = await there.get(`${EVENTS}?${new URLSearchParams(query).toString()}`);
  const [own, alone, shared] = [
    wait({ ...query, after: start.next }),
    wait({ tenant_id: tenant, after: '0', types: 'io.metastore.metadata.entry.deleted.v1' }),
    wait({ ...query, after: start.next, aggregate_type: 'metadata.entry' }, 55, { api: here }),
  ];
  await waiting(2);
  await waiting(1, here);
  await entries.create({ tenant_id: tenant });
  const entry = await entries.create({ tenant_id: null, namespace: tenant });
  for (const { body } of await Promise.all([own, shared])) {
    expect(body.items.map(({ data }: any) => data.id)).toEqual([entry.id]);
    const again = await there.get(
      `${EVENTS}?${new URLSearchParams({ ...query, after: body.next }).toString()}`,
    );
    expect(again.body.items).toEqual([]);
  }
  await waiting(1);
  const mine = await entries.create({ tenant_id: tenant });
  await here.delete(`/api/v1/metadata/${mine.id}`);
  expect((await alone).body.items.map(({ revision }: any) => revision)).toEqual([3]);
});

it('tells nothing more to whoever came with a key that is revoked', async () => {
  const tenant = aTenant();
  const key = await here.key('viewer', tenant);
  const answer = there.get(`${EVENTS}?after=1&aggregate_type=metadata.entry`, {
    key,
    headers: { Prefer: 'wait=55' },
  });
  await waiting(1);
  const [, id = ''] = key.split('_');
  await here.part(CallContext).runAsSystem('test', () => here.part(ApiKeys).revoke(id));
  await entries.create({ tenant_id: tenant });
  const { status, body } = await answer;
  expect([status, body]).toEqual([200, { items: [], next: '1' }]);
  expect((await there.get(`${EVENTS}?after=1`, { key })).status).toBe(401);
});

it('looks through a long stream a great part at a time, for pages, waiting readers and streams alike', async () => {
  const tenant = aTenant();
  const owner = new pg.Client({ connectionString: here.database.url });
  await owner.connect();
  await owner.query(`set app.tenant = '*'`);
  await owner.query(
    `with head as (insert into platform.stream_head (tenant, revision, chained_from) values ($1, 100001, 100001))
     insert into platform.change_log (tenant, revision, sub, aggregate_type, aggregate_id, aggregate_version, type, subject, actor, occurred_at)
     select $1, n, 0, 'metadata.entry', $2, n, 'updated', case when n > 100000 then 'wanted' else 'other' end, 'test', now()
     from generate_series(1, 100001) n`,
    [tenant, randomUUID()],
  );
  await owner.end();
  const query = { tenant_id: tenant, prefix: 'wanted', after: '0' };
  const { body } = await here.get(`${EVENTS}?${new URLSearchParams(query).toString()}`);
  expect(body).toEqual({ items: [], next: '100000' });
  const rest = await here.get(`${EVENTS}?${new URLSearchParams({ ...query, after: body.next }).toString()}`);
  const waited = await wait(query);
  for (const page of [rest, waited])
    expect([page.body.items.map(({ revision }: any) => revision), page.body.next]).toEqual([
      [100_001],
      '100001',
    ]);
  const readers = new EventReaders();
  try {
    const follower = await readers.of(query).begin(there);
    expect((await follower.hears(1)).map(({ revision }) => revision)).toEqual([100_001]);
  } finally {
    readers.cut();
  }
});

it('answers with whole transactions, up to what is asked for', async () => {
  const tenant = aTenant();
  const answer = wait({ tenant_id: tenant, after: '0', limit: '1' });
  await waiting(1);
  const operations = [1, 2, 3].map((value) => ({ op: 'create', tenant_id: tenant, key: `k${value}`, value }));
  await entries.batch('atomic', operations);
  const { body } = await answer;
  expect([body.items.length, body.next]).toEqual([3, '1']);
});

it('answers with nothing when the time is over, and where to go on', async () => {
  const tenant = aTenant();
  await entries.create({ tenant_id: tenant });
  const query = { tenant_id: tenant, prefix: 'nothing/', after: '1' };
  const answer = wait(query, 2);
  await waiting(1);
  await entries.create({ tenant_id: tenant });
  const { body, headers } = await answer;
  expect([body, headers.get('preference-applied')]).toEqual([{ items: [], next: '2' }, 'wait=2']);
});

it('waits no longer for who has left', async () => {
  const gone = new AbortController();
  const left = wait({ tenant_id: aTenant() }, 55, { signal: gone.signal });
  await waiting(1);
  gone.abort();
  await expect(left).rejects.toThrow('aborted');
  await waiting(0);
});

it('reads once for each change, however many wait and whatever they wait for', async () => {
  const tenant = aTenant();
  const wishes = [{}, { aggregate_type: 'metadata.entry' }, { prefix: 'production/' }];
  const answers = Array.from({ length: 90 }, (_, at) =>
    wait({ tenant_id: tenant, after: '0', ...wishes[at % wishes.length] } as Record<string, string>),
  );
  await waiting(90);
  const queries = there.part(EventsQueries);
  const page = queries.page.bind(queries);
  let reads = 0;
  queries.page = (...asked) => {
    reads += 1;
    return page(...asked);
  };
  try {
    const { id } = await entries.create({ tenant_id: tenant, namespace: 'production' });
    for (const { body } of await Promise.all(answers)) expect(body.items[0].data.id).toBe(id);
    expect(reads).toBe(1);
  } finally {
    queries.page = page;
  }
});

it('answers all when the service stops', async () => {
  const third = await TestApi.start({ beside: here });
  const tenant = aTenant();
  const answers = [
    wait({ tenant_id: tenant }, 55, { api: third }),
    wait({ tenant_id: tenant }, 30, { api: third }),
  ];
  await waiting(2, third);
  await third.stop();
  for (const { status, body } of await Promise.all(answers))
    expect([status, body]).toEqual([200, { items: [], next: '0' }]);
});

it('refuses what it refuses without waiting', async () => {
  const { status, body } = await wait({ tenant_id: aTenant(), after: '7' });
  expect([status, body.errors[0].code]).toEqual([400, 'beyond_head']);
});
