import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aKey, aTenant, Entries, ENTRIES } from './entries.js';

let api: TestApi;
const entries = new Entries(() => api);

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const pointers = (body: any): string[] => body.errors.map((error: any) => error.pointer).sort();

describe('creating', () => {
  it('answers 201 with Location, ETag and the entry, as the README prints it', async () => {
    const body =
      '{"key":"app.database.pool_size","namespace":"production","value":10,"content_type":"json","tags":["database","performance"],"description":"Database connection pool size"}';
    const reply = await api.post(ENTRIES, body);
    expect(reply.status).toBe(201);
    expect(reply.headers.get('etag')).toBe('"1"');
    expect(reply.headers.get('location')).toBe(`${ENTRIES}/${reply.body.id}`);
    expect(reply.body).toEqual({
      ...JSON.parse(body),
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      tenant_id: null,
      version: 1,
      is_encrypted: false,
      is_secret: false,
      expires_at: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updated_at: reply.body.created_at,
      created_by: 'anonymous',
      updated_by: 'anonymous',
    });
    expect((await api.get(reply.headers.get('location') ?? '')).body).toEqual(reply.body);
  });

  it('takes an id of the caller, and the same request again', async () => {
    const entry = { id: randomUUID(), key: aKey(), value: { a: 1 }, tags: ['x'] };
    expect((await api.post(ENTRIES, entry)).status).toBe(201);
    const again = await api.post(ENTRIES, entry);
    expect([again.status, again.body.version]).toEqual([200, 1]);
    const other = await api.post(ENTRIES, { ...entry, value: { a: 2 } });
    expect([other.status, other.body.code]).toEqual([409, 'id_conflict']);
  });

  it('does not use an id again, also after a delete', async () => {
    const entry = { id: randomUUID(), key: aKey(), value: 1 };
    await api.post(ENTRIES, entry);
    await api.delete(`${ENTRIES}/${entry.id}`);
    const again = await api.post(ENTRIES, entry);
    expect([again.status, again.body.code]).toEqual([409, 'id_conflict']);
  });

  it('refuses a key that is taken and names who has it', async () => {
    const taken = await entries.create({ namespace: 'one' });
    const reply = await api.post(ENTRIES, { key: taken.key, namespace: 'one', value: 2 });
    expect([reply.status, reply.body.code, reply.body.conflicting_id]).toEqual([
      409,
      'metadata_key_taken',
      taken.id,
    ]);
    expect((await api.post(ENTRIES, { key: taken.key, namespace: 'two', value: 2 })).status).toBe(201);
  });

  it('tells all mistakes at once, each with its place', async () => {
    const reply = await api.post(ENTRIES, {
      key: '1 bad',
      namespace: '',
      value: 1,
      tags: 'x',
      description: 7,
      is_secret: 'yes',
      expires_at: 'soon',
      id: 'x',
      extra: 1,
      content_type: 'xml',
    });
    expect(reply.status).toBe(400);
    expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(new Set(pointers(reply.body))).toEqual(
      new Set([
        '/key',
        '/namespace',
        '/tags',
        '/description',
        '/is_secret',
        '/expires_at',
        '/id',
        '/extra',
        '/content_type',
      ]),
    );
    expect(reply.body).toMatchObject({
      type: 'urn:metastore:problem:invalid_input',
      title: 'Bad Request',
      code: 'invalid_input',
      request_id: reply.headers.get('x-request-id'),
    });
  });

  it.each([
    [{}, ['/key', '/value']],
    [{ key: 'k' }, ['/value']],
    [{ value: 1 }, ['/key']],
  ])('needs key and value: %j', async (body, missing) => {
    const reply = await api.post(ENTRIES, body);
    expect([reply.status, pointers(reply.body)]).toEqual([400, missing]);
    expect(reply.body.errors[0].code).toBe('required');
  });

  it('takes null as a value', async () => {
    const entry = await entries.create({ value: null });
    expect([entry.value, (await api.get(`${ENTRIES}/${entry.id}`)).text.includes('"value":null')]).toEqual([
      null,
      true,
    ]);
  });

  it.each([
    ['a'.repeat(255), 201],
    ['a'.repeat(256), 400],
    ['a-b_c.D9', 201],
    ['9a', 400],
    ['ä', 400],
    ['a b', 400],
  ])('takes keys of the alphabet and length: %s', async (key, status) => {
    expect((await api.post(ENTRIES, { key, namespace: aKey(), value: 1 })).status).toBe(status);
  });
});

