import { eventually, TestApi } from '../api.js';
import { aLayer, effective } from './live-made.js';
import { aService, aTenant, CONFIGURATIONS } from './made.js';

const ROUNDS = 60;

let here: TestApi;
let there: TestApi;

beforeAll(async () => {
  here = await TestApi.start();
  there = await TestApi.start({ beside: here });
});

afterAll(async () => {
  await there.stop();
  await here.stop();
});

const seenAt = async (api: TestApi, service: string, query = {}): Promise<any> => {
  const { status, body } = await effective(api, service, query);
  return status === 200 ? (body.values.app?.n ?? 'empty') : status;
};

const sees = (service: string, n: unknown, query = {}) =>
  eventually(
    () => seenAt(there, service, query),
    (seen) => seen === n,
  );

const set = (api: TestApi, id: string, n: number) => api.put(`${CONFIGURATIONS}/${id}`, { values: { n } });

it('what one replica makes, changes, turns off, turns on and deletes the other one soon serves', async () => {
  const service_id = aService();
  expect(await seenAt(there, service_id)).toBe(404);
  const { id } = await aLayer(here, { service_id, values: { n: 1 } });
  await sees(service_id, 1);
  await set(here, id, 2);
  await sees(service_id, 2);
  await here.post(`${CONFIGURATIONS}/${id}/deactivate`);
  await sees(service_id, 404);
  await here.post(`${CONFIGURATIONS}/${id}/activate`);
  await sees(service_id, 2);
  await here.post(`${CONFIGURATIONS}/${id}/rollback/1`);
  await sees(service_id, 1);
  await here.delete(`${CONFIGURATIONS}/${id}`);
  await sees(service_id, 404);
});

it('a tenant’s own layer comes over the shared one, whether or not the tenant was asked for before', async () => {
  const [asked, unasked] = [aTenant(), aTenant()];
  const service_id = aService();
  await aLayer(here, { service_id, values: { n: 1 } });
  await sees(service_id, 1, { tenant_id: asked });
  for (const tenant_id of [asked, unasked]) {
    const own = await aLayer(here, { service_id, tenant_id, values: { n: 2 } });
    await sees(service_id, 2, { tenant_id });
    await here.delete(`${CONFIGURATIONS}/${own.id}`);
    await sees(service_id, 1, { tenant_id });
  }
});

it('no replica ever goes back to what was before, and the tag is the same on both', async () => {
  const service_id = aService();
  const { id } = await aLayer(here, { service_id, values: { n: 0 } });
  await sees(service_id, 0);
  let isOver = false;
  const follow = async (api: TestApi): Promise<number[]> => {
    const seen: number[] = [];
    while (!isOver) seen.push(await seenAt(api, service_id));
    return seen;
  };
  const following = [here, there, there].map(follow);
  for (let n = 1; n <= ROUNDS; n += 1) await set(here, id, n);
  isOver = true;
  for (const seen of await Promise.all(following)) expect(seen).toEqual([...seen].sort((a, b) => a - b));
  await sees(service_id, ROUNDS);
  const [one, other] = [await effective(here, service_id), await effective(there, service_id)];
  expect(other.text).toBe(one.text);
});

it('writes on both at once end on both with the same', async () => {
  const service_id = aService();
  const layers = await Promise.all(
    ['base', 'production'].map((environment) =>
      aLayer(here, { service_id, environment, values: { [environment]: 0 } }),
    ),
  );
  const act = async (api: TestApi): Promise<void> => {
    for (let turn = 1; turn <= ROUNDS; turn += 1) {
      const { id, environment } = layers[turn % 2];
      await Promise.all([
        api.put(`${CONFIGURATIONS}/${id}`, { values: { [environment]: turn } }),
        effective(here, service_id),
        effective(there, service_id),
      ]);
    }
  };
  await Promise.all([act(here), act(there)]);
  const stored = await Promise.all(layers.map(({ id }) => here.get(`${CONFIGURATIONS}/${id}`)));
  const values = Object.assign({}, ...stored.map(({ body }) => body.values));
  for (const api of [here, there])
    await eventually(
      () => effective(api, service_id),
      ({ body }) => body.values.app.base === values.base && body.values.app.production === values.production,
    );
});

it('nothing is logged as an error', () => {
  for (const api of [here, there])
    expect(api.log.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
});
