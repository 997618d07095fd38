import pg from 'pg';
import { LiveFlagSets } from '../../libs/feature-flags/application/live-flag-sets.js';
import type { FlagSetSwap } from '../../libs/feature-flags/application/live-flag-sets.js';
import { ChangeBus } from '#platform/change-log';
import { Database } from '#platform/database';
import { TestApi } from '../api.js';
import { evaluate, FLAGS, aName, aTenant, SEGMENTS, aFlag } from './made.js';

const ROUNDS = 50;
const READERS = 100;

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const valueOf = async (name: string, tenant_id: string | null = null): Promise<unknown> => {
  const { status, body } = await evaluate(api, name, { tenant_id });
  return status === 200 ? body.value : status;
};

it.each([
  ['a shared flag', null],
  ['a tenant’s own flag', aTenant()],
])('after an acknowledged write of %s nobody gets what was before it', async (_, tenant) => {
  const flag = await aFlag(api, { tenant_id: tenant, default_value: 0 });
  let isOver = false;
  const crowd = Array.from({ length: 4 }, async () => {
    while (!isOver) await valueOf(flag.name, tenant);
  });
  try {
    for (let value = 1; value <= ROUNDS; value += 1) {
      const { status } = await api.put(`${FLAGS}/${flag.id}`, { default_value: value, rollout_value: value });
      expect([status, await valueOf(flag.name, tenant)]).toEqual([200, value]);
    }
  } finally {
    isOver = true;
    await Promise.all(crowd);
  }
});

it('has the change before anybody is told of it, the caller included', async () => {
  const flag = await aFlag(api, { default_value: 'before' });
  const sets = api.part(LiveFlagSets);
  const seen: unknown[] = [];
  const stop = api.part(ChangeBus).listen(['feature_flags.flag'], (changes) => {
    const at = { tenant: null, environment: null, now: Date.now() };
    if (changes.some(({ subject }) => subject === flag.name))
      seen.push(sets.of(null)?.evaluate(flag.name, {}, at)?.value);
  });
  await api.put(`${FLAGS}/${flag.id}`, { default_value: 'after', rollout_value: 'after' });
  await api.delete(`${FLAGS}/${flag.id}`);
  stop();
  expect(seen).toEqual(['after', undefined]);
});

it('follows every kind of change', async () => {
  const flag = await aFlag(api, { default_value: 'first' });
  const path = `${FLAGS}/${flag.id}`;
  expect(await valueOf(flag.name)).toBe('first');
  await api.put(path, { default_value: 'second', rollout_value: 'second' });
  expect(await valueOf(flag.name)).toBe('second');
  await api.put(path, { name: `${flag.name}-new` });
  expect([await valueOf(flag.name), await valueOf(`${flag.name}-new`)]).toEqual([404, 'second']);
  await api.post(`${path}/archive`);
  expect(await valueOf(`${flag.name}-new`)).toBe(404);
  await api.post(`${path}/restore`);
  await api.post(`${path}/rollback/1`);
  expect(await valueOf(`${flag.name}-new`)).toBe('first');
  await api.delete(path);
  expect(await valueOf(`${flag.name}-new`)).toBe(404);
  await aFlag(api, { name: `${flag.name}-new`, default_value: 'another' });
  expect(await valueOf(`${flag.name}-new`)).toBe('another');
});

it('follows a segment, in the flags that refer to it', async () => {
  const name = aName();
  const { body: segment } = await api.post(SEGMENTS, { name, include: ['alice'], conditions: [] });
  const flag = await aFlag(api, {
    targeting_rules: [{ id: 'r', priority: 1, conditions: [{ segment: name }], result: true }],
  });
  const ask = async (user_id: string) =>
    (await evaluate(api, flag.name, { context: { user_id } })).body.value;
  expect([await ask('alice'), await ask('bob')]).toEqual([true, false]);
  await api.put(`${SEGMENTS}/${segment.id}`, { include: ['bob'] });
  expect([await ask('alice'), await ask('bob')]).toEqual([false, true]);
});

it('puts a tenant’s own flag over the shared one as soon as it is there, and takes it away again', async () => {
  const tenant = aTenant();
  const shared = await aFlag(api, { default_value: 'shared' });
  expect(await valueOf(shared.name, tenant)).toBe('shared');
  const own = await aFlag(api, { name: shared.name, tenant_id: tenant, default_value: 'own' });
  expect([await valueOf(shared.name, tenant), await valueOf(shared.name)]).toEqual(['own', 'shared']);
  await api.put(`${FLAGS}/${shared.id}`, { default_value: 'changed', rollout_value: 'changed' });
  expect([await valueOf(shared.name, tenant), await valueOf(shared.name)]).toEqual(['own', 'changed']);
  await api.post(`${FLAGS}/${own.id}/archive`);
  expect(await valueOf(shared.name, tenant)).toBe('changed');
  await api.post(`${FLAGS}/${own.id}/restore`);
  expect(await valueOf(shared.name, tenant)).toBe('own');
  await api.delete(`${FLAGS}/${own.id}`);
  expect(await valueOf(shared.name, tenant)).toBe('changed');
});

