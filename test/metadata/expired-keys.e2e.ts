import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { aTenant, ENTRIES } from './entries.js';
import { byKey, ExpiringEntries } from './expiring-entries.js';

let api: TestApi;
const entries = new ExpiringEntries(() => api);

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(async () => {
  await api.stop();
});

describe('the key of an entry past its time', () => {
  it.each<[string, (entry: any) => Promise<Reply>]>([
    ['a create', ({ tenant_id, key }) => api.post(ENTRIES, { tenant_id, key, value: 'new' })],
    ['an upsert', (entry) => api.put(`${ENTRIES}/${byKey(entry)}`, { value: 'new' })],
    [
      'an upsert that only creates',
      (entry) =>
        api.put(`${ENTRIES}/${byKey(entry)}`, { value: 'new' }, { headers: { 'If-None-Match': '*' } }),
    ],
  ])('is free at once for %s', async (_, write) => {
    const tenant_id = aTenant();
    const old = await entries.createOver({ tenant_id });
    const reply = await write(old);
    expect([reply.status, reply.body.version, reply.body.value]).toEqual([201, 1, 'new']);
    expect(reply.body.id).not.toBe(old.id);
    expect((await api.get(`${ENTRIES}/${byKey(old)}`)).body).toEqual(reply.body);
    expect((await api.get(`${ENTRIES}/${old.id}`)).status).toBe(404);
    const events = await entries.eventsOf(tenant_id);
    expect(events.map(({ type, data }) => [type.split('.').at(-2), data.id])).toEqual([
      ['created', old.id],
      ['expired', old.id],
      ['created', reply.body.id],
    ]);
  });

  it('is free for a new name of another, for a batch and for an import', async () => {
    const tenant_id = aTenant();
    const [first, second, third] = [
      await entries.createOver({ tenant_id }),
      await entries.createOver({ tenant_id }),
      await entries.createOver({ tenant_id }),
    ];
    const other = await entries.create({ tenant_id });
    expect((await api.put(`${ENTRIES}/${other.id}`, { key: first.key })).status).toBe(200);
    const operations = [{ op: 'create', tenant_id, key: second.key, value: 'batch' }];
    expect((await api.post(`${ENTRIES}/batch`, { operations })).status).toBe(200);
    const line = JSON.stringify({ key: third.key, value: 'import' });
    const headers = { 'Content-Type': 'application/x-ndjson' };
    const { body } = await api.post(`${ENTRIES}/import?tenant_id=${tenant_id}`, line, { headers });
    expect([body.created, body.failed]).toEqual([1, 0]);
    const values = [first, second, third].map(
      async (entry) => (await api.get(`${ENTRIES}/${byKey(entry)}`)).body.value,
    );
    expect(await Promise.all(values)).toEqual([1, 'batch', 'import']);
  });

  it('is free for one of twenty at once', async () => {
    const tenant_id = aTenant();
    const old = await entries.createOver({ tenant_id });
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, value) => api.post(ENTRIES, { tenant_id, key: old.key, value })),
    );
    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      201,
      ...Array.from({ length: 19 }, () => 409),
    ]);
  });
});
