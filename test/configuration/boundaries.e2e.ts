import pg from 'pg';
import { ahead, eventually, TestApi } from '../api.js';
import { aLayer, effective, inMs } from './live-made.js';
import { aService, at, aTenant, CONFIGURATIONS } from './made.js';

const JOB = `hashtextextended('job:configuration-boundaries', 0)`;
const PREFIX = 'io.metastore.configuration.configuration.';

let here: TestApi;
let there: TestApi;
let owner: pg.Client;

beforeAll(async () => {
  here = await TestApi.start();
  there = await TestApi.start({ beside: here });
  owner = new pg.Client({ connectionString: here.database.url });
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await there.stop();
  await here.stop();
});

/** The events of one configuration, in their order. */
async function eventsOf({ id, tenant_id }: any): Promise<any[]> {
  const tenant = tenant_id === null ? '' : `&tenant_id=${tenant_id}`;
  const { body } = await here.get(`/api/v1/events?aggregate_id=${id}&limit=1000${tenant}`);
  return body.items;
}

const typesOf = async (configuration: any): Promise<string[]> =>
  (await eventsOf(configuration)).map(({ type }) => type.slice(PREFIX.length, -'.v1'.length));

const until = (configuration: any, type: string) =>
  eventually(
    () => typesOf(configuration),
    (types) => types.includes(type),
  );

/** Windows pass while nobody tells of them, as if no process were running. */
async function whileNobodyTells<T>(work: () => Promise<T>): Promise<T> {
  await owner.query(`select pg_advisory_lock(${JOB})`);
  try {
    return await work();
  } finally {
    await owner.query(`select pg_advisory_unlock(${JOB})`);
  }
}

const isOver = (instant: string) =>
  eventually(
    async () => (await owner.query<{ now: Date }>('select clock_timestamp() as now')).rows[0]?.now,
    (now) => now !== undefined && now.toISOString() > instant,
  );

/** A window that opens after it was made, and closes after that. */
const aWindow = (from: number, to: number, rest: object = {}): Promise<any> =>
  ahead(
    from,
    (lead) =>
      aLayer(here, {
        service_id: aService(),
        values: { a: 1 },
        effective_from: inMs(lead),
        effective_until: inMs(lead + to - from),
        ...rest,
      }),
    isMadeInTime,
  );

const isMadeInTime = ({ created_at, effective_from }: any): boolean => created_at < effective_from;

it('tells when a window opens and when it closes, once, however many replicas there are', async () => {
  for (const tenant_id of [null, aTenant()]) {
    const made = await aWindow(300, 900, { tenant_id });
    await until(made, 'ended');
    const after = await aWindow(50, 100);
    await until(after, 'ended'); // The job ran once more, and had nothing to tell of the first.
    const [created, opened, closed, ...more] = await eventsOf(made);
    expect(more).toEqual([]);
    expect([created.type, opened.type, closed.type]).toEqual(
      ['created', 'took_effect', 'ended'].map((type) => `${PREFIX}${type}.v1`),
    );
    expect([opened.time, closed.time]).toEqual([made.effective_from, made.effective_until]);
    for (const [event, is_effective] of [
      [opened, true],
      [closed, false],
    ]) {
      expect(event.subject).toBe(`${made.service_id}/app/production`);
      expect(event.source).toBe(`/metastore/${tenant_id ?? 'shared'}`);
      expect(event.data).toMatchObject({
        id: made.id,
        version: 0,
        actor: 'system:configuration-boundaries',
        state: { ...made, is_effective },
      });
    }
  }
});

it('tells in their order of all that passed while nothing ran', async () => {
  const [first, second] = await whileNobodyTells(async () => {
    const values = { a: 1 };
    const made = await ahead(
      200,
      async (lead) => {
        const service_id = aService();
        const [a, b, c] = [inMs(lead), inMs(lead + 100), inMs(lead + 200)];
        return [
          await aLayer(here, { service_id, values, effective_from: b, effective_until: c }),
          await aLayer(here, { service_id, values, effective_from: a, effective_until: b }),
        ];
      },
      (both) => both.every(isMadeInTime),
    );
    await isOver(made[0].effective_until);
    for (const each of made) expect(await typesOf(each)).toEqual(['created']);
    return made;
  });
  await until(first, 'ended');
  for (const each of [first, second])
    expect(await typesOf(each)).toEqual(['created', 'took_effect', 'ended']);
  const { body } = await here.get(`/api/v1/events?prefix=${first.service_id}&limit=1000`);
  const told = body.items.slice(2).map(({ type, data }: any) => [data.id, type.slice(PREFIX.length, -3)]);
  expect(told).toEqual([
    [second.id, 'took_effect'],
    [second.id, 'ended'],
    [first.id, 'took_effect'],
    [first.id, 'ended'],
  ]);
});

