import { randomUUID } from 'node:crypto';
import { eventually, TestApi } from '../api.js';
import type { Reply } from '../api.js';

const PATH = '/api/v1/metadata';
const FUTURE = '2099-01-01T00:00:00.000Z';
const PAST = '2020-01-01T00:00:00.000Z';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const aKey = (): string => `k-${randomUUID()}`;
const aTenant = (): string => `t-${randomUUID()}`;
const places = ({ status, body }: Reply): unknown[] => [
  status,
  body?.errors?.map(({ pointer }: any) => pointer) ?? body?.code,
];
const batch = (operation: object, mode = 'partial', from = api): Promise<Reply> =>
  from.post(`${PATH}/batch`, { mode, operations: [operation] });

async function create(body: object = {}): Promise<any> {
  const reply = await api.post(PATH, { key: aKey(), value: 1, ...body });
  expect(reply.status).toBe(201);
  return reply.body;
}

describe('If-Match of an upsert', () => {
  it.each<Record<string, string>>([
    { 'If-Match': '*' },
    { 'If-Match': '"1"' },
    { 'If-Match': '"5"', 'If-None-Match': '*' },
  ])('%j does not hold where there is nothing', async (headers) => {
    const path = `${PATH}/key/${aKey()}`;
    const { status, body, headers: answered } = await api.put(path, { value: 1 }, { headers });
    expect([status, body.code, body.current_version, answered.get('etag')]).toEqual([
      412,
      'stale_version',
      undefined,
      null,
    ]);
    expect((await api.get(path)).status).toBe(404);
  });

  it('holds for what is there with *, and with one of several tags', async () => {
    const { key, id } = await create();
    const put = (header: string, value: number): Promise<Reply> =>
      api.put(`${PATH}/key/${key}`, { value }, { headers: { 'If-Match': header } });
    expect((await put('*', 2)).status).toBe(200);
    expect((await put('"1", "2"', 3)).status).toBe(200);
    expect((await put('"1", "2"', 4)).status).toBe(412);
    expect((await api.delete(`${PATH}/${id}`, { headers: { 'If-Match': '"9", "3"' } })).status).toBe(204);
  });
});

describe('REQUIRE_IF_MATCH in a batch', () => {
  it('asks for if_version in each update and delete', async () => {
    const strict = await TestApi.start({ env: { REQUIRE_IF_MATCH: 'true' }, beside: api });
    try {
      const { id, key } = await create();
      for (const operation of [
        { op: 'update', id, value: 2 },
        { op: 'update', key, value: 2 },
        { op: 'delete', id },
      ]) {
        const { body } = await batch(operation, 'partial', strict);
        expect([body.results[0].status, body.results[0].problem.code]).toEqual([
          428,
          'precondition_required',
        ]);
        const atomic = await batch(operation, 'atomic', strict);
        expect([atomic.status, atomic.body.errors[0]]).toMatchObject([
          422,
          { pointer: '/operations/0', code: 'precondition_required' },
        ]);
      }
      expect((await batch({ op: 'create', key: aKey(), value: 1 }, 'atomic', strict)).status).toBe(200);
      expect((await batch({ op: 'update', id, value: 2, if_version: 1 }, 'atomic', strict)).status).toBe(200);
    } finally {
      await strict.stop();
    }
  });
});

describe('an operation of a batch', () => {
  it.each<[string, (entry: any) => object, string[]]>([
    ['create', () => ({ key: aKey(), value: 1, if_version: 1 }), ['if_version']],
    ['update', ({ id }) => ({ id, value: 2, tenant_id: 'other' }), ['tenant_id']],
    ['update', ({ id }) => ({ id, value: 2, tenant_id: null }), ['tenant_id']],
    ['delete', ({ id }) => ({ id, value: null, tags: ['x'] }), ['tags', 'value']],
    [
      'delete',
      ({ id, key }) => ({ id, key, namespace: 'default', tenant_id: null }),
      ['key', 'namespace', 'tenant_id'],
    ],
    ['delete', ({ key }) => ({ key, description: null }), ['description']],
    ['delete', ({ id }) => ({ id, nothing: 1 }), ['nothing']],
  ])('%s refuses what it has no use for: %#', async (op, members, names) => {
    const entry = await create();
    const reply = await batch({ op, ...members(entry) });
    const { status, problem } = reply.body.results[0];
    expect(status).toBe(400);
    expect(problem.errors.map(({ pointer, code }: any) => [pointer, code]).sort()).toEqual(
      names.map((name) => [`/operations/0/${name}`, 'unknown_property']),
    );
    expect((await api.get(`${PATH}/${entry.id}`)).body).toEqual(entry);
  });
});

