import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { FlagUsage } from '../../libs/feature-flags/application/flag-usage.js';
import { TestApi } from '../api.js';
import { evaluate, FLAGS, aTenant, aFlag } from './made.js';

let api: TestApi;
let owner: pg.Pool;

beforeAll(async () => {
  api = await TestApi.start();
  owner = new pg.Pool({ connectionString: api.database.url });
});

afterAll(async () => {
  await owner.end();
  await api.stop();
});

async function usageOf(flag: { id: string }, query = ''): Promise<any> {
  await api.part(FlagUsage).flush();
  const { status, body } = await api.get(`${FLAGS}/${flag.id}/usage${query}`);
  expect(status).toBe(200);
  return body;
}

it('counts what callers got, by reason and variant, alone and in bulk', async () => {
  const flag = await aFlag(api, {
    default_value: 'none',
    variants: [
      { name: 'a', value: 'A', weight: 1 },
      { name: 'b', value: 'B', weight: 0 },
    ],
    environment_overrides: { staging: 'stage' },
  });
  expect(await usageOf(flag)).toMatchObject({ last_evaluated_at: null, total: 0, totals: [], hours: [] });
  const before = Date.now();
  for (let user = 0; user < 5; user += 1)
    await evaluate(api, flag.name, { context: { user_id: `user-${user}` } });
  await api.post(`${FLAGS}/evaluate/bulk`, { flags: [flag.name], context: { user_id: 'somebody' } });
  for (let time = 0; time < 2; time += 1) await evaluate(api, flag.name, { environment: 'staging' });
  await evaluate(api, flag.name);
  await api.post(`${FLAGS}/evaluate?explain=true`, { name: flag.name, context: {} }); // Is not a use.
  const usage = await usageOf(flag);
  expect([usage.total, usage.totals]).toEqual([
    9,
    [
      { reason: 'SPLIT', variant: 'a', count: 6 },
      { reason: 'TARGETING_MATCH', variant: null, count: 2 },
      { reason: 'ERROR', variant: null, count: 1 },
    ],
  ]);
  expect(usage.hours.reduce((sum: number, { count }: any) => sum + count, 0)).toBe(9);
  for (const { hour } of usage.hours) expect(hour).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00\.000Z$/);
  expect(Math.abs(Date.parse(usage.last_evaluated_at) - before)).toBeLessThan(60_000);
});

it('goes on counting through a change of the flag and of its name', async () => {
  const flag = await aFlag(api);
  await evaluate(api, flag.name);
  await api.put(`${FLAGS}/${flag.id}`, { name: `${flag.name}-renamed` });
  await evaluate(api, `${flag.name}-renamed`);
  expect((await usageOf(flag)).totals).toEqual([{ reason: 'STATIC', variant: null, count: 2 }]);
});

it('adds up what all replicas counted, whatever each of them wrote before', async () => {
  const flag = await aFlag(api);
  const there = await TestApi.start({ beside: api });
  try {
    for (const one of [api, there, there]) {
      expect((await evaluate(one, flag.name)).status).toBe(200);
      await one.part(FlagUsage).flush();
    }
    expect((await usageOf(flag)).totals).toEqual([{ reason: 'STATIC', variant: null, count: 3 }]);
  } finally {
    await there.stop();
  }
});

it('is written when the service stops', async () => {
  const there = await TestApi.start({ beside: api });
  const flag = await aFlag(there);
  await evaluate(there, flag.name);
  await there.stop();
  expect((await usageOf(flag)).total).toBe(1);
});

it('shows the hours of the window, and refuses one that is turned round or too long', async () => {
  const flag = await aFlag(api);
  await owner.query(
    `insert into feature_flags.evaluation_count (tenant, flag_id, hour, reason, variant, count, last_at)
     select '_shared', $1, hour, 'STATIC', '', 10, hour + interval '59 minutes'
     from generate_series(timestamptz '2026-05-01 00:00Z', timestamptz '2026-05-01 05:00Z', interval '1 hour') as hour`,
    [flag.id],
  );
  const { hours, total, last_evaluated_at } = await usageOf(
    flag,
    '?from=2026-05-01T01:00:00Z&until=2026-05-01T03:00:00Z',
  );
  expect([total, last_evaluated_at]).toEqual([20, '2026-05-01T05:59:00.000Z']);
  expect(hours.map(({ hour, count }: any) => [hour, count])).toEqual([
    ['2026-05-01T01:00:00.000Z', 10],
    ['2026-05-01T02:00:00.000Z', 10],
  ]);
  for (const query of [
    'from=2026-05-02T00:00:00Z&until=2026-05-01T00:00:00Z',
    'from=2026-01-01T00:00:00Z&until=2026-05-01T00:00:00Z',
    'from=yesterday',
  ])
    expect((await api.get(`${FLAGS}/${flag.id}/usage?${query}`)).status).toBe(400);
});

it('is shown to whoever owns the flag: of a shared one to no tenant', async () => {
  const tenant = aTenant();
  const [own, shared] = [await aFlag(api, { tenant_id: tenant }), await aFlag(api)];
  const [insider, outsider] = [await api.key('viewer', tenant), await api.key('viewer', aTenant())];
  await evaluate(api, own.name, { tenant_id: tenant });
  expect((await usageOf(own)).total).toBe(1);
  const ask = async (id: string, key: string) => {
    const { status, body } = await api.get(`${FLAGS}/${id}/usage`, { key });
    return status === 200 ? body.total : status;
  };
  expect(await ask(own.id, insider)).toBe(1);
  expect(await ask(own.id, outsider)).toBe(404);
  expect(await ask(shared.id, insider)).toBe(403);
  expect(await ask(randomUUID(), insider)).toBe(404);
});

it('is told to Prometheus by reason', async () => {
  const counted = async (): Promise<number> => {
    const { text } = await api.get('/metrics');
    return Number(/^metastore_flag_evaluations_total\{reason="DISABLED"\} (\d+)$/m.exec(text)?.[1] ?? 0);
  };
  const flag = await aFlag(api, { enabled: false });
  const before = await counted();
  for (let time = 0; time < 3; time += 1) await evaluate(api, flag.name);
  expect(await counted()).toBe(before + 3);
  await api.part(FlagUsage).flush();
  expect(await counted()).toBe(before + 3);
});