describe('tags', () => {
  it('are trimmed, lower-cased, each once, in order', async () => {
    expect((await entries.create({ tags: ['  B ', 'a', 'b', 'A'] })).tags).toEqual(['b', 'a']);
  });

  it.each([
    [Array.from({ length: 51 }, (_, index) => `t${index}`), '/tags'],
    [['ok', ''], '/tags/1'],
    [['ok', 'x'.repeat(101)], '/tags/1'],
    [['ok', 7], '/tags/1'],
  ])('are refused when there are too many, or one is too short or too long', async (tags, pointer) => {
    const reply = await api.post(ENTRIES, { key: aKey(), value: 1, tags });
    expect([reply.status, pointers(reply.body)]).toEqual([400, [pointer]]);
  });

  it('are counted, of the tenant and of all', async () => {
    const tenant_id = aTenant();
    await entries.create({ tenant_id, tags: ['red', 'blue'], namespace: 'n1' });
    await entries.create({ tenant_id, tags: ['red'], namespace: 'n2' });
    const own = (await api.get(`${ENTRIES}/tags?tenant_id=${tenant_id}`)).body.items.filter((item: any) =>
      ['red', 'blue'].includes(item.name),
    );
    expect(own).toEqual([
      { name: 'red', entries: 2 },
      { name: 'blue', entries: 1 },
    ]);
    expect((await api.get(`${ENTRIES}/tags?tenant_id=${tenant_id}&namespace=n2`)).body.items).toEqual([
      { name: 'red', entries: 1 },
    ]);
    expect((await api.get(`${ENTRIES}/namespaces?tenant_id=${tenant_id}`)).body.items).toEqual(
      expect.arrayContaining([
        { name: 'n1', entries: 1 },
        { name: 'n2', entries: 1 },
      ]),
    );
  });
});

