import { TestApi } from '../api.js';
import {
  aBody,
  aConfiguration,
  aService,
  aTenant,
  at,
  CONFIGURATIONS,
  inHours,
  mistakes,
  outcome,
} from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

describe('a credential of a tenant', () => {
  it('sees its own and the shared ones, writes its own, and learns of no others', async () => {
    const [tenant, other] = [aTenant(), aTenant()];
    const [key, foreign] = [await api.key('editor', tenant), await api.key('editor', other)];
    const service_id = aService();
    const own = await aConfiguration(api, { service_id }, { key });
    const shared = await aConfiguration(api, { service_id });
    expect([own.tenant_id, shared.tenant_id]).toEqual([tenant, null]);
    expect((await api.get(at(own), { key: foreign })).status).toBe(404);
    for (const [method, path] of [
      ['PUT', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/activate'],
      ['POST', '/rollback/1'],
    ] as const) {
      const sent = { ...(path === '' && method !== 'DELETE' && { body: { description: 'x' } }) };
      const hidden = await api.request(method, at(own, path), { ...sent, key: foreign });
      expect(outcome(hidden)).toEqual([404, 'configuration_not_found']);
      const seen = await api.request(method, at(shared, path), { ...sent, key });
      expect(outcome(seen)).toEqual([403, 'tenant_forbidden']);
    }
    const body = aBody({ service_id, tenant_id: null });
    expect(outcome(await api.post(CONFIGURATIONS, body, { key }))).toEqual([403, 'tenant_forbidden']);
    const listed = await api.get(`${CONFIGURATIONS}/service/${service_id}`, { key });
    expect(new Set(listed.body.items.map(({ id }: any) => id))).toEqual(new Set([own.id, shared.id]));
    const hidden = await api.get(`${CONFIGURATIONS}/service/${service_id}`, { key: foreign });
    expect(hidden.body.items.map(({ id }: any) => id)).toEqual([shared.id]);
    expect(outcome(await api.get(`${CONFIGURATIONS}?tenant_id=${tenant}`, { key: foreign }))).toEqual([
      403,
      'tenant_forbidden',
    ]);
  });

  it('learns nothing of an id that a foreign configuration has', async () => {
    const key = await api.key('editor', aTenant());
    const { id } = await aConfiguration(api, { tenant_id: aTenant() });
    const reply = await api.post(CONFIGURATIONS, aBody({ id }), { key });
    expect([outcome(reply), reply.body.conflicting_id]).toEqual([[409, 'id_conflict'], undefined]);
  });

  it('needs the permission', async () => {
    const viewer = await api.key('viewer', null);
    const configuration = await aConfiguration(api);
    expect((await api.get(at(configuration), { key: viewer })).status).toBe(200);
    expect(outcome(await api.put(at(configuration), {}, { key: viewer }))).toEqual([
      403,
      'permission_denied',
    ]);
  });
});

describe('what is effective now by its name', () => {
  it('is the one with a window before the one without, and the tenant’s own before the shared one', async () => {
    const [service_id, tenant_id] = [aService(), aTenant()];
    const path = `${CONFIGURATIONS}/service/${service_id}/database?environment=production`;
    const effective = async (query = ''): Promise<string> => (await api.get(`${path}${query}`)).body.id;
    expect(outcome(await api.get(path))).toEqual([404, 'configuration_not_found']);
    const shared = await aConfiguration(api, { service_id });
    await aConfiguration(api, { service_id, environment: 'base' });
    expect(await effective()).toBe(shared.id);
    const window = { effective_from: inHours(-1), effective_until: inHours(1) };
    const override = await aConfiguration(api, { service_id, ...window });
    await aConfiguration(api, { service_id, effective_from: inHours(1) });
    expect(await effective()).toBe(override.id);
    expect(await effective(`&tenant_id=${tenant_id}`)).toBe(override.id);
    const own = await aConfiguration(api, { service_id, tenant_id });
    expect([await effective(), await effective(`&tenant_id=${tenant_id}`)]).toEqual([override.id, own.id]);
    await api.post(at(override, '/deactivate'));
    expect(await effective()).toBe(shared.id);
  });

  it('is asked for by an environment', async () => {
    const path = `${CONFIGURATIONS}/service/${aService()}/database`;
    expect(mistakes(await api.get(path))).toEqual(['/environment required']);
    expect(mistakes(await api.get(`${path}?environment=No`))).toEqual(['/environment pattern']);
  });
});
