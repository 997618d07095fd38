import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aFlag, aName, FLAGS, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

describe('creating', () => {
  it('answers 201 with Location, ETag and the flag with its defaults', async () => {
    const name = aName();
    const reply = await api.post(FLAGS, {
      name,
      enabled: true,
      default_value: false,
      rollout_percentage: 25,
    });
    expect(reply.status).toBe(201);
    expect(reply.headers.get('etag')).toBe('"1"');
    expect(reply.headers.get('location')).toBe(`${FLAGS}/${reply.body.id}`);
    expect(reply.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      tenant_id: null,
      version: 1,
      name,
      description: null,
      tags: [],
      owner: null,
      kind: 'release',
      client_visible: false,
      archived_at: null,
      type: 'boolean',
      enabled: true,
      default_value: false,
      rollout_value: true,
      rollout_percentage: 25,
      bucket_by: null,
      variants: [],
      salt: name,
      targeting_rules: [],
      tenant_overrides: {},
      environment_overrides: {},
      prerequisites: [],
      expires_at: null,
      schedule: [],
      ramp: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updated_at: reply.body.created_at,
      created_by: 'anonymous',
      updated_by: 'anonymous',
    });
    expect((await api.get(reply.headers.get('location') ?? '')).body).toEqual(reply.body);
    expect((await api.get(`${FLAGS}/name/${name}`)).body).toEqual(reply.body);
  });

  it('keeps everything that was said', async () => {
    const said = {
      description: 'The new checkout',
      tags: ['checkout', 'web'],
      owner: 'payments',
      kind: 'experiment',
      client_visible: true,
      type: 'string',
      enabled: false,
      default_value: 'old',
      rollout_value: 'new',
      rollout_percentage: 12.345,
      bucket_by: 'account.id',
      variants: [
        { name: 'blue', value: 'b', weight: 1 },
        { name: 'green', value: 'g', weight: 2.5 },
      ],
      tenant_overrides: { acme: 'mine' },
      environment_overrides: { staging: { enabled: false, rollout_percentage: 50 }, test: { value: 'x' } },
      expires_at: '2099-01-01T00:00:00.000Z',
      schedule: [{ at: '2098-01-01T00:00:00.000Z', set: { enabled: true, rollout_percentage: 1 } }],
      ramp: { from: 1, to: 100, starts_at: '2098-01-01T00:00:00.000Z', ends_at: '2098-02-01T00:00:00.000Z' },
    };
    const flag = await aFlag(api, { ...said, tags: [' Checkout', 'web', 'WEB'] });
    expect(flag).toMatchObject(said);
    expect(JSON.stringify(flag)).not.toContain('ranges');
  });

  it.each([
    [true, 'boolean', true],
    [false, 'boolean', true],
    ['a', 'string', 'a'],
    [0.5, 'number', 0.5],
    [{ a: [1, null] }, 'object', { a: [1, null] }],
    [[1, 2], 'object', [1, 2]],
  ])('derives the type and the rollout value of %j', async (value, type, rollout) => {
    const flag = await aFlag(api, { default_value: value });
    expect([flag.type, flag.default_value, flag.rollout_value]).toEqual([type, value, rollout]);
  });

  it('takes null as the default value, with a type', async () => {
    const refused = await api.post(FLAGS, { name: aName(), default_value: null });
    expect([refused.status, mistakes(refused)]).toEqual([400, ['/type required']]);
    const flag = await aFlag(api, { default_value: null, type: 'string', rollout_value: 'x' });
    expect([flag.default_value, flag.rollout_value]).toEqual([null, 'x']);
  });

  it('keeps the order of keys in a value', async () => {
    const value = { z: 1, a: { y: 2, b: 3 } };
    const { id } = await aFlag(api, { default_value: value });
    expect((await api.get(`${FLAGS}/${id}`)).text).toContain(`"default_value":${JSON.stringify(value)}`);
  });

  it('with rules alone serves nobody else', async () => {
    const rules = [{ attribute: 'country', operator: 'eq', value: 'US', result: true }];
    expect((await aFlag(api, { targeting_rules: rules })).rollout_percentage).toBe(0);
    for (const said of [{ rollout_percentage: 7 }, { rollout_percentage: 100 }])
      expect(await aFlag(api, { targeting_rules: rules, ...said })).toMatchObject(said);
    const rollout = await aFlag(api, { targeting_rules: rules, rollout_value: true });
    expect(rollout.rollout_percentage).toBe(100);
  });

  it('takes an id of the caller, and the same request again', async () => {
    const rules = [{ attribute: 'country', operator: 'eq', value: 'US', result: true }];
    const variants = [{ name: 'a', value: true, weight: 1 }];
    const flag = { id: randomUUID(), name: aName(), default_value: false, variants, targeting_rules: rules };
    const first = await api.post(FLAGS, flag);
    expect(first.status).toBe(201);
    const again = await api.post(FLAGS, flag);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(outcome(await api.post(FLAGS, { ...flag, default_value: true }))).toEqual([409, 'id_conflict']);
    expect(outcome(await api.post(FLAGS, { ...flag, name: aName() }))).toEqual([409, 'id_conflict']);
  });

  it('does not use an id again, also after a delete', async () => {
    const flag = { id: randomUUID(), name: aName(), default_value: false };
    await api.post(FLAGS, flag);
    await api.delete(`${FLAGS}/${flag.id}`);
    expect(outcome(await api.post(FLAGS, flag))).toEqual([409, 'id_conflict']);
  });

  it('refuses a name that is taken and tells by whom', async () => {
    const { id, name } = await aFlag(api);
    const reply = await api.post(FLAGS, { name, default_value: 1 });
    expect([...outcome(reply), reply.body.conflicting_id]).toEqual([409, 'flag_name_taken', id]);
    const retried = { headers: { 'Idempotency-Key': randomUUID() } };
    const again = await api.post(FLAGS, { name, default_value: 1 }, retried);
    expect([...outcome(again), again.body.conflicting_id]).toEqual([409, 'flag_name_taken', id]);
  });

  it('happens once with an Idempotency-Key', async () => {
    const sent = { headers: { 'Idempotency-Key': randomUUID() } };
    const body = { name: aName(), default_value: false };
    const [first, second] = [await api.post(FLAGS, body, sent), await api.post(FLAGS, body, sent)];
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
  });

  it('makes one flag of many requests for one name at once', async () => {
    const name = aName();
    const replies = await Promise.all(
      [1, 2, 3, 4, 5].map((value) => api.post(FLAGS, { name, default_value: value })),
    );
    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409, 409, 409, 409]);
  });
});