it('changes nothing when the write is rolled back', async () => {
  const flag = await aFlag(api, { default_value: 'before' });
  const refused = await api.put(`${FLAGS}/${flag.id}`, { default_value: 7 });
  expect(refused.status).toBe(400);
  const stale = await api.put(
    `${FLAGS}/${flag.id}`,
    { default_value: 'after', rollout_value: 'after' },
    { headers: { 'If-Match': '"9"' } },
  );
  expect([stale.status, await valueOf(flag.name)]).toEqual([412, 'before']);
});

it('loads a tenant once for all who ask at the same time, and reads nothing when this process changes it', async () => {
  const tenant = aTenant();
  const flag = await aFlag(api, { tenant_id: tenant, default_value: 1 });
  const there = await TestApi.start({ beside: api });
  try {
    const reads = jest.spyOn(there.part(Database), 'read');
    const looks = () =>
      reads.mock.calls.filter(
        ([{ name, values }]) => name?.startsWith('live_flags') && values?.[0] === tenant,
      );
    const ask = () => evaluate(there, flag.name, { tenant_id: tenant });
    const replies = await Promise.all(Array.from({ length: READERS }, ask));
    expect(new Set(replies.map(({ body }) => body.value))).toEqual(new Set([1]));
    await there.put(`${FLAGS}/${flag.id}`, { default_value: 2, rollout_value: 2 });
    expect([(await ask()).body.value, looks().length]).toEqual([2, 1]);
    reads.mockRestore();
  } finally {
    await there.stop();
  }
});

it('tells listeners which names changed, and whose', async () => {
  const swaps: FlagSetSwap[] = [];
  const stop = api.part(LiveFlagSets).onSwap((swap) => swaps.push(swap));
  const tenant = aTenant();
  const flag = await aFlag(api, { tenant_id: tenant });
  await api.put(`${FLAGS}/${flag.id}`, { name: `${flag.name}-new` });
  const { body: segment } = await api.post(SEGMENTS, { name: aName(), include: [], conditions: [] });
  stop();
  await aFlag(api);
  const told = swaps
    .map(({ flags, segments, ...rest }) => ({ ...rest, names: [...flags, ...segments].sort() }))
    .filter((swap) => swap.tenant === tenant || swap.names.includes(segment.name));
  const different = told.filter((swap, index) => JSON.stringify(swap) !== JSON.stringify(told[index - 1]));
  expect(different).toEqual([
    { tenant, names: [flag.name] },
    { tenant, names: [flag.name, `${flag.name}-new`] },
    { tenant: null, names: [segment.name] },
  ]);
});

it('is ready only with its flags, and serves those that were there before it', async () => {
  const flag = await aFlag(api, { default_value: 'there' });
  const later = await TestApi.start({ beside: api });
  try {
    const { body } = await evaluate(later, flag.name);
    expect(body.value).toBe('there');
    const ready = await later.get('/health/ready');
    expect([ready.status, ready.body.parts.feature_flags]).toEqual([200, { status: 'ok' }]);
  } finally {
    await later.stop();
  }
});

it('ends with what the database holds after many writes at once', async () => {
  const owner = new pg.Pool({ connectionString: api.database.url });
  try {
    const tenant = aTenant();
    const flags = await Promise.all(
      Array.from({ length: 5 }, () => aFlag(api, { tenant_id: tenant, default_value: 0 })),
    );
    await valueOf(flags[0].name, tenant);
    const write = async (turn: number) => {
      const { id } = flags[turn % flags.length];
      await api.put(`${FLAGS}/${id}`, { default_value: turn, rollout_value: turn });
    };
    await Promise.all(Array.from({ length: ROUNDS }, (_, turn) => write(turn)));
    const { rows } = await owner.query<{ name: string; definition: any; version: number }>(
      'select name, definition, version from feature_flags.flag where tenant = $1',
      [tenant],
    );
    expect(rows).toHaveLength(flags.length);
    for (const { name, definition, version } of rows) {
      const { body } = await evaluate(api, name, { tenant_id: tenant });
      expect([body.value, body.version]).toEqual([definition.rolloutValue, version]);
    }
  } finally {
    await owner.end();
  }
});
