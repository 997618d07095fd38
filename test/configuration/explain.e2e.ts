import { TestApi } from '../api.js';
import { aLayer, effective } from './live-made.js';
import { aService, aTenant, CONFIGURATIONS } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const explained = async (service: string, query: Record<string, string> = {}): Promise<any> => {
  const { status, body } = await effective(api, service, { explain: 'true', ...query });
  expect(status).toBe(200);
  return body.explain;
};

it('tells of each value who said it, when and why, and what it takes the place of', async () => {
  const [service_id, tenant_id] = [aService(), aTenant()];
  const base = await aLayer(api, {
    service_id,
    environment: 'base',
    values: { host: 'a', pool: { min: 1, max: 10 } },
    change_reason: 'the beginning',
  });
  const shared = await aLayer(api, { service_id, values: { host: 'b', pool: { max: 20 } } });
  const own = await aLayer(api, { service_id, tenant_id, values: { host: 'c' } });
  const { body: newer } = await api.put(`${CONFIGURATIONS}/${own.id}`, {
    values: { host: 'd' },
    change_reason: 'closer',
  });
  const explain = await explained(service_id, { tenant_id });
  expect(Object.keys(explain).sort()).toEqual(['/app/host', '/app/pool/max', '/app/pool/min']);
  const scope = { effective_from: null, effective_until: null };
  expect(explain['/app/host']).toEqual({
    configuration_id: own.id,
    version: 2,
    layer: { tenant_id, environment: 'production', ...scope },
    changed_by: 'anonymous',
    changed_at: newer.updated_at,
    change_reason: 'closer',
    overridden: [
      {
        configuration_id: shared.id,
        version: 1,
        layer: { tenant_id: null, environment: 'production', ...scope },
        changed_by: 'anonymous',
        changed_at: shared.updated_at,
        change_reason: null,
        value: 'b',
      },
      {
        configuration_id: base.id,
        version: 1,
        layer: { tenant_id: null, environment: 'base', ...scope },
        changed_by: 'anonymous',
        changed_at: base.updated_at,
        change_reason: 'the beginning',
        value: 'a',
      },
    ],
  });
  expect(explain['/app/pool/min']).toMatchObject({ configuration_id: base.id, overridden: [] });
  expect(explain['/app/pool/max']).toMatchObject({
    configuration_id: shared.id,
    overridden: [{ configuration_id: base.id, value: 10 }],
  });
});

it('explains every value and nothing else, and leaves the answer as it is', async () => {
  const service_id = aService();
  await aLayer(api, { service_id, values: { a: [1, 2], b: {}, 'c/d': { '~': null, e: 1 } } });
  const { body: plain } = await effective(api, service_id);
  const { body } = await effective(api, service_id, { explain: 'true' });
  const { explain, version_tag, ...rest } = body;
  expect({ ...rest, version_tag: plain.version_tag }).toEqual(plain);
  expect(version_tag).not.toBe(plain.version_tag);
  expect(Object.keys(explain).sort()).toEqual(['/app/a', '/app/b', '/app/c~1d/e']);
});

it('says what a reference takes over', async () => {
  const service_id = aService();
  await aLayer(api, { service_id, values: { host: 'db', port: 1 } });
  const client = await aLayer(api, {
    service_id,
    name: 'client',
    values: { url: '${config:app.host}:${config:app.port}' },
  });
  expect((await explained(service_id, { name: 'client' }))['/client/url']).toMatchObject({
    configuration_id: client.id,
    from: ['/app/host', '/app/port'],
  });
});

it('explains what was, by who said it then', async () => {
  const service_id = aService();
  const first = await aLayer(api, { service_id, values: { a: 1 }, change_reason: 'one' });
  const { body: second } = await api.put(`${CONFIGURATIONS}/${first.id}`, {
    values: { a: 2 },
    change_reason: 'two',
  });
  await api.delete(`${CONFIGURATIONS}/${first.id}`);
  const at = async (instant: string) => (await explained(service_id, { at: instant }))['/app/a'];
  expect(await at(second.updated_at)).toMatchObject({ version: 2, change_reason: 'two' });
  const before = new Date(Date.parse(second.updated_at) - 1).toISOString();
  if (before >= first.updated_at)
    expect(await at(before)).toMatchObject({ version: 1, change_reason: 'one' });
  expect((await effective(api, service_id, { explain: 'true' })).status).toBe(404);
});
