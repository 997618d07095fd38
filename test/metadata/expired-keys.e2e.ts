import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { TestApi } from '../api.js';
import type { Reply } from '../api.js';

const PATH = '/api/v1/metadata';
const PAST = '2020-01-01T00:00:00.000Z';
const FUTURE = '2099-01-01T00:00:00.000Z';

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

const aKey = (): string => `k-${randomUUID()}`;
const aTenant = (): string => `t-${randomUUID()}`;

async function create(body: object = {}): Promise<any> {
  const reply = await api.post(PATH, { key: aKey(), value: 1, expires_at: FUTURE, ...body });
  expect(reply.status).toBe(201);
  return reply.body;
}

/** Moves the end of an entry into the past, behind the back of the service. */
async function over(id: string): Promise<void> {
  const { rowCount } = await owner.query('update metadata.entry set expires_at = $1 where id = $2', [
    PAST,
    id,
  ]);
  expect(rowCount).toBe(1);
}

/** An entry whose time is over and that the sweeper has not seen yet, or just did. */
async function createOver(body: object = {}): Promise<any> {
  const entry = await create(body);
  await over(entry.id);
  return entry;
}

const eventsOf = async (tenant: string): Promise<any[]> =>
  (await api.get(`/api/v1/events?tenant_id=${tenant}`)).body.items;

const byKey = ({ key, namespace, tenant_id: tenant }: any): string =>
  `key/${key}?namespace=${namespace}${tenant === null ? '' : `&tenant_id=${tenant}`}`;

describe('the key of an entry past its time', () => {
  it.each<[string, (entry: any) => Promise<Reply>]>([
    ['a create', ({ tenant_id, key }) => api.post(PATH, { tenant_id, key, value: 'new' })],
    ['an upsert', (entry) => api.put(`${PATH}/${byKey(entry)}`, { value: 'new' })],
    [
      'an upsert that only creates',
      (entry) => api.put(`${PATH}/${byKey(entry)}`, { value: 'new' }, { headers: { 'If-None-Match': '*' } }),
    ],
  ])('is free at once for %s', async (_, write) => {
    const tenant_id = aTenant();
    const old = await createOver({ tenant_id });
    const reply = await write(old);
    expect([reply.status, reply.body.version, reply.body.value]).toEqual([201, 1, 'new']);
    expect(reply.body.id).not.toBe(old.id);
    expect((await api.get(`${PATH}/${byKey(old)}`)).body).toEqual(reply.body);
    expect((await api.get(`${PATH}/${old.id}`)).status).toBe(404);
    const events = await eventsOf(tenant_id);
    expect(events.map(({ type, data }) => [type.split('.').at(-2), data.id])).toEqual([
      ['created', old.id],
      ['expired', old.id],
      ['created', reply.body.id],
    ]);
  });

  it('is free for a new name of another, for a batch and for an import', async () => {
    const tenant_id = aTenant();
    const [first, second, third] = [
      await createOver({ tenant_id }),
      await createOver({ tenant_id }),
      await createOver({ tenant_id }),
    ];
    const other = await create({ tenant_id });
    expect((await api.put(`${PATH}/${other.id}`, { key: first.key })).status).toBe(200);
    const operations = [{ op: 'create', tenant_id, key: second.key, value: 'batch' }];
    expect((await api.post(`${PATH}/batch`, { operations })).status).toBe(200);
    const line = JSON.stringify({ key: third.key, value: 'import' });
    const headers = { 'Content-Type': 'application/x-ndjson' };
    const { body } = await api.post(`${PATH}/import?tenant_id=${tenant_id}`, line, { headers });
    expect([body.created, body.failed]).toEqual([1, 0]);
    const values = [first, second, third].map(
      async (entry) => (await api.get(`${PATH}/${byKey(entry)}`)).body.value,
    );
    expect(await Promise.all(values)).toEqual([1, 'batch', 'import']);
  });

  it('is free for one of twenty at once', async () => {
    const tenant_id = aTenant();
    const old = await createOver({ tenant_id });
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, value) => api.post(PATH, { tenant_id, key: old.key, value })),
    );
    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      201,
      ...Array.from({ length: 19 }, () => 409),
    ]);
  });
});
