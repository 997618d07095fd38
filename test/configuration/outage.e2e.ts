import { ahead, eventually, TestApi } from '../api.js';
import type { Line } from '../platform/line.js';
import { isStale, ServiceOnALine } from '../platform/service-on-a-line.js';
import type { Answer } from '../platform/service-on-a-line.js';
import { aLayer, inMs } from './live-made.js';
import { aService, aTenant, CONFIGURATIONS } from './made.js';

let api: TestApi;
let far: ServiceOnALine;
let line: Line;

beforeAll(async () => {
  api = await TestApi.start();
  far = await ServiceOnALine.start(api);
  ({ line } = far);
});

afterAll(async () => {
  await far.stop();
  await api.stop();
});

function ask(name: string, query: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
  const text = new URLSearchParams({ environment: 'production', ...query }).toString();
  return far.ask('GET', `${CONFIGURATIONS}/effective/${name}?${text}`, { headers });
}

const known = (name: string, query: object = {}): Promise<Answer> =>
  eventually(
    () => ask(name, query),
    ({ status }) => status === 200,
  );

it('goes on with what it knows while the database is away, says so, and then catches up', async () => {
  const [service_id, cold, tenant_id] = [aService(), aService(), aTenant()];
  const { id } = await aLayer(api, { service_id, values: { n: 'before' } });
  const own = await aLayer(api, { service_id, tenant_id, values: { m: 'own' } });
  await aLayer(api, { service_id: cold, values: { n: 'never asked for' } });
  const { headers } = await known(service_id);
  await known(service_id, { tenant_id });

  line.cut();
  const stale = await eventually(() => ask(service_id), isStale);
  expect([stale.status, stale.body.values.app]).toEqual([200, { n: 'before' }]);
  expect(stale.headers.get('etag')).toBe(headers.get('etag'));
  const others = [
    await ask(service_id, { tenant_id }),
    await ask(service_id, { environment: 'staging' }),
    await ask(service_id, { name: 'app' }),
  ];
  expect(others.map((answer) => [answer.status, isStale(answer)])).toEqual(others.map(() => [200, true]));
  const same = await ask(service_id, {}, { 'If-None-Match': headers.get('etag') ?? '' });
  expect([same.status, isStale(same)]).toEqual([304, true]);
  // What was never in memory cannot be told, and a tenant's layers are not left out.
  for (const answer of [
    await ask(cold),
    await ask(service_id, { tenant_id: aTenant() }),
    await ask(service_id, { at: inMs(-1) }),
    await ask(service_id, { explain: 'true' }),
  ])
    expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([
      503,
      'database_unavailable',
      '1',
    ]);

  // Meanwhile another replica, which reaches the database, goes on; and somebody waits here.
  const waiting = ask(service_id, {}, { 'If-None-Match': headers.get('etag') ?? '', Prefer: 'wait=55' });
  await api.put(`${CONFIGURATIONS}/${id}`, { values: { n: 'meanwhile' } });
  await api.put(`${CONFIGURATIONS}/${own.id}`, { values: { m: 'meanwhile' } });
  expect((await ask(service_id)).body.values.app).toEqual({ n: 'before' });

  line.mend();
  expect((await waiting).body.values.app).toEqual({ n: 'meanwhile' });
  await eventually(
    () => ask(service_id, { tenant_id }),
    (answer) => answer.body.values.app.m === 'meanwhile' && !isStale(answer),
  );
  expect((await known(cold)).body.values.app).toEqual({ n: 'never asked for' });
});

it.each([
  ['opens', 'effective_from', [1, 2]],
  ['closes', 'effective_until', [2, 1]],
])('%s a window by itself while the database is away', async (_, boundary, [before, after]) => {
  const name = await ahead(
    1_000,
    async (lead) => {
      const service_id = aService();
      const window = inMs(lead);
      await aLayer(api, { service_id, values: { n: 1 } });
      await aLayer(api, { service_id, values: { n: 2 }, [boundary]: window });
      const seen = await eventually(
        () => ask(service_id),
        ({ body }) => body.valid_until === window || inMs(0) > window,
      );
      line.cut();
      if (seen.body.values?.app.n === before && inMs(0) < window) return service_id;
      line.mend();
      return null;
    },
    (made) => made !== null,
  );
  await eventually(
    () => ask(name ?? ''),
    (answer) => answer.body.values.app.n === after,
  );
  line.mend();
  await eventually(
    () => ask(name ?? ''),
    (answer) => !isStale(answer),
  );
});