it('tells of a boundary before whatever is done to the configuration after it', async () => {
  await whileNobodyTells(async () => {
    const one = await aWindow(100, 3_600_000);
    const other = await aWindow(100, 3_600_000);
    const third = await aWindow(100, 200);
    await isOver(third.effective_until);
    await here.put(`${CONFIGURATIONS}/${one.id}`, { values: { a: 2 } });
    await here.delete(`${CONFIGURATIONS}/${other.id}`);
    await here.put(`${CONFIGURATIONS}/${third.id}`, {
      effective_from: inMs(3_600_000),
      effective_until: null,
    });
    expect(await typesOf(one)).toEqual(['created', 'took_effect', 'updated']);
    expect(await typesOf(other)).toEqual(['created', 'took_effect', 'deleted']);
    expect(await typesOf(third)).toEqual(['created', 'took_effect', 'ended', 'updated']);
    const [, opened] = await eventsOf(one);
    expect([opened.data.actor, opened.data.state.values]).toEqual([
      'system:configuration-boundaries',
      { a: 1 },
    ]);
  });
});

it('tells of a tenant’s window, too, when the tenant’s own credential is the first to come by', async () => {
  const tenant = aTenant();
  const key = await here.key('editor', tenant);
  await whileNobodyTells(async () => {
    const made = await aWindow(100, 3_600_000, { tenant_id: tenant });
    await isOver(made.effective_from);
    await here.put(`${CONFIGURATIONS}/${made.id}`, { values: { a: 2 } }, { key });
    expect(await typesOf(made)).toEqual(['created', 'took_effect', 'updated']);
  });
});

it('does not tell of a window that was taken away before its time, nor of one that is not active', async () => {
  const [moved, gone, off, never, last] = await ahead(
    1_000,
    async (lead) => {
      const made = [];
      for (const is_active of [true, true, true, false])
        made.push(await aWindow(lead, lead + 100, { is_active }));
      const [first, second, third] = made;
      await here.put(at(first), { effective_from: inMs(3_600_000), effective_until: null });
      await here.delete(at(second));
      await here.post(at(third, '/deactivate'));
      return [...made, await aWindow(lead + 100, lead + 200)];
    },
    ([first]) => inMs(0) < first.effective_from,
  );
  await until(last, 'ended');
  expect(await typesOf(moved)).toEqual(['created', 'updated']);
  expect(await typesOf(gone)).toEqual(['created', 'deleted']);
  expect(await typesOf(off)).toEqual(['created', 'deactivated']);
  expect(await typesOf(never)).toEqual(['created']);
});

it('loses none and doubles none when it fails in the middle', async () => {
  const made = await whileNobodyTells(async () => {
    const window = await aWindow(50, 100);
    await isOver(window.effective_until);
    return window;
  });
  await owner.query('revoke insert on platform.change_log from metastore_app');
  try {
    await eventually(
      async () =>
        [...here.log, ...there.log].some((line) => line.includes('configuration-boundaries failed')),
      Boolean,
    );
    expect(await typesOf(made)).toEqual(['created']);
  } finally {
    await owner.query('grant insert on platform.change_log to metastore_app');
  }
  await until(made, 'ended');
  expect(await typesOf(made)).toEqual(['created', 'took_effect', 'ended']);
});

it('leaves version, tag and history as they are', async () => {
  const made = await aWindow(50, 100);
  await until(made, 'ended');
  const path = `${CONFIGURATIONS}/${made.id}`;
  const { body, headers } = await here.get(path);
  expect([body.version, headers.get('etag'), body.updated_at]).toEqual([1, '"1"', made.updated_at]);
  expect((await here.get(`${path}/versions`)).body.items).toHaveLength(1);
  expect((await here.get(`${path}?as_of=${inMs(0)}`)).body.version).toBe(1);
  expect((await here.put(path, { values: { a: 2 } })).body.version).toBe(2);
  expect((await here.post(`${path}/rollback/1`)).body).toMatchObject({ version: 3, values: { a: 1 } });
  expect((await effective(here, made.service_id)).body.values).toEqual({});
});
