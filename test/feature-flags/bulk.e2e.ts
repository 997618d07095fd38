import { TestApi } from '../api.js';
import { evaluate, FLAGS, aTenant, aFlag } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const bulk = (body: object) => api.post(`${FLAGS}/evaluate/bulk`, { context: {}, ...body });

it('evaluates what is named, and tells what is wrong with the rest', async () => {
  const [one, other] = [
    await aFlag(api, { default_value: 'a', rollout_value: 'b' }),
    await aFlag(api, { default_value: 1, rollout_value: 2, rollout_percentage: 50 }),
  ];
  const { status, body } = await bulk({ flags: [one.name, 'not-there', other.name, one.name, '__proto__'] });
  expect(status).toBe(200);
  expect(body.values).toEqual({ [one.name]: 'b', [other.name]: 1 });
  expect(Object.keys(body.details)).toEqual([one.name, other.name]);
  expect(body.details[one.name]).toEqual((await evaluate(api, one.name)).body);
  expect(body.details[other.name].error_code).toBe('TARGETING_KEY_MISSING');
  expect(Object.entries(body.errors)).toEqual([
    ['not-there', 'FLAG_NOT_FOUND'],
    [other.name, 'TARGETING_KEY_MISSING'],
    ['__proto__', 'FLAG_NOT_FOUND'],
  ]);
});

it('evaluates all flags that the tenant has when none is named, and none when the list is empty', async () => {
  const [tenant, other] = [aTenant(), aTenant()];
  const shared = await aFlag(api);
  const own = await aFlag(api, { tenant_id: tenant });
  const foreign = await aFlag(api, { tenant_id: other });
  const archived = await aFlag(api);
  await api.post(`${FLAGS}/${archived.id}/archive`);
  const { body } = await bulk({ tenant_id: tenant });
  expect([shared, own, foreign, archived].map(({ name }) => name in body.values)).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(Object.keys(body.values)).toEqual(Object.keys(body.details));
  const key = await api.key('evaluator', other);
  const theirs = (await api.post(`${FLAGS}/evaluate/bulk`, { context: {} }, { key })).body.values;
  expect([own.name in theirs, foreign.name in theirs]).toEqual([false, true]);
  expect((await bulk({ flags: [] })).body).toEqual({ values: {}, details: {}, errors: {} });
});

it('gives each flag what it gives alone', async () => {
  const flags = [];
  for (let count = 1; count <= 20; count += 1) {
    const name = `alone-${count}`; // By which the hash draws, so that both come up.
    flags.push(
      await aFlag(api, { name, rollout_percentage: 50, default_value: count, rollout_value: -count }),
    );
  }
  const rest = { context: { user_id: 'somebody' }, environment: 'production' };
  const { body } = await bulk({ flags: flags.map(({ name }) => name), ...rest });
  for (const { name } of flags) expect(body.details[name]).toEqual((await evaluate(api, name, rest)).body);
  const seen = new Set(Object.values(body.details).map(({ reason }: any) => reason));
  expect(seen).toEqual(new Set(['SPLIT', 'DEFAULT']));
});

it('refuses a body with all of its mistakes', async () => {
  const { status, body } = await api.post(`${FLAGS}/evaluate/bulk`, { flags: ['a', 7, ''], name: 'x' });
  expect(status).toBe(400);
  expect(body.errors.map(({ pointer, code }: any) => [pointer, code]).sort()).toEqual([
    ['/context', 'required'],
    ['/flags/1', 'type'],
    ['/flags/2', 'too_short'],
    ['/name', 'unknown_property'],
  ]);
});
