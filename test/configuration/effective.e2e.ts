import { TestApi } from '../api.js';
import { aLayer, effective, inMs } from './live-made.js';
import { aService, aTenant, CONFIGURATIONS } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const HOUR = 3_600_000;

it('merges shared base, shared environment, tenant base and tenant environment, in this order', async () => {
  const [service_id, tenant_id] = [aService(), aTenant()];
  const scopes = [
    { environment: 'base' },
    { environment: 'production' },
    { environment: 'base', tenant_id },
    { environment: 'production', tenant_id },
  ];
  const layers = [];
  for (const [index, scope] of scopes.entries()) {
    const values = { top: index, deep: { [`from${index}`]: true, list: [index] } };
    layers.push(await aLayer(api, { service_id, ...scope, values }));
  }
  const { status, body } = await effective(api, service_id, { tenant_id });
  expect(status).toBe(200);
  expect(body).toMatchObject({ service_id, environment: 'production', tenant_id, valid_until: null });
  expect(body.values).toEqual({
    app: { top: 3, deep: { from0: true, from1: true, from2: true, from3: true, list: [3] } },
  });
  expect(body.layers).toEqual(
    layers.map(({ id, version, name, environment, tenant_id: owner }) => ({
      configuration_id: id,
      version,
      name,
      scope: { tenant_id: owner, environment, effective_from: null, effective_until: null },
    })),
  );
  const seen = async (query: Record<string, string>) =>
    (await effective(api, service_id, query)).body.values.app.top;
  expect(await seen({})).toBe(1);
  expect(await seen({ environment: 'base' })).toBe(0);
  expect(await seen({ environment: 'nowhere' })).toBe(0);
  expect(await seen({ environment: 'nowhere', tenant_id })).toBe(2);
  expect(await seen({ tenant_id: aTenant() })).toBe(1);
});

it('lets what is temporary lie over what is not, for its time', async () => {
  const service_id = aService();
  await aLayer(api, { service_id, values: { mode: 'usual', port: 1 } });
  const window = { effective_from: inMs(-HOUR), effective_until: inMs(HOUR) };
  await aLayer(api, { service_id, values: { mode: 'sale' }, ...window });
  const { body } = await effective(api, service_id);
  expect(body.values.app).toEqual({ mode: 'sale', port: 1 });
  expect(body.valid_until).toBe(window.effective_until);
});

it('takes away with null, and puts references in with their type', async () => {
  const service_id = aService();
  await aLayer(api, { service_id, environment: 'base', values: { host: 'a', port: 5432, debug: true } });
  await aLayer(api, { service_id, values: { debug: null, host: 'db' } });
  await aLayer(api, {
    service_id,
    name: 'client',
    values: { port: '${config:app.port}', url: 'tcp://${config:app.host}:${config:app.port}' },
  });
  const { body } = await effective(api, service_id);
  expect(body.values).toEqual({
    app: { host: 'db', port: 5432 },
    client: { port: 5432, url: 'tcp://db:5432' },
  });
});

it('gives one document alone, and says of a service or name that nobody configured that it is not there', async () => {
  const service_id = aService();
  await aLayer(api, { service_id, values: { a: 1 } });
  await aLayer(api, { service_id, name: 'other', values: { b: '${config:app.a}' } });
  const { body } = await effective(api, service_id, { name: 'other' });
  expect(body.values).toEqual({ other: { b: 1 } });
  expect(body.layers.map(({ name }: any) => name)).toEqual(['other']);
  for (const reply of [
    await effective(api, service_id, { name: 'third' }),
    await effective(api, aService()),
    await effective(api, aService(), { explain: 'true' }),
  ])
    expect([reply.status, reply.body.code]).toEqual([404, 'service_not_configured']);
});

it('is empty where a service is configured and nothing is effective now', async () => {
  const service_id = aService();
  const from = inMs(HOUR);
  await aLayer(api, { service_id, values: { a: 1 }, effective_from: from });
  const { status, body } = await effective(api, service_id);
  expect([status, body.values, body.layers, body.valid_until]).toEqual([200, {}, [], from]);
  expect((await effective(api, service_id, { environment: 'staging' })).body.values).toEqual({});
});

it('takes no name for more than a name', async () => {
  const service_id = aService();
  await aLayer(api, { service_id, values: { a: 1 } });
  await aLayer(api, { service_id, name: 'constructor', values: { b: 1 }, effective_from: inMs(HOUR) });
  for (const query of [{}, { explain: 'true' }]) {
    const { status, body } = await effective(api, service_id, { name: 'constructor', ...query });
    expect([status, body.values, body.explain ?? {}]).toEqual([200, {}, {}]);
  }
});

it('does not count what is not active, and forgets what is deleted', async () => {
  const service_id = aService();
  const { id } = await aLayer(api, { service_id, values: { a: 1 } });
  await aLayer(api, { service_id, name: 'draft', is_active: false, values: { b: 1 } });
  expect((await effective(api, service_id)).body.values).toEqual({ app: { a: 1 } });
  await api.post(`${CONFIGURATIONS}/${id}/deactivate`);
  expect((await effective(api, service_id)).status).toBe(404);
  await api.post(`${CONFIGURATIONS}/${id}/activate`);
  expect((await effective(api, service_id)).status).toBe(200);
  await api.delete(`${CONFIGURATIONS}/${id}`);
  expect((await effective(api, service_id)).status).toBe(404);
});