describe('mistakes', () => {
  it('are told all at once', async () => {
    const body = {
      tenant_id: 'No Slug',
      key: aKey(),
      value: 'a: [',
      content_type: 'yaml',
      tags: ['', 'a,b', 'fine'],
      expires_at: '2026-02-30T00:00:00Z',
    };
    const all = ['/tenant_id', '/value', '/tags/0', '/tags/1', '/expires_at'];
    expect(places(await api.post(PATH, body))).toEqual([400, all]);
    const { body: partial } = await batch({ op: 'create', ...body });
    expect(places({ status: 400, body: partial.results[0].problem } as Reply)).toEqual([
      400,
      all.map((pointer) => `/operations/0${pointer}`),
    ]);
    const { tenant_id: _, key: __, ...revision } = body;
    const { id } = await create();
    expect(places(await api.put(`${PATH}/${id}`, revision))).toEqual([400, all.slice(1)]);
  });

  it('in a list have the place of the item', async () => {
    const reply = await api.post(PATH, { key: aKey(), value: 1, tags: ['a', 1, 'b', null] });
    expect(places(reply)).toEqual([400, ['/tags/1', '/tags/3']]);
  });

  it.each([{ is_secret: 'true' }, { is_encrypted: 'false' }])('%j is text and no boolean', async (body) => {
    expect(places(await api.post(PATH, { key: aKey(), value: 1, ...body }))).toEqual([
      400,
      [`/${Object.keys(body)[0]}`],
    ]);
  });

  it('in query parameters that nobody reads are told', async () => {
    const { id } = await create();
    for (const reply of [
      await api.post(`${PATH}?dry_run=true`, { key: aKey(), value: 1 }),
      await api.put(`${PATH}/${id}?dry_run=true`, { value: 2 }),
      await api.delete(`${PATH}/${id}?dry_run=true`),
      await api.get(`${PATH}/${id}/versions/1/diff/1?dry_run=true`),
      await api.post(`${PATH}/${id}/rollback/1?dry_run=true`),
    ]) {
      expect(places(reply)).toEqual([400, ['/dry_run']]);
    }
    expect((await api.get('/health/live?from=probe')).status).toBe(200);
  });
});

describe('what is measured in characters', () => {
  it('counts an emoji once', async () => {
    const entry = await create({ description: '\u{1F600}'.repeat(1_000), tags: ['\u{1F600}'.repeat(100)] });
    expect([...entry.description]).toHaveLength(1_000);
    const long = await api.put(`${PATH}/${entry.id}`, { description: '\u{1F600}'.repeat(1_001) });
    expect(places(long)).toEqual([400, ['/description']]);
  });
});

describe('the search', () => {
  it.each(['ΟΔΟΣ', 'οδος', 'οδοσ', 'ΟΔΟΣΑ'])('finds a sigma wherever it stands: %s', async (q) => {
    const namespace = aKey();
    const { id } = await create({ namespace, description: 'xxΟΔΟΣΑxx' });
    const { body } = await api.get(`${PATH}?namespace=${namespace}&q=${encodeURIComponent(q)}`);
    expect(body.items.map((item: any) => item.id)).toEqual([id]);
  });
});

describe('an id of the caller', () => {
  it.each(['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'])(
    'may be %s',
    async (id) => {
      expect((await create({ id })).id).toBe(id);
      expect((await api.get(`${PATH}/${id}`)).status).toBe(200);
    },
  );

  it('that is taken is named where the caller may see what has it', async () => {
    const [tenant, other] = [aTenant(), aTenant()];
    const editor = await api.key('editor', tenant);
    const again = (id: string): Promise<Reply> =>
      api.post(PATH, { id, key: aKey(), value: 2 }, { key: editor });
    const [own, shared, foreign] = [
      await create({ tenant_id: tenant }),
      await create(),
      await create({ tenant_id: other }),
    ];
    for (const { id } of [own, shared]) {
      const { status, body } = await again(id);
      expect([status, body.code, body.conflicting_id]).toEqual([409, 'id_conflict', id]);
    }
    const { body } = await again(foreign.id);
    expect([body.code, 'conflicting_id' in body]).toEqual(['id_conflict', false]);
  });
});

describe('an entry that has expired already', () => {
  it('is not made, whichever way it is asked for', async () => {
    const key = aKey();
    const body = { value: 1, expires_at: PAST };
    expect(places(await api.post(PATH, { key, ...body }))).toEqual([400, ['/expires_at']]);
    expect(places(await api.put(`${PATH}/key/${key}`, body))).toEqual([400, ['/expires_at']]);
    const { id } = await create({ key });
    expect(places(await api.put(`${PATH}/${id}`, body))).toEqual([400, ['/expires_at']]);
    expect((await api.get(`${PATH}/${id}`)).body.version).toBe(1);
  });

  it('is not brought back', async () => {
    const { id, expires_at: end } = await create({ expires_at: new Date(Date.now() + 3_000).toISOString() });
    const kept = await api.put(`${PATH}/${id}`, { expires_at: FUTURE });
    expect(kept.status).toBe(200);
    await eventually(
      async () => Date.now(),
      (now) => now > Date.parse(end) + 50,
    ); // Clocks of two machines.
    const reply = await api.post(`${PATH}/${id}/rollback/1`);
    expect([...places(reply), reply.body.errors[0].code]).toEqual([400, ['/version'], 'past']);
    expect((await api.get(`${PATH}/${id}`)).body).toEqual(kept.body);
  });
});

it('a delete keeps its reason', async () => {
  const { id } = await create();
  expect((await api.delete(`${PATH}/${id}?change_reason=moved%20away`)).status).toBe(204);
  const { body } = await api.get(`${PATH}/${id}/versions`);
  expect(body.items[0]).toMatchObject({ type: 'deleted', change_reason: 'moved away' });
});
