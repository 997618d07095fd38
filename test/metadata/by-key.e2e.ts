import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { Entries, ENTRIES } from './entries.js';

let api: TestApi;
const entries = new Entries(() => api);

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

/** With a dot, as most keys have one: a path must carry it. */
const aKey = (): string => `key.${randomUUID()}`;

describe('reading', () => {
  it('answers 304 to who has the present version', async () => {
    const { id, key } = await entries.create({ key: aKey() });
    for (const path of [`${ENTRIES}/${id}`, `${ENTRIES}/key/${key}`, `${ENTRIES}/key/${key}/raw`]) {
      const reply = await api.get(path, { headers: { 'If-None-Match': '"0", W/"1"' } });
      expect([path, reply.status, reply.text, reply.headers.get('etag')]).toEqual([path, 304, '', '"1"']);
      expect((await api.get(path, { headers: { 'If-None-Match': '"2"' } })).status).toBe(200);
    }
  });

  it('tells a wrong method, a wrong path and a wrong id apart', async () => {
    const method = await api.delete(ENTRIES);
    expect([method.status, method.body.code, method.headers.get('allow')]).toEqual([
      405,
      'method_not_allowed',
      'GET, HEAD, POST',
    ]);
    expect((await api.get('/api/v1/nothing')).body.code).toBe('route_not_found');
    expect((await api.get(`${ENTRIES}/${randomUUID()}`)).body.code).toBe('metadata_not_found');
    expect((await api.get(`${ENTRIES}/not-a-uuid`)).status).toBe(400);
    expect(
      (await api.request('HEAD', `${ENTRIES}/${(await entries.create({ key: aKey() })).id}`)).status,
    ).toBe(200);
  });
});

describe('putting by key', () => {
  it('creates, replaces, and leaves what is the same', async () => {
    const key = aKey();
    const first = await api.put(`${ENTRIES}/key/${key}?namespace=up`, { value: 1, tags: ['a'] });
    expect([first.status, first.headers.get('location')]).toEqual([201, `${ENTRIES}/${first.body.id}`]);
    const second = await api.put(`${ENTRIES}/key/${key}?namespace=up`, { value: 2 });
    expect([second.status, second.body.version, second.body.tags]).toEqual([200, 2, []]);
    expect((await api.put(`${ENTRIES}/key/${key}?namespace=up`, { value: 2 })).body.version).toBe(2);
  });

  it('creates only where that is asked for', async () => {
    const key = aKey();
    const only = { headers: { 'If-None-Match': '*' } };
    expect((await api.put(`${ENTRIES}/key/${key}`, { value: 1 }, only)).status).toBe(201);
    expect((await api.put(`${ENTRIES}/key/${key}`, { value: 2 }, only)).status).toBe(412);
    expect(
      (await api.put(`${ENTRIES}/key/${aKey()}`, { value: 2 }, { headers: { 'If-Match': '"1"' } })).status,
    ).toBe(412);
  });

  it('makes one entry of twenty at once', async () => {
    const key = aKey();
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, value) => api.put(`${ENTRIES}/key/${key}`, { value })),
    );
    expect(replies.filter((reply) => reply.status === 201)).toHaveLength(1);
    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(19);
    expect((await api.get(`${ENTRIES}/key/${key}`)).body.version).toBe(20);
  });
});
