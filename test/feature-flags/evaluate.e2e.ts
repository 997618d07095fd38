import { Database } from '#platform/database';
import { eventually, TestApi } from '../api.js';
import { evaluate, FLAGS, aName, aTenant, SEGMENTS, aFlag } from './made.js';

let api: TestApi;
let closed: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
  closed = await TestApi.start({ beside: api, env: { APP_ENV: 'production' } });
});

afterAll(async () => {
  await closed.stop();
  await api.stop();
});

it('creates and evaluates the flag of the documentation', async () => {
  const created = await api.post(FLAGS, {
    name: 'new-checkout-flow',
    enabled: true,
    default_value: false,
    rollout_percentage: 25,
  });
  expect([created.status, created.body.rollout_percentage]).toEqual([201, 25]);
  const { status, headers, body } = await api.post(`${FLAGS}/evaluate`, {
    name: 'new-checkout-flow',
    context: { user_id: 'user-123', country: 'US' },
    tenant_id: 'premium-tenant',
    environment: 'production',
  });
  // new-checkout-flow:gate:user-123 falls into the bucket 50,445 of 100,000, above the threshold of 25,000.
  expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  expect(body).toEqual({
    name: 'new-checkout-flow',
    value: false,
    enabled: true,
    reason: 'DEFAULT',
    variant: null,
    rule_id: null,
    version: 1,
    error_code: null,
  });
});

describe('an evaluation', () => {
  it('gives what the first thing in the published order decides', async () => {
    await api.post(SEGMENTS, { name: 'staff', include: ['boss'], conditions: [] });
    const flag = await aFlag(api, {
      default_value: 'none',
      targeting_rules: [
        {
          id: 'by-country',
          priority: 1,
          attribute: 'country',
          operator: 'in',
          value: 'US,CA',
          result: 'rule',
        },
        { id: 'by-segment', priority: 2, conditions: [{ segment: 'staff' }], result: 'staff' },
      ],
      tenant_overrides: { acme: 'tenant' },
      environment_overrides: { staging: 'environment' },
    });
    const ask = async (rest: object) => {
      const { body } = await evaluate(api, flag.name, rest);
      return [body.value, body.reason, body.rule_id];
    };
    const context = { country: 'US' };
    expect(await ask({ context, tenant_id: 'acme', environment: 'staging' })).toEqual([
      'tenant',
      'TARGETING_MATCH',
      null,
    ]);
    expect(await ask({ context, environment: 'staging' })).toEqual(['environment', 'TARGETING_MATCH', null]);
    expect(await ask({ context, environment: null, tenant_id: null })).toEqual([
      'rule',
      'TARGETING_MATCH',
      'by-country',
    ]);
    expect(await ask({ context: { user_id: 'boss' } })).toEqual(['staff', 'TARGETING_MATCH', 'by-segment']);
    expect(await ask({ context: { country: 'DE' } })).toEqual(['none', 'DEFAULT', null]);
    await api.post(`${FLAGS}/${flag.id}/disable`);
    const { body } = await evaluate(api, flag.name, { context, tenant_id: 'acme' });
    expect([body.value, body.reason, body.enabled, body.version]).toEqual(['none', 'DISABLED', false, 2]);
  });

  it('never makes up a key: without one it serves the default and says so', async () => {
    const flag = await aFlag(api, { rollout_percentage: 50 });
    const { status, body } = await evaluate(api, flag.name);
    expect([status, body.value, body.reason, body.error_code]).toEqual([
      200,
      false,
      'ERROR',
      'TARGETING_KEY_MISSING',
    ]);
  });

  it('tells of an expiry and of a prerequisite that is not as it has to be', async () => {
    const before = await aFlag(api, { default_value: 'off' });
    const after = await aFlag(api, { prerequisites: [{ flag: before.name, equals: 'on' }] });
    const failed = (await evaluate(api, after.name)).body;
    expect([failed.value, failed.metadata]).toEqual([false, { prerequisite_failed: before.name }]);
    const over = await aFlag(api, { expires_at: '2020-01-01T00:00:00.000Z' });
    const expired = (await evaluate(api, over.name)).body;
    expect([expired.reason, expired.enabled, expired.metadata]).toEqual([
      'DISABLED',
      false,
      { expired: true },
    ]);
  });

  it('is 404 for a flag that is not there, not any more, or archived', async () => {
    const flag = await aFlag(api);
    await api.post(`${FLAGS}/${flag.id}/archive`);
    for (const name of [aName(), flag.name, '__proto__', 'constructor']) {
      const { status, body } = await evaluate(api, name);
      expect([name, status, body.code]).toEqual([name, 404, 'flag_not_found']);
    }
    await api.post(`${FLAGS}/${flag.id}/restore`);
    expect((await evaluate(api, flag.name)).body.value).toBe(true);
    await api.delete(`${FLAGS}/${flag.id}`);
    expect((await evaluate(api, flag.name)).status).toBe(404);
  });

  it('looks into no database, also the first time that somebody asks for a tenant without flags', async () => {
    const flag = await aFlag(api);
    const [read, run] = [jest.spyOn(api.part(Database), 'read'), jest.spyOn(api.part(Database), 'run')];
    for (const tenant_id of [null, aTenant(), aTenant()])
      expect((await evaluate(api, flag.name, { tenant_id })).body.value).toBe(true);
    const names = read.mock.calls.map(([{ name }]) => name);
    const written = run.mock.calls.length;
    read.mockRestore();
    run.mockRestore();
    expect(names.filter((name) => name?.startsWith('live_flags'))).toEqual([]);
    expect(written).toBe(0);
  });
});