describe('changing', () => {
  it('leaves what is absent, clears what is null, and replaces the value whole', async () => {
    const entry = await entries.create({
      value: { a: 1, b: 2 },
      description: 'x',
      tags: ['t'],
      expires_at: '2099-01-01T00:00:00Z',
    });
    const put = await api.put(`${ENTRIES}/${entry.id}`, { description: null });
    expect(put.body).toMatchObject({
      version: 2,
      value: { a: 1, b: 2 },
      description: null,
      tags: ['t'],
      expires_at: '2099-01-01T00:00:00.000Z',
    });
    const patch = await api.patch(`${ENTRIES}/${entry.id}`, { value: { a: null }, expires_at: null });
    expect(patch.body).toMatchObject({ version: 3, value: { a: null }, expires_at: null });
  });

  it('makes no version when nothing changes', async () => {
    const entry = await entries.create({ tags: ['a'] });
    const reply = await api.put(`${ENTRIES}/${entry.id}`, { value: 1, tags: ['A'] });
    expect([reply.status, reply.body]).toEqual([200, entry]);
  });

  it('refuses null where nothing can be null, and what it does not know', async () => {
    const { id } = await entries.create();
    const reply = await api.put(`${ENTRIES}/${id}`, {
      key: null,
      tags: null,
      tenant_id: 'x',
      id: randomUUID(),
    });
    expect([reply.status, pointers(reply.body)]).toEqual([400, ['/id', '/key', '/tags', '/tenant_id']]);
  });

  it('renames with id and history, seen by key at once', async () => {
    const entry = await entries.create();
    await api.get(`${ENTRIES}/key/${entry.key}`); // It is in memory now.
    const renamed = await api.put(`${ENTRIES}/${entry.id}`, { key: `${entry.key}.new`, namespace: 'other' });
    expect(renamed.body).toMatchObject({ id: entry.id, version: 2, namespace: 'other' });
    expect((await api.get(`${ENTRIES}/key/${entry.key}`)).status).toBe(404);
    expect((await api.get(`${ENTRIES}/key/${entry.key}.new?namespace=other`)).body.id).toBe(entry.id);
    expect((await api.get(`${ENTRIES}/${entry.id}/versions`)).body.items).toHaveLength(2);
    const taken = await entries.create();
    const clash = await api.put(`${ENTRIES}/${entry.id}`, { key: taken.key, namespace: 'default' });
    expect([clash.status, clash.body.code, clash.body.conflicting_id]).toEqual([
      409,
      'metadata_key_taken',
      taken.id,
    ]);
  });

  it('happens only to the version that If-Match names', async () => {
    const { id, key } = await entries.create();
    await api.put(`${ENTRIES}/${id}`, { value: 2 });
    const stale = { headers: { 'If-Match': '"1"' } };
    const refusals = [
      await api.put(`${ENTRIES}/${id}`, { value: 3 }, stale),
      await api.patch(`${ENTRIES}/${id}`, { value: 3 }, stale),
      await api.delete(`${ENTRIES}/${id}`, stale),
      await api.post(`${ENTRIES}/${id}/rollback/1`, {}, stale),
      await api.put(`${ENTRIES}/key/${key}`, { value: 3 }, stale),
    ];
    for (const reply of refusals) {
      expect([reply.status, reply.body.code, reply.body.current_version, reply.headers.get('etag')]).toEqual([
        412,
        'stale_version',
        2,
        '"2"',
      ]);
    }
    expect((await api.put(`${ENTRIES}/${id}`, { value: 3 }, { headers: { 'If-Match': '"2"' } })).status).toBe(
      200,
    );
    expect((await api.put(`${ENTRIES}/${id}`, { value: 4 }, { headers: { 'If-Match': '*' } })).status).toBe(
      200,
    );
    expect(
      (await api.put(`${ENTRIES}/${id}`, { value: 5 }, { headers: { 'If-Match': 'W/"4"' } })).status,
    ).toBe(412);
    expect(
      (await api.put(`${ENTRIES}/${id}`, { value: 5 }, { headers: { 'If-Match': 'four' } })).status,
    ).toBe(400);
  });

  it('lets one of fifty writers win that saw the same version', async () => {
    const { id } = await entries.create();
    const edit = (value: number) =>
      api.put(`${ENTRIES}/${id}`, { value }, { headers: { 'If-Match': '"1"' } });
    const statuses = (await Promise.all(Array.from({ length: 50 }, (_, index) => edit(index + 2)))).map(
      (reply) => reply.status,
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(49);
    expect((await api.get(`${ENTRIES}/${id}/versions`)).body.items).toHaveLength(2);
  });

  it('loses nothing when fifty writers do not care who was first', async () => {
    const { id } = await entries.create();
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) => api.put(`${ENTRIES}/${id}`, { value: index + 2 })),
    );
    expect(replies.map((reply) => reply.status)).toEqual(replies.map(() => 200));
    expect(replies.map((reply) => reply.body.version).sort((a, b) => a - b)).toEqual(
      replies.map((_, index) => index + 2),
    );
  });

  it('deletes, and says so only once', async () => {
    const { id, key } = await entries.create();
    const reply = await api.delete(`${ENTRIES}/${id}`);
    expect([reply.status, reply.text]).toEqual([204, '']);
    expect((await api.delete(`${ENTRIES}/${id}`)).status).toBe(404);
    expect((await api.get(`${ENTRIES}/key/${key}`)).status).toBe(404);
    expect((await api.post(ENTRIES, { key, value: 2 })).status).toBe(201);
  });
});
