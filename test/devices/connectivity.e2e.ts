import { eventually, TestApi } from '../api.js';
import { administer } from '../test-database.js';
import { actsOf, aDevice, DEVICES, historyOf, sow, statusOf } from './reporting.js';

let api: TestApi;
let beside: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
  beside = await TestApi.start({ beside: api });
});

afterAll(async () => {
  await beside.stop();
  await api.stop();
});

const heartbeat = (id: string, server = api) => server.post(`${DEVICES}/${id}/heartbeat`);

/** As if so long had passed: what is due and what was seen move back. */
const pass = (ids: readonly string[], seconds: number) =>
  administer(
    api.database.url,
    `update devices.live set last_seen_at = last_seen_at - interval '${seconds} s', due_at = due_at - interval '${seconds} s'
     where device_id = any ('{${ids.join(',')}}')`,
  );

const told = async (id: string): Promise<unknown[]> =>
  (await actsOf(api, id)).map(({ previous, connectivity }) => [previous, connectivity]);

const until = (id: string, count: number) =>
  eventually(
    () => told(id),
    (acts) => acts.length >= count,
  );

it('a heartbeat makes a device online, once, and makes no version and no other row', async () => {
  const id = await aDevice(api);
  const reply = await heartbeat(id);
  expect([reply.status, reply.text]).toEqual([204, '']);
  await heartbeat(id);
  expect(await statusOf(api, id)).toMatchObject({ value: null, connectivity: 'online' });
  expect(await told(id)).toEqual([['never', 'online']]);
  expect((await historyOf(api, id)).map(({ kind, document }) => [kind, document])).toEqual([
    ['connectivity', { connectivity: 'online', previous: 'never' }],
  ]);
  expect((await heartbeat('01937b2e-7c41-7000-8000-0000000000ff')).status).toBe(404);
});

it('silence is told once by two replicas, late and then offline, each of its instant; a heartbeat brings it back', async () => {
  const id = await aDevice(api, { heartbeat: 100 });
  await heartbeat(id);
  await pass([id], 250);
  expect((await statusOf(api, id)).connectivity).toBe('late');
  expect(await until(id, 2)).toEqual([
    ['never', 'online'],
    ['online', 'late'],
  ]);
  await pass([id], 200);
  await until(id, 3);
  await heartbeat(id, beside);
  expect(await told(id)).toEqual([
    ['never', 'online'],
    ['online', 'late'],
    ['late', 'offline'],
    ['offline', 'online'],
  ]);
  const rows = await historyOf(api, id, 'connectivity');
  expect(rows.map(({ actor }) => actor)).toEqual([
    'anonymous',
    'system:device-connectivity',
    'system:device-connectivity',
    'anonymous',
  ]);
});

it('what fell due while nothing ran is told in its order, with the instants at which it was so', async () => {
  const ids = await sow(
    api,
    Array.from({ length: 20 }, () => ({ heartbeat: 10 })),
  );
  await Promise.all(ids.map((id) => heartbeat(id)));
  await pass(ids, 1_000);
  for (const id of ids) {
    expect(await until(id, 3)).toEqual([
      ['never', 'online'],
      ['online', 'late'],
      ['late', 'offline'],
    ]);
    const { last_seen_at } = await statusOf(api, id);
    const [, late, offline] = await historyOf(api, id, 'connectivity');
    const after = (ms: number) => new Date(Date.parse(last_seen_at) + ms).toISOString();
    expect([late.observed_at, offline.observed_at]).toEqual([after(20_001), after(40_001)]);
  }
});

it('a device that goes on reporting is looked at, and nothing is told', async () => {
  const [quiet = '', alive = ''] = await sow(api, [{ heartbeat: 100 }, { heartbeat: 100 }]);
  await Promise.all([heartbeat(quiet), heartbeat(alive)]);
  const dueAt = async (): Promise<Date> =>
    (
      await administer<any>(api.database.url, `select due_at from devices.live where device_id = '${alive}'`)
    )[0].due_at;
  const before = await dueAt();
  await heartbeat(alive);
  expect(await dueAt()).toEqual(before);
  await pass([quiet, alive], 250);
  await api.post(`${DEVICES}/${alive}/status`, { value: 'on' });
  await until(quiet, 2);
  await eventually(dueAt, (due) => due.getTime() > Date.now());
  expect(
    (await told(alive)).filter(([, connectivity]: any) => connectivity !== undefined).length,
  ).toBeLessThan(4);
  expect((await statusOf(api, alive)).connectivity).toBe('online');
});

it('a shorter heartbeat makes a device late at once', async () => {
  const id = await aDevice(api, { heartbeat: 10_000 });
  await heartbeat(id);
  await pass([id], 100);
  await administer(api.database.url, `update devices.device set heartbeat_seconds = 30 where id = '${id}'`);
  expect((await until(id, 2))[1]).toEqual(['online', 'late']);
});