describe('a tenant', () => {
  it('gets its own flag instead of the shared one, and nobody else does', async () => {
    const [tenant, other] = [aTenant(), aTenant()];
    const shared = await aFlag(api, { default_value: 'shared' });
    await aFlag(api, { name: shared.name, default_value: 'own', tenant_id: tenant });
    const ask = async (tenant_id: string | null) =>
      (await evaluate(api, shared.name, { tenant_id })).body.value;
    expect([await ask(tenant), await ask(other), await ask(null)]).toEqual(['own', 'shared', 'shared']);
  });

  it('is the one of its credential, and no other', async () => {
    const [tenant, other] = [aTenant(), aTenant()];
    const key = await api.key('evaluator', tenant);
    const flag = await aFlag(api, { default_value: 'none', tenant_overrides: { [tenant]: 'own' } });
    const ask = (rest: object) => evaluate(api, flag.name, rest, { key });
    expect((await ask({})).body.value).toBe('own');
    expect((await ask({ tenant_id: tenant })).body.value).toBe('own');
    for (const path of ['evaluate', 'evaluate/bulk']) {
      const body = { ...(path === 'evaluate' && { name: flag.name }), context: {}, tenant_id: other };
      const refused = await api.post(`${FLAGS}/${path}`, body, { key });
      expect([path, refused.status, refused.body.code]).toEqual([path, 403, 'tenant_forbidden']);
    }
  });

  it('learns nothing of the flags that another one has of its own', async () => {
    const flag = await aFlag(api, { tenant_id: aTenant() });
    const key = await api.key('evaluator', aTenant());
    expect((await evaluate(api, flag.name, {}, { key })).status).toBe(404);
    expect((await evaluate(api, flag.name)).status).toBe(404);
  });

  it.each([
    ['evaluator', 200],
    ['editor', 200],
    ['viewer', 403],
    ['client', 403],
    ['device', 403],
  ] as const)('evaluates with the role %s: %i', async (role, expected) => {
    const flag = await aFlag(api);
    const key = await api.key(role, null);
    // The other replica hears of the flag a moment later.
    const reply = await eventually(
      () => evaluate(closed, flag.name, {}, { key }),
      ({ status }) => status !== 404,
    );
    expect(reply.status).toBe(expected);
  });

  it('needs a credential where the service is not for development', async () => {
    expect((await evaluate(closed, 'any')).status).toBe(401);
  });
});

describe('a body', () => {
  const refused = async (body: unknown, query = '') => {
    const reply = await api.post(`${FLAGS}/evaluate${query}`, body);
    return [
      reply.status,
      reply.body.code,
      (reply.body.errors ?? []).map(({ pointer, code }: any) => [pointer, code]),
    ];
  };

  it('is refused with all of its mistakes, each with its place', async () => {
    expect(await refused({ name: 7, context: [], environment: 1, extra: true })).toEqual([
      400,
      'invalid_input',
      expect.arrayContaining([
        ['/extra', 'unknown_property'],
        ['/name', 'type'],
        ['/context', 'type'],
        ['/environment', 'type'],
      ]),
    ]);
    expect(await refused({})).toEqual([
      400,
      'invalid_input',
      [
        ['/name', 'required'],
        ['/context', 'required'],
      ],
    ]);
    expect(await refused({ name: '', context: {} })).toEqual([
      400,
      'invalid_input',
      [['/name', 'too_short']],
    ]);
    expect(await refused({ name: 'a', context: {}, tenant_id: 'NOT A SLUG' })).toEqual([
      400,
      'invalid_input',
      [['/tenant_id', 'pattern']],
    ]);
    expect(await refused({ name: 'a', context: {} }, '?explain=yes')).toEqual([
      400,
      'invalid_input',
      [['/explain', 'choice']],
    ]);
    expect((await refused(undefined))[0]).toBe(400);
  });

  it.each(['__proto__', 'constructor'])('is refused when a key of the context is %s', async (key) => {
    const { status, body } = await api.post(
      `${FLAGS}/evaluate`,
      `{"name": "a", "context": {"a": {"${key}": {}}}}`,
      {
        headers: { 'Content-Type': 'application/json' },
      },
    );
    expect([status, body.errors[0]]).toMatchObject([
      400,
      { pointer: `/context/a/${key}`, code: 'forbidden_key' },
    ]);
  });

  it('is refused when it is too large, or too deep', async () => {
    const large = await api.post(`${FLAGS}/evaluate`, {
      name: 'a',
      context: { text: 'x'.repeat(1_100_000) },
    });
    expect([large.status, large.body.code]).toEqual([413, 'body_too_large']);
    const deep = `{"name":"a","context":${'{"a":'.repeat(100)}1${'}'.repeat(100)}}`;
    const reply = await api.post(`${FLAGS}/evaluate`, deep, {
      headers: { 'Content-Type': 'application/json' },
    });
    expect(reply.status).toBe(400);
  });

  it('may hold a megabyte and anything that JSON can say', async () => {
    const flag = await aFlag(api, {
      targeting_rules: [{ id: 'r', attribute: 'list', operator: 'eq', value: 'needle', result: true }],
    });
    const context = {
      list: ['a', { b: [1, null, true] }, 'needle'],
      text: 'ü😀'.repeat(100_000),
      toString: 'own',
      '': { '': '' },
    };
    const { status, body } = await evaluate(api, flag.name, { context });
    expect([status, body.rule_id]).toEqual([200, 'r']);
  });
});
