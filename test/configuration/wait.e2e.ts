import { request } from 'node:http';
import { ahead, eventually, TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { aLayer, effective, inMs } from './live-made.js';
import { aService, aTenant, CONFIGURATIONS } from './made.js';

const MANY = 300;

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

const set = (id: string, n: number) => here.put(`${CONFIGURATIONS}/${id}`, { values: { n } });

const etagOf = async (api: TestApi, service: string, query = {}): Promise<string> =>
  (await effective(api, service, query)).headers.get('etag') ?? '';

const wait = (
  api: TestApi,
  service: string,
  known: string,
  { seconds = 55, query = {} } = {},
): Promise<Reply> =>
  effective(api, service, query, { headers: { 'If-None-Match': known, Prefer: `wait=${seconds}` } });

/** How many readers wait on this replica. */
async function waiting(api: TestApi): Promise<number> {
  const { text } = await api.get('/metrics');
  return Number(/^metastore_configuration_waiting (\d+)$/m.exec(text)?.[1]);
}

const untilWaiting = (api: TestApi, count: number) =>
  eventually(
    () => waiting(api),
    (now) => now === count,
  );

it('answers as soon as the document is another one, on every replica', async () => {
  const service_id = aService();
  const { id } = await aLayer(here, { service_id, values: { n: 1 } });
  for (const api of [here, there]) {
    await eventually(
      () => effective(api, service_id),
      ({ status }) => status === 200,
    );
    const known = await etagOf(api, service_id);
    const answer = wait(api, service_id, known);
    await untilWaiting(api, 1);
    const { body: changed } = await set(id, Date.now());
    const { status, headers, body } = await answer;
    expect([status, headers.get('preference-applied')]).toEqual([200, 'wait=55']);
    expect(body.values.app).toEqual(changed.values);
    expect(headers.get('etag')).not.toBe(known);
    await untilWaiting(api, 0);
    await eventually(
      () => effective(there, service_id),
      (reply) => reply.body.values.app.n === changed.values.n,
    );
  }
});

it('answers at once who has something else, or nothing, or does not want to wait', async () => {
  const service_id = aService();
  await aLayer(here, { service_id, values: { n: 1 } });
  const known = await etagOf(here, service_id);
  const other = await wait(here, service_id, '"another"');
  expect([other.status, other.headers.get('preference-applied')]).toEqual([200, 'wait=55']);
  const none = await effective(here, service_id, {}, { headers: { Prefer: 'wait=55' } });
  expect([none.status, none.headers.get('preference-applied')]).toEqual([200, 'wait=55']);
  const now = await wait(here, service_id, known, { seconds: 0 });
  expect([now.status, now.headers.get('preference-applied')]).toEqual([304, 'wait=0']);
  const silent = await effective(here, service_id, {}, { headers: { 'If-None-Match': known } });
  expect([silent.status, silent.headers.get('preference-applied')]).toEqual([304, null]);
});

it('does not take part in what is not answered from memory', async () => {
  const service_id = aService();
  await aLayer(here, { service_id, values: { n: 1 } });
  const known = (await effective(here, service_id, { explain: 'true' })).headers.get('etag') ?? '';
  const { status, headers } = await wait(here, service_id, known, { query: { explain: 'true' } });
  expect([status, headers.get('preference-applied')]).toEqual([304, null]);
});

it('says that nothing changed when the time is over', async () => {
  const service_id = aService();
  await aLayer(here, { service_id, values: { n: 1 } });
  const known = await etagOf(here, service_id);
  const { status, headers, text } = await wait(here, service_id, known, { seconds: 1 });
  expect([status, headers.get('preference-applied'), headers.get('etag'), text]).toEqual([
    304,
    'wait=1',
    known,
    '',
  ]);
});

it.each([
  ['opens', 'effective_from', [1, 2]],
  ['closes', 'effective_until', [2, 1]],
])('answers when a window %s', async (_, boundary, [before, after]) => {
  const { service_id, known } = await ahead(
    500,
    async (lead) => {
      const service_id = aService();
      await aLayer(here, { service_id, values: { n: 1 } });
      await aLayer(here, { service_id, values: { n: 2 }, [boundary]: inMs(lead) });
      return { service_id, known: await effective(here, service_id) };
    },
    ({ known: { body } }) => body.values.app.n === before,
  );
  const { status, body } = await wait(here, service_id, known.headers.get('etag') ?? '');
  expect([status, body.values.app.n, body.valid_until]).toEqual([200, after, null]);
});

it('goes on waiting while others’ documents change, and documents of other services', async () => {
  const [service_id, mine, other] = [aService(), aTenant(), aTenant()];
  await aLayer(here, { service_id, values: { n: 1 } });
  const own = await aLayer(here, { service_id, tenant_id: mine, values: { m: 1 } });
  const known = await etagOf(here, service_id, { tenant_id: mine });
  let isAnswered = false;
  const answer = wait(here, service_id, known, { query: { tenant_id: mine } }).finally(
    () => (isAnswered = true),
  );
  await untilWaiting(here, 1);
  await aLayer(here, { service_id, tenant_id: other, values: { m: 2 } });
  await aLayer(here, { service_id, environment: 'staging', values: { n: 2 } });
  await aLayer(here, { service_id: aService(), values: { n: 2 } });
  await here.put(`${CONFIGURATIONS}/${own.id}`, { values: { m: 1 } }); // Nothing changes.
  expect([isAnswered, await waiting(here)]).toEqual([false, 1]);
  await here.put(`${CONFIGURATIONS}/${own.id}`, { values: { m: 3 } });
  expect((await answer).body.values.app).toEqual({ n: 1, m: 3 });
});

it('says when the configuration is gone', async () => {
  const service_id = aService();
  const { id } = await aLayer(here, { service_id, values: { n: 1 } });
  const answer = wait(here, service_id, await etagOf(here, service_id));
  await untilWaiting(here, 1);
  await here.delete(`${CONFIGURATIONS}/${id}`);
  const { status, body } = await answer;
  expect([status, body.code]).toEqual([404, 'service_not_configured']);
  await untilWaiting(here, 0);
});

it('frees everything when clients leave', async () => {
  const service_id = aService();
  await aLayer(here, { service_id, values: { n: 1 } });
  const known = await etagOf(here, service_id);
  const url = `${here.url}${CONFIGURATIONS}/effective/${service_id}?environment=production`;
  const headers = { 'If-None-Match': known, Prefer: 'wait=55' };
  const sent = Array.from({ length: 20 }, () => {
    const one = request(url, { headers, agent: false });
    one.on('error', () => undefined);
    one.end();
    return one;
  });
  await untilWaiting(here, sent.length);
  for (const one of sent) one.destroy();
  await untilWaiting(here, 0);
});

it('answers many with one change', async () => {
  const service_id = aService();
  const { id } = await aLayer(here, { service_id, values: { n: 1 } });
  const known = await etagOf(here, service_id);
  const answers = Array.from({ length: MANY }, (_, index) =>
    wait(here, service_id, known, { seconds: 30 + (index % 26) }),
  );
  await untilWaiting(here, MANY);
  await set(id, 2);
  const texts = new Set((await Promise.all(answers)).map(({ status, text }) => `${status} ${text}`));
  expect([...texts].map((text) => text.slice(0, 3))).toEqual(['200']);
});

it('misses no change between one answer and the next', async () => {
  const service_id = aService();
  const { id } = await aLayer(here, { service_id, values: { n: 0 } });
  await eventually(
    () => effective(there, service_id),
    ({ status }) => status === 200,
  );
  const follow = async (api: TestApi): Promise<number[]> => {
    const seen = [0];
    let known = await etagOf(api, service_id);
    while (seen.at(-1) !== MANY) {
      const { status, headers, body } = await wait(api, service_id, known);
      expect(status).toBe(200);
      known = headers.get('etag') ?? '';
      seen.push(body.values.app.n);
    }
    return seen;
  };
  const following = [follow(here), follow(there)];
  for (let n = 1; n <= MANY; n += 1) await set(id, n);
  for (const seen of await Promise.all(following)) expect(seen).toEqual([...seen].sort((a, b) => a - b));
});

it('answers those who wait when the service stops', async () => {
  const leaving = await TestApi.start({ beside: here });
  const service_id = aService();
  await aLayer(here, { service_id, values: { n: 1 } });
  const answer = wait(leaving, service_id, await etagOf(leaving, service_id));
  await untilWaiting(leaving, 1);
  await Promise.all([
    leaving.stop(),
    answer.then(({ status, headers }) =>
      expect([status, headers.get('preference-applied')]).toEqual([304, 'wait=55']),
    ),
  ]);
  expect(leaving.log.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
});

it('logs no error', () => {
  for (const api of [here, there])
    expect(api.log.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
});