it('has a tag that changes with the documents, and only then', async () => {
  const service_id = aService();
  const { id } = await aLayer(api, { service_id, values: { a: 1 } });
  const first = await effective(api, service_id);
  const etag = first.headers.get('etag') ?? '';
  expect(etag).toBe(`"${first.body.version_tag}"`);
  const ask = (known: string) => effective(api, service_id, {}, { headers: { 'If-None-Match': known } });
  for (const known of [etag, `"x", ${etag}`, `W/${etag}`, '*']) {
    const again = await ask(known);
    expect([again.status, again.headers.get('etag'), again.text]).toEqual([304, etag, '']);
  }
  await aLayer(api, { service_id: aService(), values: { a: 2 } });
  expect((await ask(etag)).status).toBe(304);
  await api.put(`${CONFIGURATIONS}/${id}`, { values: { a: 2 } });
  const changed = await ask(etag);
  expect([changed.status, changed.body.values]).toEqual([200, { app: { a: 2 } }]);
  // Tags are of one question: what answers another one has another tag.
  const tags = [
    changed.headers.get('etag'),
    (await effective(api, service_id, { tenant_id: aTenant() })).headers.get('etag'),
    (await effective(api, service_id, { environment: 'base' })).headers.get('etag'),
    (await effective(api, service_id, { explain: 'true' })).headers.get('etag'),
  ];
  expect(new Set(tags).size).toBe(tags.length);
});

it('answers from memory as it answers anew, and reads its own writes', async () => {
  const [service_id, tenant_id] = [aService(), aTenant()];
  const { id } = await aLayer(api, { service_id, values: { n: 0 } });
  for (let n = 1; n <= 30; n += 1) {
    await api.put(`${CONFIGURATIONS}/${id}`, { values: { n } });
    for (const query of [{}, { tenant_id }]) {
      const [one, other] = [await effective(api, service_id, query), await effective(api, service_id, query)];
      expect(one.body.values.app.n).toBe(n);
      expect(other.text).toBe(one.text);
      expect(other.headers.get('etag')).toBe(one.headers.get('etag'));
    }
  }
});

it('needs an environment, and names everything that is wrong with a question', async () => {
  const ask = (query: string) => api.get(`${CONFIGURATIONS}/effective/${aService()}${query}`);
  const pointers = async (query: string): Promise<unknown> => {
    const { status, body } = await ask(query);
    expect([status, body.code]).toEqual([400, 'invalid_input']);
    return body.errors.map(({ pointer }: any) => pointer).sort();
  };
  expect(await pointers('')).toEqual(['/environment']);
  expect(await pointers('?environment=')).toEqual(['/environment']);
  expect(await pointers('?environment=Not%20One')).toEqual(['/environment']);
  expect(await pointers('?environment=production&other=1')).toEqual(['/other']);
  expect(await pointers('?environment=production&name=Not%20One')).toEqual(['/name']);
  expect(await pointers('?environment=production&tenant_id=Not%20One')).toEqual(['/tenant_id']);
  for (const at of ['yesterday', '2026-02-30T00:00:00Z', '2026-01-01'])
    expect(await pointers(`?environment=production&at=${at}`)).toEqual(['/at']);
  expect(await pointers('?environment=production&explain=maybe&resolve_secrets=1')).toEqual([
    '/explain',
    '/resolve_secrets',
  ]);
  expect((await api.get(`${CONFIGURATIONS}/effective/Not%20One?environment=production`)).status).toBe(400);
});

it('shows a tenant its own layers and the shared ones, and no other’s', async () => {
  const [service_id, tenant] = [aService(), aTenant()];
  await aLayer(api, { service_id, values: { who: 'all' } });
  await aLayer(api, { service_id, tenant_id: tenant, values: { who: 'me' } });
  const mine = { key: await api.key('viewer', tenant) };
  const other = { key: await api.key('viewer', aTenant()) };
  expect((await effective(api, service_id, {}, mine)).body.values.app.who).toBe('me');
  expect((await effective(api, service_id, {}, other)).body.values.app.who).toBe('all');
  for (const query of [{}, { explain: 'true' }, { at: inMs(0) }]) {
    const refused = await effective(api, service_id, { tenant_id: tenant, ...query }, other);
    expect([refused.status, refused.body.code]).toEqual([403, 'tenant_forbidden']);
  }
});

it('needs the permission to read, also where the bytes lie ready', async () => {
  const service_id = aService();
  await aLayer(api, { service_id, values: { a: 1 } });
  expect((await effective(api, service_id, {}, { key: await api.key('viewer', null) })).status).toBe(200);
  const refused = await effective(api, service_id, {}, { key: await api.key('client', null) });
  expect([refused.status, refused.body.code]).toEqual([403, 'permission_denied']);
});
