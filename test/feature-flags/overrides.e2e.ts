import { TestApi } from '../api.js';
import { aFlag, aTenant, FLAGS, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const isArchived = async (id: string): Promise<unknown> =>
  (await api.post(`${FLAGS}/${id}/archive`)).body.archived_at;

describe('an override for a tenant', () => {
  it('is set, replaced and removed', async () => {
    const { id } = await aFlag(api);
    const path = `${FLAGS}/${id}/overrides/tenants/acme`;
    const first = await api.put(path, { value: true, change_reason: 'why' });
    expect([first.status, first.body.tenant_overrides, first.headers.get('etag')]).toEqual([
      200,
      { acme: true },
      '"2"',
    ]);
    expect((await api.put(path, { value: true })).body.version).toBe(2);
    expect((await api.put(path, { value: false })).body.tenant_overrides).toEqual({ acme: false });
    expect((await api.delete(path)).status).toBe(204);
    expect((await api.get(`${FLAGS}/${id}`)).body.tenant_overrides).toEqual({});
    expect(outcome(await api.delete(path))).toEqual([404, 'flag_override_not_found']);
    const { body } = await api.get(`${FLAGS}/${id}/versions`);
    expect(body.items.map(({ type, change_reason }: any) => [type, change_reason])).toEqual([
      ['tenant_override_removed', null],
      ['tenant_override_set', null],
      ['tenant_override_set', 'why'],
      ['created', null],
    ]);
  });

  it.each([
    [{}, ['/value required']],
    [{ value: null }, ['/value type']],
    [{ value: 'x' }, ['/value value_type']],
    [{ value: true, other: 1 }, ['/other unknown_property']],
  ])('is refused as %j', async (body, expected) => {
    const { id } = await aFlag(api);
    const reply = await api.put(`${FLAGS}/${id}/overrides/tenants/acme`, body);
    expect([reply.status, mistakes(reply)]).toEqual([400, expected]);
  });

  it.each(['Acme', '_shared', '*', 'a b', 'a'.repeat(64), '%00'])(
    'is refused for the tenant %s',
    async (tenant) => {
      const { id } = await aFlag(api);
      const reply = await api.put(`${FLAGS}/${id}/overrides/tenants/${tenant}`, { value: true });
      expect([tenant, reply.status]).toEqual([tenant, 400]);
    },
  );

  it('of a shared flag is shown to no other tenant, in no place', async () => {
    const [acme, globex] = [aTenant(), aTenant()];
    const marker = 'secret-plan';
    const flag = await aFlag(api, {
      default_value: 'x',
      tenant_overrides: { [acme]: 'ours', [globex]: marker },
    });
    await api.put(`${FLAGS}/${flag.id}/overrides/tenants/${globex}`, { value: `${marker}-2` });
    const key = await api.key('admin', acme);
    const shown = await api.get(`${FLAGS}/${flag.id}`, { key });
    expect(shown.body.tenant_overrides).toEqual({ [acme]: 'ours' });
    for (const path of [
      `${FLAGS}/${flag.id}`,
      `${FLAGS}/${flag.id}?as_of=2099-01-01T00:00:00Z`,
      `${FLAGS}/name/${flag.name}`,
      `${FLAGS}?q=${flag.name}`,
      `${FLAGS}/${flag.id}/versions`,
      `${FLAGS}/${flag.id}/versions/1`,
      `${FLAGS}/${flag.id}/versions/1/diff/2`,
      `/api/v1/events?include_shared=true&limit=1000`,
    ]) {
      const { status, text } = await api.get(path, { key });
      expect([path, status, text.includes(marker), text.includes(globex)]).toEqual([path, 200, false, false]);
    }
    expect((await api.get(`${FLAGS}/${flag.id}`)).body.tenant_overrides[globex]).toBe(`${marker}-2`);
    expect((await api.get('/api/v1/events?limit=1000')).text).toContain(marker);
  });
});

describe('an override in an environment', () => {
  it('is set in its long and in its short form, and removed', async () => {
    const { id } = await aFlag(api, { default_value: 'x' });
    const path = `${FLAGS}/${id}/overrides/environments/production`;
    const long = { enabled: false, default_value: 'a', rollout_percentage: 2.5, value: 'b' };
    expect((await api.put(path, { ...long, change_reason: 'why' })).body.environment_overrides).toEqual({
      production: long,
    });
    const { body } = await api.put(`${FLAGS}/${id}`, { environment_overrides: { production: 'bare' } });
    expect(body.environment_overrides).toEqual({ production: { value: 'bare' } });
    expect((await api.delete(path)).status).toBe(204);
    expect(outcome(await api.delete(path))).toEqual([404, 'flag_override_not_found']);
  });

  it('of an object flag may be a bare object', async () => {
    const flag = await aFlag(api, {
      default_value: { theme: 'light' },
      environment_overrides: { test: { theme: 'dark' }, staging: { enabled: false }, dev: [1] },
    });
    expect(flag.environment_overrides).toEqual({
      test: { value: { theme: 'dark' } },
      staging: { enabled: false },
      dev: { value: [1] },
    });
    const { body } = await api.put(`${FLAGS}/${flag.id}/overrides/environments/qa`, { theme: 'blue' });
    expect(body.environment_overrides.qa).toEqual({ value: { theme: 'blue' } });
  });

  it.each([
    ['production', { enabled: 'x' }, ['/enabled type']],
    ['production', { default_value: 'x' }, ['/default_value value_type']],
    ['production', { rollout_percentage: 100.5 }, ['/rollout_percentage range']],
    ['production', { value: 7 }, ['/value value_type']],
    ['production', { other: 7 }, ['/other unknown_property']],
    ['production', '"x"', [' type']],
    ['Prod', { value: true }, [' pattern']],
  ])('in %s is refused as %j', async (environment, body, expected) => {
    const { id } = await aFlag(api);
    const reply = await api.request('PUT', `${FLAGS}/${id}/overrides/environments/${environment}`, {
      body,
      headers: { 'Content-Type': 'application/json' },
    });
    expect([reply.status, mistakes(reply)]).toEqual([400, expected]);
  });
});

it('heeds If-Match, and archival', async () => {
  const { id } = await aFlag(api, {
    tenant_overrides: { acme: true },
    environment_overrides: { test: true },
  });
  const calls: [string, string, object?][] = [
    ['PUT', 'tenants/acme', { value: false }],
    ['DELETE', 'tenants/acme'],
    ['PUT', 'environments/test', { enabled: false }],
    ['DELETE', 'environments/test'],
  ];
  const call = (method: string, path: string, body?: object, headers = {}) =>
    api.request(method, `${FLAGS}/${id}/overrides/${path}`, { ...(body && { body }), headers });
  for (const [method, path, body] of calls)
    expect(outcome(await call(method, path, body, { 'If-Match': '"9"' }))).toEqual([412, 'stale_version']);
  expect(await isArchived(id)).toEqual(expect.any(String));
  for (const [method, path, body] of calls)
    expect(outcome(await call(method, path, body))).toEqual([409, 'flag_archived']);
});
