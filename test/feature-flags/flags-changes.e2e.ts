import { TestApi } from '../api.js';
import { aFlag, aName, FLAGS, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

describe('changing', () => {
  it('leaves what is absent and clears what is null', async () => {
    const flag = await aFlag(api, {
      description: 'd',
      owner: 'o',
      tags: ['t'],
      expires_at: '2099-01-01T00:00:00Z',
    });
    const reply = await api.put(`${FLAGS}/${flag.id}`, {
      owner: null,
      expires_at: null,
      change_reason: 'why',
    });
    expect([reply.status, reply.headers.get('etag')]).toEqual([200, '"2"']);
    expect(reply.body).toEqual({
      ...flag,
      owner: null,
      expires_at: null,
      version: 2,
      updated_at: reply.body.updated_at,
    });
    const { body } = await api.get(`${FLAGS}/${flag.id}/versions/2`);
    expect([body.type, body.change_reason]).toEqual(['updated', 'why']);
  });

  it('makes no version where nothing changes', async () => {
    const rules = [{ attribute: 'a', operator: 'exists', result: true }];
    const flag = await aFlag(api, { targeting_rules: rules, tags: ['a'] });
    const { body } = await api.put(`${FLAGS}/${flag.id}`, {
      targeting_rules: rules,
      tags: ['A '],
      enabled: true,
    });
    expect(body).toEqual(flag);
  });

  it('takes back what it showed', async () => {
    const flag = await aFlag(api, {
      default_value: 'a',
      variants: [{ name: 'v', value: 'b', weight: 1 }],
      targeting_rules: [{ conditions: [{ not: { attribute: 'a', operator: 'exists' } }], variant: 'v' }],
      environment_overrides: { test: 'x' },
      schedule: [{ at: '2099-01-01T00:00:00Z', set: { enabled: false } }],
    });
    const {
      id,
      tenant_id,
      version,
      salt,
      archived_at,
      created_at,
      updated_at,
      created_by,
      updated_by,
      ...rest
    } = flag;
    expect((await api.put(`${FLAGS}/${id}`, rest)).body).toEqual(flag);
    expect((await api.patch(`${FLAGS}/${id}`, rest)).body).toEqual(flag);
  });

  it('moves nobody by renaming', async () => {
    const flag = await aFlag(api);
    const name = aName();
    const { body } = await api.put(`${FLAGS}/${flag.id}`, { name });
    expect([body.name, body.salt, body.id]).toEqual([name, flag.name, flag.id]);
    expect(outcome(await api.get(`${FLAGS}/name/${flag.name}`))).toEqual([404, 'flag_not_found']);
    const { status } = await api.post(FLAGS, { name: flag.name, default_value: false });
    expect(status).toBe(201);
    const taken = await api.put(`${FLAGS}/${flag.id}`, { name: flag.name });
    expect([...outcome(taken), typeof taken.body.conflicting_id]).toEqual([409, 'flag_name_taken', 'string']);
  });

  it('keeps the type for life', async () => {
    const { id } = await aFlag(api);
    const reply = await api.put(`${FLAGS}/${id}`, { type: 'string', default_value: 'a', rollout_value: 'b' });
    expect([reply.status, mistakes(reply)]).toEqual([400, ['/type fixed']]);
    const mistyped = await api.put(`${FLAGS}/${id}`, { default_value: 'a' });
    expect([mistyped.status, mistakes(mistyped)]).toEqual([400, ['/default_value value_type']]);
    expect((await api.put(`${FLAGS}/${id}`, { type: 'boolean' })).body.version).toBe(1);
  });

  it('lets a rollout value that nobody chose follow the default value', async () => {
    const plain = await aFlag(api, { default_value: 'v1' });
    const { body } = await api.put(`${FLAGS}/${plain.id}`, { default_value: 'v2' });
    expect(body.rollout_value).toBe('v2');
    const chosen = await aFlag(api, { default_value: 'v1', rollout_value: 'r' });
    expect((await api.put(`${FLAGS}/${chosen.id}`, { default_value: 'v2' })).body.rollout_value).toBe('r');
    expect((await api.put(`${FLAGS}/${chosen.id}`, { rollout_value: null })).body.rollout_value).toBe('v2');
  });

  it('by merge patch names single overrides', async () => {
    const { id } = await aFlag(api, {
      tenant_overrides: { acme: true, globex: false },
      environment_overrides: { test: { enabled: false, rollout_percentage: 5 }, production: true },
    });
    const patch = {
      tenant_overrides: { acme: null, initech: true },
      environment_overrides: { test: { enabled: null }, production: null, staging: false },
    };
    const { body } = await api.patch(`${FLAGS}/${id}`, patch);
    expect(body.tenant_overrides).toEqual({ globex: false, initech: true });
    expect(body.environment_overrides).toEqual({
      test: { rollout_percentage: 5 },
      staging: { value: false },
    });
    const replaced = await api.put(`${FLAGS}/${id}`, {
      tenant_overrides: { acme: true },
      environment_overrides: {},
    });
    expect([replaced.body.tenant_overrides, replaced.body.environment_overrides]).toEqual([
      { acme: true },
      {},
    ]);
  });

  it('by merge patch changes a part of a ramp', async () => {
    const ramp = {
      from: 1,
      to: 50,
      starts_at: '2098-01-01T00:00:00.000Z',
      ends_at: '2098-02-01T00:00:00.000Z',
    };
    const { id } = await aFlag(api, { ramp });
    expect((await api.patch(`${FLAGS}/${id}`, { ramp: { to: 75 } })).body.ramp).toEqual({ ...ramp, to: 75 });
    expect(mistakes(await api.put(`${FLAGS}/${id}`, { ramp: { to: 75 } }))).toHaveLength(3);
    expect((await api.patch(`${FLAGS}/${id}`, { ramp: null })).body.ramp).toBeNull();
  });

  it('lets only one of several simultaneous edits win', async () => {
    const { id } = await aFlag(api);
    const edit = (rollout_percentage: number) =>
      api.put(`${FLAGS}/${id}`, { rollout_percentage }, { headers: { 'If-Match': '"1"' } });
    const replies = await Promise.all([edit(10), edit(20), edit(30)]);
    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 412, 412]);
    const late = replies.find(({ status }) => status === 412);
    expect([late?.body.current_version, late?.headers.get('etag')]).toEqual([2, '"2"']);
  });

  it('answers 304 to who has the present state', async () => {
    const { id } = await aFlag(api);
    const headers = { 'If-None-Match': '"1"' };
    expect((await api.get(`${FLAGS}/${id}`, { headers })).status).toBe(304);
    await api.post(`${FLAGS}/${id}/disable`);
    expect((await api.get(`${FLAGS}/${id}`, { headers })).status).toBe(200);
  });
});

describe('deleting', () => {
  it('takes the flag away and keeps its history', async () => {
    const { id, name } = await aFlag(api);
    expect((await api.delete(`${FLAGS}/${id}`, { headers: { 'If-Match': '"9"' } })).status).toBe(412);
    expect((await api.delete(`${FLAGS}/${id}`)).status).toBe(204);
    expect(outcome(await api.get(`${FLAGS}/${id}`))).toEqual([404, 'flag_not_found']);
    expect(outcome(await api.delete(`${FLAGS}/${id}`))).toEqual([404, 'flag_not_found']);
    expect((await api.get(`${FLAGS}/${id}/versions`)).body.items).toHaveLength(2);
    await aFlag(api, { name });
  });
});
