import pg from 'pg';
import { eventually, TestApi } from '../api.js';
import { evaluate, FLAGS, aName, aTenant, SEGMENTS, aFlag } from './made.js';

const ROUNDS = 100;

let here: TestApi;
let there: TestApi;
let owner: pg.Pool;

beforeAll(async () => {
  here = await TestApi.start();
  there = await TestApi.start({ beside: here });
  owner = new pg.Pool({ connectionString: here.database.url });
});

afterAll(async () => {
  await owner.end();
  await there.stop();
  await here.stop();
});

const valueAt = async (one: TestApi, name: string, tenant_id: string | null = null): Promise<any> => {
  const { status, body } = await evaluate(one, name, { tenant_id });
  return status === 200 ? body.value : status;
};

const sees = (name: string, value: unknown, tenant_id: string | null = null) =>
  eventually(
    () => valueAt(there, name, tenant_id),
    (seen) => seen === value,
  );

const set = (one: TestApi, id: string, value: unknown) =>
  one.put(`${FLAGS}/${id}`, { default_value: value, rollout_value: value });

it('what one replica creates, changes, renames, archives and deletes the other one soon evaluates', async () => {
  const flag = await aFlag(here, { default_value: 'first' });
  const path = `${FLAGS}/${flag.id}`;
  await sees(flag.name, 'first');
  await set(here, flag.id, 'second');
  await sees(flag.name, 'second');
  await here.put(path, { name: `${flag.name}-new` });
  await sees(`${flag.name}-new`, 'second');
  expect(await valueAt(there, flag.name)).toBe(404);
  await here.post(`${path}/archive`);
  await sees(`${flag.name}-new`, 404);
  await here.post(`${path}/restore`);
  await sees(`${flag.name}-new`, 'second');
  await here.delete(path);
  await sees(`${flag.name}-new`, 404);
});

it('segments, too', async () => {
  const name = aName();
  const { body: segment } = await here.post(SEGMENTS, { name, include: ['alice'], conditions: [] });
  const flag = await aFlag(here, {
    targeting_rules: [{ id: 'r', priority: 1, conditions: [{ segment: name }], result: true }],
  });
  const ask = async () => (await evaluate(there, flag.name, { context: { user_id: 'alice' } })).body.value;
  await eventually(ask, (value) => value === true);
  await here.put(`${SEGMENTS}/${segment.id}`, { include: [] });
  await eventually(ask, (value) => value === false);
});

it('a tenant’s own flag comes over the shared one, whether or not the tenant was asked for before', async () => {
  const [asked, unasked] = [aTenant(), aTenant()];
  const shared = await aFlag(here, { default_value: 'shared' });
  await sees(shared.name, 'shared', asked);
  for (const tenant of [asked, unasked]) {
    const own = await aFlag(here, { name: shared.name, tenant_id: tenant, default_value: 'own' });
    await sees(shared.name, 'own', tenant);
    await set(here, own.id, 'changed');
    await sees(shared.name, 'changed', tenant);
    await here.delete(`${FLAGS}/${own.id}`);
    await sees(shared.name, 'shared', tenant);
  }
});

it('no replica ever goes back to what was before', async () => {
  const tenant = aTenant();
  for (const tenant_id of [null, tenant]) {
    const flag = await aFlag(here, { tenant_id, default_value: 0 });
    await sees(flag.name, 0, tenant_id);
    let isOver = false;
    const follow = async (one: TestApi): Promise<number[]> => {
      const seen: number[] = [];
      while (!isOver) seen.push(await valueAt(one, flag.name, tenant_id));
      return seen;
    };
    const following = [here, there, there].map(follow);
    for (let value = 1; value <= ROUNDS; value += 1) await set(here, flag.id, value);
    isOver = true;
    for (const seen of await Promise.all(following)) {
      expect(seen.length).toBeGreaterThan(0);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
    }
  }
});

it('writes on both at once end on both with what the database holds', async () => {
  const tenant = aTenant();
  const flags = await Promise.all(
    [null, null, tenant, tenant].map((tenant_id) => aFlag(here, { tenant_id, default_value: 0 })),
  );
  const act = (one: TestApi) => async () => {
    for (let turn = 1; turn <= ROUNDS; turn += 1) {
      const { id, name, tenant_id } = flags[turn % flags.length];
      await Promise.all([
        set(one, id, turn),
        valueAt(here, name, tenant_id),
        valueAt(there, name, tenant_id),
      ]);
    }
  };
  await Promise.all([act(here)(), act(there)()]);
  const { rows } = await owner.query<{ name: string; definition: any }>(
    'select name, definition from feature_flags.flag where id = any ($1)',
    [flags.map(({ id }) => id)],
  );
  expect(rows).toHaveLength(flags.length);
  for (const { name, definition } of rows)
    for (const one of [here, there])
      await eventually(
        () => valueAt(one, name, tenant),
        (value) => value === definition.rolloutValue,
      );
});

it('nothing is logged as an error, and both are well', async () => {
  for (const one of [here, there]) {
    expect(one.log.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
    expect((await one.get('/health')).body.status).toBe('ok');
  }
});
