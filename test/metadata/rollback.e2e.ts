import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import type { Reply } from '../api.js';

const PATH = '/api/v1/metadata';
/** What goes back in a rollback. */
const DEFINITION = [
  'content_type',
  'value',
  'tags',
  'description',
  'is_encrypted',
  'is_secret',
  'expires_at',
];

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const aKey = (): string => `k-${randomUUID()}`;
const aTenant = (): string => `t-${randomUUID()}`;
const outcome = ({ status, body }: Reply): unknown[] => [status, body?.code];
const definition = (entry: any): object => Object.fromEntries(DEFINITION.map((name) => [name, entry[name]]));

async function create(body: object = {}): Promise<any> {
  const reply = await api.post(PATH, { key: aKey(), value: 1, ...body });
  expect(reply.status).toBe(201);
  return reply.body;
}

async function change(id: string, body: object): Promise<any> {
  const reply = await api.put(`${PATH}/${id}`, body);
  expect(reply.status).toBe(200);
  return reply.body;
}

async function rollBack(id: string, version: number): Promise<any> {
  const reply = await api.post(`${PATH}/${id}/rollback/${version}`, {});
  expect(reply.status).toBe(200);
  return reply.body;
}

describe('rolling back', () => {
  it('brings back any version as a new one, and loses none', async () => {
    const first = await create({ value: { a: 1 }, tags: ['a'], description: 'one' });
    const states = [
      first,
      await change(first.id, { value: 'text', content_type: 'text', tags: [], description: null }),
      await change(first.id, { expires_at: '2099-01-01T00:00:00Z', is_encrypted: true, tags: ['b', 'c'] }),
      await change(first.id, { value: 'AAEC', content_type: 'binary' }),
    ];
    for (const [index, past] of states.entries()) {
      const reply = await api.post(`${PATH}/${first.id}/rollback/${index + 1}`, { change_reason: 'r' });
      const version = states.length + index + 1;
      expect([reply.status, reply.headers.get('etag'), reply.body.version]).toEqual([
        200,
        `"${version}"`,
        version,
      ]);
      expect(definition(reply.body)).toEqual(definition(past));
      expect((await api.get(`${PATH}/${first.id}`)).body).toEqual(reply.body);
      const { body } = await api.get(`${PATH}/${first.id}/versions/${version}`);
      expect([body.type, body.rolled_back_from, body.change_reason]).toEqual(['rolled_back', index + 1, 'r']);
      expect(body.state).toEqual(reply.body);
    }
    for (const [index, past] of states.entries()) {
      const { body } = await api.get(`${PATH}/${first.id}/versions/${index + 1}`);
      expect(body.state).toEqual(past);
    }
  });

  it('brings back a version that was itself brought back', async () => {
    const { id } = await create({ value: 'one' });
    await change(id, { value: 'two' });
    await rollBack(id, 1);
    expect(await rollBack(id, 2)).toMatchObject({ version: 4, value: 'two' });
    expect(await rollBack(id, 3)).toMatchObject({ version: 5, value: 'one' });
  });

  it('keeps the exact text of a value', async () => {
    const value = '{"z":1.50,"a":[1E2,12345678901234567890]}';
    const { body: entry } = await api.post(PATH, `{"key":"${aKey()}","value":${value}}`);
    await change(entry.id, { value: 2 });
    const reply = await api.post(`${PATH}/${entry.id}/rollback/1`);
    expect([reply.status, reply.text.includes(`"value":${value}`)]).toEqual([200, true]);
    expect((await api.get(`${PATH}/key/${entry.key}/raw`)).text).toBe(value);
  });

  it('is seen at once by key, by tag and by search', async () => {
    const tenant = aTenant();
    const [namespace, key] = [aKey(), aKey()];
    const old = { value: 'old', tags: ['old'], description: 'was before' };
    const entry = await create({ tenant_id: tenant, namespace, key, ...old });
    await change(entry.id, { value: 'new', tags: ['new'], description: 'is now' });
    const byKey = `${PATH}/key/${key}?namespace=${namespace}&tenant_id=${tenant}`;
    expect((await api.get(byKey)).body.value).toBe('new'); // It is in memory now.
    await rollBack(entry.id, 1);
    expect((await api.get(byKey)).body).toMatchObject({ version: 3, value: 'old' });
    const list = async (query: string): Promise<string[]> =>
      (await api.get(`${PATH}?tenant_id=${tenant}&namespace=${namespace}&${query}`)).body.items.map(
        (item: any) => item.id,
      );
    expect([await list('tags=old'), await list('tags=new')]).toEqual([[entry.id], []]);
    expect([await list('q=before'), await list('q=is%20now')]).toEqual([[entry.id], []]);
    const { body } = await api.get(`${PATH}/tags?tenant_id=${tenant}&namespace=${namespace}`);
    expect(body.items).toEqual([{ name: 'old', entries: 1 }]);
  });

  it('opens what was encrypted then, and keeps a secret one', async () => {
    const { id, key } = await create({ value: 'marker-1', content_type: 'text', is_secret: true });
    await change(id, { value: 'open', is_secret: false, is_encrypted: false });
    const back = await rollBack(id, 1);
    expect(back).toMatchObject({ value: '***REDACTED***', is_secret: true, is_encrypted: true });
    expect((await api.get(`${PATH}/${id}?reveal=true`)).body.value).toBe('marker-1');
    expect((await api.get(`${PATH}/key/${key}/raw?reveal=true`)).text).toBe('marker-1');
  });

  it('leaves key and namespace, whoever has the old ones now', async () => {
    const entry = await create({ value: 'old' });
    const renamed = await change(entry.id, { key: aKey(), namespace: 'other', value: 'new' });
    const successor = await create({ key: entry.key, value: 'successor' });
    const back = await rollBack(entry.id, 1);
    expect(back).toMatchObject({ key: renamed.key, namespace: 'other', value: 'old', version: 3 });
    expect((await api.get(`${PATH}/key/${entry.key}`)).body).toEqual(successor);
  });

  it('happens only to the version that If-Match names', async () => {
    const { id } = await create({ value: 'one' });
    await change(id, { value: 'two' });
    const path = `${PATH}/${id}/rollback/1`;
    const stale = await api.post(path, {}, { headers: { 'If-Match': '"1"' } });
    expect([...outcome(stale), stale.body.current_version, stale.headers.get('etag')]).toEqual([
      412,
      'stale_version',
      2,
      '"2"',
    ]);
    expect((await api.get(`${PATH}/${id}`)).body).toMatchObject({ version: 2, value: 'two' });
    expect((await api.post(path, {}, { headers: { 'If-Match': '"2"' } })).body.version).toBe(3);
  });

  it('lets one of twenty win that saw the same version', async () => {
    const { id } = await create({ value: 'one' });
    await change(id, { value: 'two' });
    const replies = await Promise.all(
      Array.from({ length: 20 }, () =>
        api.post(`${PATH}/${id}/rollback/1`, {}, { headers: { 'If-Match': '"2"' } }),
      ),
    );
    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      200,
      ...Array.from({ length: 19 }, () => 412),
    ]);
    expect((await api.get(`${PATH}/${id}`)).body).toMatchObject({ version: 3, value: 'one' });
  });

  it('needs a version that is there', async () => {
    const { id } = await create();
    expect(outcome(await api.post(`${PATH}/${id}/rollback/2`, {}))).toEqual([404, 'version_not_found']);
    expect(outcome(await api.post(`${PATH}/${id}/rollback/0`, {}))).toEqual([400, 'invalid_input']);
    expect(outcome(await api.post(`${PATH}/${randomUUID()}/rollback/1`, {}))).toEqual([
      404,
      'metadata_not_found',
    ]);
    const unknown = await api.post(`${PATH}/${id}/rollback/1`, { reason: 'x' });
    expect([unknown.status, unknown.body.errors[0].pointer]).toEqual([400, '/reason']);
    const long = await api.post(`${PATH}/${id}/rollback/1`, { change_reason: 'x'.repeat(501) });
    expect([long.status, long.body.errors[0].pointer]).toEqual([400, '/change_reason']);
    expect((await api.get(`${PATH}/${id}`)).body.version).toBe(1);
  });

  it('does not bring back what was deleted, and does not touch who has its key now', async () => {
    const entry = await create();
    await change(entry.id, { value: 2 });
    await api.delete(`${PATH}/${entry.id}`);
    const next = await create({ key: entry.key, value: 'next' });
    for (const version of [1, 2, 3]) {
      expect(outcome(await api.post(`${PATH}/${entry.id}/rollback/${version}`, {}))).toEqual([
        404,
        'metadata_not_found',
      ]);
    }
    expect((await api.get(`${PATH}/key/${entry.key}`)).body).toEqual(next);
    expect((await api.get(`${PATH}/${entry.id}/versions`)).body.items).toHaveLength(3);
  });

  it('needs the permission to write, and a shared entry is not a tenant’s to roll back', async () => {
    const tenant = aTenant();
    const own = await create({ tenant_id: tenant });
    const shared = await create();
    const [viewer, editor] = [await api.key('viewer', tenant), await api.key('editor', tenant)];
    expect((await api.post(`${PATH}/${own.id}/rollback/1`, {}, { key: viewer })).status).toBe(403);
    expect((await api.post(`${PATH}/${own.id}/rollback/1`, {}, { key: editor })).status).toBe(200);
    const refusal = await api.post(`${PATH}/${shared.id}/rollback/1`, {}, { key: editor });
    expect([refusal.status, refusal.body.code]).toEqual([403, 'tenant_forbidden']);
    expect((await api.get(`${PATH}/${shared.id}`)).body).toEqual(shared);
  });
});
