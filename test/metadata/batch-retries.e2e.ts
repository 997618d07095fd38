import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aKey, aTenant, Entries, ENTRIES } from './entries.js';

const BATCH = `${ENTRIES}/batch`;

let api: TestApi;
const entries = new Entries(() => api);

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const once = (key: string) => ({ headers: { 'Idempotency-Key': key } });

describe('a batch that is sent again with its Idempotency-Key', () => {
  it.each([
    ['atomic', 200],
    ['partial', 207],
  ])('happens once and answers alike: %s', async (mode, status) => {
    const tenant = aTenant();
    const operations = [aKey(), aKey()].map((key) => ({ op: 'create', tenant_id: tenant, key, value: 1 }));
    const sent = once(randomUUID());
    const first = await api.post(BATCH, { mode, operations }, sent);
    const again = await api.post(BATCH, { mode, operations }, sent);
    expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([status, null]);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([status, 'true']);
    expect(again.text).toBe(first.text);
    expect(await entries.eventsOf(tenant)).toHaveLength(2);
  });

  it('is refused alike, also when it would be possible by now', async () => {
    const tenant = aTenant();
    const { body: taken } = await api.post(ENTRIES, { tenant_id: tenant, key: aKey(), value: 1 });
    const batch = { operations: [{ op: 'create', tenant_id: tenant, key: taken.key, value: 2 }] };
    const sent = once(randomUUID());
    const first = await api.post(BATCH, batch, sent);
    await api.delete(`${ENTRIES}/${taken.id}`);
    const again = await api.post(BATCH, batch, sent);
    expect([first.status, again.status, again.body.code]).toEqual([422, 422, 'batch_refused']);
    expect(again.body.errors).toEqual(first.body.errors);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await api.post(BATCH, batch, once(randomUUID()))).status).toBe(200);
  });

  it('is refused when it is another one', async () => {
    const tenant = aTenant();
    const batch = (value: number) => ({ operations: [{ op: 'create', tenant_id: tenant, key: 'a', value }] });
    const sent = once(randomUUID());
    expect((await api.post(BATCH, batch(1), sent)).status).toBe(200);
    const other = await api.post(BATCH, batch(2), sent);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    expect(await entries.eventsOf(tenant)).toHaveLength(1);
  });

  it('happens once when ten come at once', async () => {
    const tenant = aTenant();
    const batch = {
      mode: 'partial',
      operations: [{ op: 'create', tenant_id: tenant, key: aKey(), value: 1 }],
    };
    const sent = once(randomUUID());
    const replies = await Promise.all(Array.from({ length: 10 }, () => api.post(BATCH, batch, sent)));
    const done = replies.filter(({ status }) => status === 207);
    expect(done.length).toBeGreaterThanOrEqual(1);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    for (const { body } of replies.filter(({ status }) => status !== 207)) {
      expect(body.code).toBe('idempotency_in_progress');
    }
    expect(await entries.eventsOf(tenant)).toHaveLength(1);
  });
});

describe('a batch of a tenant’s credential', () => {
  it('writes its own rows, and for those of others it is as if they were not there', async () => {
    const tenant = aTenant();
    const other = aTenant();
    const key = await api.key('editor', tenant);
    const { body: foreign } = await api.post(ENTRIES, { tenant_id: other, key: aKey(), value: 1 });
    const operations = [
      { op: 'create', key: aKey(), value: 1 },
      { op: 'create', tenant_id: other, key: aKey(), value: 1 },
      { op: 'create', tenant_id: null, key: aKey(), value: 1 },
      { op: 'update', id: foreign.id, value: 2 },
      { op: 'delete', id: foreign.id },
      { op: 'delete', key: foreign.key },
      { op: 'delete', tenant_id: other, key: foreign.key },
    ];
    const { status, body } = await api.post(BATCH, { mode: 'partial', operations }, { key });
    expect([status, body.results.map((result: any) => [result.status, result.problem?.code])]).toEqual([
      207,
      [
        [201, undefined],
        [403, 'tenant_forbidden'],
        [403, 'tenant_forbidden'],
        [404, 'metadata_not_found'],
        [404, 'metadata_not_found'],
        [404, 'metadata_not_found'],
        [403, 'tenant_forbidden'],
      ],
    ]);
    expect((await api.get(`${ENTRIES}/${foreign.id}`)).body).toEqual(foreign);
    expect((await api.get(`${ENTRIES}/${body.results[0].id}`)).body.tenant_id).toBe(tenant);
  });

  it('needs the permission to write', async () => {
    const key = await api.key('viewer', aTenant());
    const { status, body } = await api.post(BATCH, { operations: [] }, { key });
    expect([status, body.code]).toEqual([403, 'permission_denied']);
  });
});
