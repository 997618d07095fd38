import { compileFlagSet } from '#flag-evaluator';
import { eventually, TestApi } from '../api.js';
import { evaluate, FLAGS, aTenant, SEGMENTS, aFlag } from './made.js';

const SNAPSHOT = `${FLAGS}/snapshot`;

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

/** As a client does it. */
const compiled = ({ shared, own }: any) => compileFlagSet(own, compileFlagSet(shared));

it('is evaluated locally to what the service answers', async () => {
  const tenant = aTenant();
  await api.post(SEGMENTS, {
    name: 'beta',
    conditions: [{ attribute: 'beta', operator: 'eq', value: true }],
  });
  const flags = [
    await aFlag(api, { rollout_percentage: 33.333 }),
    await aFlag(api, {
      default_value: 'none',
      variants: [
        { name: 'a', value: 'A', weight: 1 },
        { name: 'b', value: 'B', weight: 2 },
      ],
      tenant_overrides: { [aTenant()]: 'other' },
      environment_overrides: { staging: { rollout_percentage: 0 }, production: { rollout_percentage: 50 } },
    }),
    await aFlag(api, {
      targeting_rules: [{ id: 'r', priority: 1, conditions: [{ segment: 'beta' }], result: true }],
    }),
    await aFlag(api, { tenant_id: tenant, default_value: { own: [1, null] } }),
  ];
  for (const query of ['', '?environment=production', `?tenant_id=${tenant}&environment=staging`]) {
    const { status, body } = await api.get(`${SNAPSHOT}${query}`);
    expect([status, body.format]).toEqual([200, 'metastore-flags/1']);
    const set = compiled(body);
    for (let user = 0; user < 20; user += 1) {
      const context = { user_id: `user-${user}`, beta: user % 2 === 0 };
      for (const { name } of flags) {
        const at = { tenant: body.tenant_id, environment: body.environment };
        const local = set.evaluate(name, context, { ...at, now: Date.now() });
        const { body: remote } = await evaluate(api, name, {
          context,
          tenant_id: at.tenant,
          environment: at.environment,
        });
        expect([local?.value, local?.reason, local?.variant]).toEqual([
          remote.value,
          remote.reason,
          remote.variant,
        ]);
      }
    }
  }
});

it('holds a tenant’s own flags for it alone, no archived ones, and no overrides of others', async () => {
  const [tenant, other] = [aTenant(), aTenant()];
  const shared = await aFlag(api, {
    tenant_overrides: { [tenant]: true, [other]: false },
    environment_overrides: { staging: true, production: false },
  });
  const own = await aFlag(api, { tenant_id: tenant });
  const foreign = await aFlag(api, { tenant_id: other });
  const archived = await aFlag(api);
  await api.post(`${FLAGS}/${archived.id}/archive`);
  const key = await api.key('evaluator', tenant);
  const { body, text } = await api.get(`${SNAPSHOT}?environment=staging`, { key });
  expect([body.tenant_id, body.environment]).toEqual([tenant, 'staging']);
  expect(body.own.flags.map(({ name }: any) => name)).toEqual([own.name]);
  const { definition } = body.shared.flags.find(({ name }: any) => name === shared.name);
  expect([definition.tenantOverrides, definition.environmentOverrides]).toEqual([
    { [tenant]: true },
    { staging: { value: true } },
  ]);
  for (const hidden of [foreign.name, archived.name, other]) expect(text).not.toContain(hidden);
  expect((await api.get(SNAPSHOT)).text).not.toContain(own.name);
  const refused = await api.get(`${SNAPSHOT}?tenant_id=${other}`, { key });
  expect([refused.status, refused.body.code]).toEqual([403, 'tenant_forbidden']);
});

it('is not sent again to who has it, until something in it changes', async () => {
  const tenant = aTenant();
  const flag = await aFlag(api, { tenant_id: tenant });
  const path = `${SNAPSHOT}?tenant_id=${tenant}`;
  const tagOf = async () => (await api.get(path)).headers.get('etag') ?? '';
  const ask = async (etag: string) => (await api.get(path, { headers: { 'If-None-Match': etag } })).status;
  const first = await tagOf();
  expect([await ask(first), await ask('"other"'), await tagOf()]).toEqual([304, 200, first]);
  await api.post(`${FLAGS}/${flag.id}/disable`);
  expect(await ask(first)).toBe(200);
  const second = await tagOf();
  await aFlag(api); // A shared one.
  expect(await ask(second)).toBe(200);
  const third = await tagOf();
  await aFlag(api, { tenant_id: aTenant() });
  expect(await ask(third)).toBe(304);
  const tags = [first, second, third, (await api.get(SNAPSHOT)).headers.get('etag')];
  const production = await api.get(`${path}&environment=production`);
  expect(new Set([...tags, production.headers.get('etag')]).size).toBe(5);
});

it('has the same tag and the same bytes on every replica', async () => {
  const there = await TestApi.start({ beside: api });
  try {
    await aFlag(api, { default_value: { z: 1, a: [2] } });
    const here = await api.get(SNAPSHOT);
    const other = await eventually(
      () => there.get(SNAPSHOT),
      ({ headers }) => headers.get('etag') === here.headers.get('etag'),
    );
    expect(other.text).toBe(here.text);
  } finally {
    await there.stop();
  }
});

it('is for those who may evaluate every flag', async () => {
  for (const [role, expected] of [
    ['evaluator', 200],
    ['viewer', 403],
    ['client', 403],
  ] as const)
    expect((await api.get(SNAPSHOT, { key: await api.key(role, null) })).status).toBe(expected);
  expect((await api.get(`${SNAPSHOT}?environment=`)).status).toBe(400);
  expect((await api.get(`${SNAPSHOT}?other=1`)).status).toBe(400);
});
