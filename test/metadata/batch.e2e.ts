import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aKey, aTenant, Entries, ENTRIES, places } from './entries.js';

const BATCH = `${ENTRIES}/batch`;

let api: TestApi;
const entries = new Entries(() => api);

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

describe('an atomic batch', () => {
  it('creates, updates and deletes together, and says what became of each in their order', async () => {
    const tenant = aTenant();
    const [byId, byKey, gone, goneByKey] = [
      await entries.create({ tenant_id: tenant, tags: ['keep'] }),
      await entries.create({ tenant_id: tenant, namespace: 'n' }),
      await entries.create({ tenant_id: tenant }),
      await entries.create({ tenant_id: tenant, namespace: 'n' }),
    ];
    const id = randomUUID();
    const { status, body } = await entries.batch('atomic', [
      { op: 'create', id, tenant_id: tenant, key: aKey(), value: { a: 1 }, tags: ['T'] },
      { op: 'update', id: byId.id, value: 2, if_version: 1, change_reason: 'why' },
      { op: 'update', tenant_id: tenant, namespace: 'n', key: byKey.key, value: 3 },
      { op: 'delete', id: gone.id },
      { op: 'delete', tenant_id: tenant, namespace: 'n', key: goneByKey.key, if_version: 1 },
    ]);
    expect([status, body]).toEqual([
      200,
      {
        mode: 'atomic',
        results: [
          { index: 0, status: 201, id, version: 1 },
          { index: 1, status: 200, id: byId.id, version: 2 },
          { index: 2, status: 200, id: byKey.id, version: 2 },
          { index: 3, status: 204, id: gone.id },
          { index: 4, status: 204, id: goneByKey.id },
        ],
      },
    ]);
    const left = new Map((await entries.of(tenant)).map((entry) => [entry.id, entry]));
    expect(new Set(left.keys())).toEqual(new Set([id, byId.id, byKey.id]));
    expect(left.get(id)).toMatchObject({ value: { a: 1 }, tags: ['t'], namespace: 'default' });
    expect(left.get(byId.id)).toMatchObject({ value: 2, tags: ['keep'], key: byId.key });
    expect(left.get(byKey.id)).toMatchObject({ value: 3, namespace: 'n', key: byKey.key });
  });

  it('is one revision of the stream, with one event for each operation', async () => {
    const tenant = aTenant();
    const first = await entries.create({ tenant_id: tenant });
    const keys = [aKey(), aKey(), aKey()];
    await entries.batch('atomic', [
      ...keys.map((key) => ({ op: 'create', tenant_id: tenant, key, value: 1 })),
      { op: 'delete', id: first.id },
    ]);
    await entries.create({ tenant_id: tenant });
    const events = await entries.eventsOf(tenant);
    expect(events.map(({ revision, type }) => [revision, type.split('.').at(-2)])).toEqual([
      [1, 'created'],
      [2, 'created'],
      [2, 'created'],
      [2, 'created'],
      [2, 'deleted'],
      [3, 'created'],
    ]);
    expect(events.slice(1, 5).map(({ id }) => id)).toEqual([0, 1, 2, 3].map((sub) => `${tenant}-2-${sub}`));
    expect(events.slice(1, 4).map(({ subject }) => subject)).toEqual(keys.map((key) => `default/${key}`));
    expect(new Set(events.slice(1, 5).map(({ data }) => data.request_id)).size).toBe(1);
  });

  it('writes nothing when one operation is impossible, and tells every mistake at its place', async () => {
    const tenant = aTenant();
    const taken = await entries.create({ tenant_id: tenant });
    const reply = await entries.batch('atomic', [
      { op: 'create', tenant_id: tenant, key: aKey(), value: 1 },
      { op: 'create', tenant_id: tenant, key: taken.key, value: 1 },
      { op: 'update', id: taken.id, value: 2, if_version: 7 },
      { op: 'delete', id: randomUUID() },
      { op: 'create', tenant_id: tenant, key: '1 bad', value: 1, extra: true },
      { op: 'create', tenant_id: tenant, value: 1 },
      { op: 'create', tenant_id: tenant, key: aKey() },
      { op: 'update', value: 1 },
      { op: 'rename', id: taken.id },
      { op: 'create', tenant_id: tenant, key: aKey(), value: 'x', content_type: 'binary' },
      null,
      7,
      { op: 'update', id: taken.id, value: 3 },
    ]);
    expect([reply.status, reply.body.code, reply.body.title]).toEqual([
      422,
      'batch_refused',
      'Unprocessable Entity',
    ]);
    expect(places(reply)).toEqual([
      ['/operations/1', 'metadata_key_taken'],
      ['/operations/10', 'type'],
      ['/operations/11', 'type'],
      ['/operations/2', 'stale_version'],
      ['/operations/3', 'metadata_not_found'],
      ['/operations/4/extra', 'unknown_property'],
      ['/operations/4/key', 'pattern'],
      ['/operations/5/key', 'required'],
      ['/operations/6/value', 'required'],
      ['/operations/7/id', 'required'],
      ['/operations/8/op', 'choice'],
      ['/operations/9/value', 'base64'],
    ]);
    expect(await entries.of(tenant)).toEqual([taken]);
    expect(await entries.eventsOf(tenant)).toHaveLength(1);
    expect((await api.get(`${ENTRIES}/${taken.id}/versions`)).body.items).toHaveLength(1);
  });

  it('sees what its earlier operations did to the same key', async () => {
    const tenant = aTenant();
    const named = { tenant_id: tenant, key: aKey() };
    const twice = await entries.batch('atomic', [
      { op: 'create', ...named, value: 1 },
      { op: 'create', ...named, value: 2 },
    ]);
    expect([twice.status, places(twice)]).toEqual([422, [['/operations/1', 'metadata_key_taken']]]);
    expect(await entries.of(tenant)).toEqual([]);
    const { status, body } = await entries.batch('atomic', [
      { op: 'create', ...named, value: 1, tags: ['one'] },
      { op: 'update', ...named, value: 2, tags: ['two'], if_version: 1 },
      { op: 'delete', ...named, if_version: 2 },
      { op: 'create', ...named, value: 3, tags: ['three'] },
      { op: 'update', ...named, value: 4 },
    ]);
    const [one, , , two] = body.results.map((result: any) => result.id);
    expect([status, body.results.map((result: any) => [result.status, result.id, result.version])]).toEqual([
      200,
      [
        [201, one, 1],
        [200, one, 2],
        [204, one, undefined],
        [201, two, 1],
        [200, two, 2],
      ],
    ]);
    expect(await entries.of(tenant)).toMatchObject([{ id: two, value: 4, version: 2, tags: ['three'] }]);
    expect(
      (await entries.eventsOf(tenant)).map(({ revision, data }) => [revision, data.id, data.version]),
    ).toEqual([
      [1, one, 1],
      [1, one, 2],
      [1, one, 3],
      [1, two, 1],
      [1, two, 2],
    ]);
    const byTag = async (tag: string) =>
      (await api.get(`${ENTRIES}?tenant_id=${tenant}&tags=${tag}`)).body.items.map((item: any) => item.id);
    expect([await byTag('one'), await byTag('two'), await byTag('three')]).toEqual([[], [], [two]]);
  });

  it('swaps two names by way of a third', async () => {
    const tenant = aTenant();
    const [a, b] = [
      await entries.create({ tenant_id: tenant, value: 'a' }),
      await entries.create({ tenant_id: tenant, value: 'b' }),
    ];
    for (const { key } of [a, b]) await api.get(`${ENTRIES}/key/${key}?tenant_id=${tenant}`); // In memory now.
    const { status } = await entries.batch('atomic', [
      { op: 'update', id: a.id, key: 'aside' },
      { op: 'update', id: b.id, key: a.key },
      { op: 'update', id: a.id, key: b.key },
    ]);
    expect(status).toBe(200);
    expect((await api.get(`${ENTRIES}/key/${a.key}?tenant_id=${tenant}`)).body.value).toBe('b');
    expect((await api.get(`${ENTRIES}/key/${b.key}?tenant_id=${tenant}`)).body.value).toBe('a');
    expect((await api.get(`${ENTRIES}/key/aside?tenant_id=${tenant}`)).status).toBe(404);
  });

  it('keeps the exact text of values', async () => {
    const [key, value] = [aKey(), '{"z":1.50,"a":12345678901234567890}'];
    const body = `{"operations":[{"op":"create","key":"${key}","value":${value}}]}`;
    const reply = await api.post(BATCH, body);
    expect([reply.status, reply.body.mode]).toEqual([200, 'atomic']);
    expect((await api.get(`${ENTRIES}/key/${key}/raw`)).text).toBe(value);
  });
});
