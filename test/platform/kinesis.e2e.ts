import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { eventually, TestApi } from '../api.js';
import { aTenant, ENTRIES } from '../metadata/entries.js';
import { FakeKinesis } from './fake-kinesis.js';
import type { Verdict } from './fake-kinesis.js';

const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'marker-of-a-secret',
  AWS_REGION: 'eu-west-1',
};
const THROTTLED = 'ProvisionedThroughputExceededException';

let before: Record<string, string | undefined>;
let kinesis: FakeKinesis;
let api: TestApi;
let owner: pg.Pool;
let env: Readonly<Record<string, string>>;

beforeEach(async () => {
  before = Object.fromEntries(Object.keys(CREDENTIALS).map((name) => [name, process.env[name]]));
  Object.assign(process.env, CREDENTIALS);
  kinesis = new FakeKinesis();
  env = { KINESIS_STREAM: 'events', KINESIS_ENDPOINT: await kinesis.start() };
  api = await TestApi.start();
  owner = new pg.Pool({ connectionString: api.database.url });
});

afterEach(async () => {
  await owner.end();
  await api.stop();
  await kinesis.stop();
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

const create = async (tenant: string, value: unknown = 0): Promise<string> => {
  const { status, body } = await api.post(ENTRIES, { tenant_id: tenant, key: `k-${randomUUID()}`, value });
  expect(status).toBe(201);
  return body.id as string;
};

const change = async (id: string, value: unknown): Promise<void> => {
  expect((await api.put(`${ENTRIES}/${id}`, { value })).status).toBe(200);
};

const eventsOf = async (tenant: string): Promise<any[]> => {
  const { body } = await api.get(`/api/v1/events?tenant_id=${tenant}&limit=1000`);
  return body.items as any[];
};

/** Every event of the tenant was taken, those of one key in their order. */
const arrived = async (tenant: string): Promise<void> => {
  const all = await eventsOf(tenant);
  const ids = all.map(({ id }) => id as string);
  const isThere = (): boolean => {
    const taken = new Set(kinesis.taken.map(({ event }) => event.id as string));
    return ids.every((id) => taken.has(id));
  };
  await eventually(async () => isThere(), (is) => is); // prettier-ignore
  for (const key of new Set(all.map(({ partitionkey }) => partitionkey as string)))
    expect(kinesis.firstsOf(key)).toEqual(all.filter(({ partitionkey }) => partitionkey === key));
};

const checkpointOf = async (tenant: string): Promise<number> => {
  const text = `select revision from platform.sink_checkpoint where sink = 'kinesis' and tenant = $1`;
  const { rows } = await owner.query<{ revision: string }>(text, [tenant]);
  return Number(rows[0]?.revision ?? 0);
};

const withKinesis = async (work: (replica: TestApi) => Promise<void>): Promise<void> => {
  const replica = await TestApi.start({ beside: api, env });
  try {
    await work(replica);
  } finally {
    await replica.stop();
  }
};

it('everything that was ever written arrives, as a reader of the feed sees it, and is remembered', async () => {
  const tenant = aTenant();
  const id = await create(tenant);
  await change(id, 1);
  await withKinesis(async () => {
    await change(id, 2);
    await arrived(tenant);
    await create(aTenant()); // Another stream, which is there only now.
    await eventually(() => checkpointOf(tenant), (revision) => revision === 3); // prettier-ignore
  });
  const sentBefore = kinesis.taken.length;
  await withKinesis(async () => {
    await change(id, 3);
    await arrived(tenant);
  });
  expect(kinesis.taken).toHaveLength(sentBefore + 1); // The end of a run notes where it was: nothing comes twice.
});

it('a throttled Kinesis never reorders a key, whatever else fails', async () => {
  const tenant = aTenant();
  const ids = await Promise.all(Array.from({ length: 12 }, () => create(tenant)));
  let seed = 42;
  const chance = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  kinesis.judge = (records): Verdict => {
    const fate = chance();
    if (fate < 0.05) return { status: 500, type: 'InternalFailure' };
    if (fate < 0.1) return { status: 400, type: THROTTLED };
    if (fate < 0.15) return 'reset';
    return { codes: records.map(() => (chance() < 0.3 ? THROTTLED : null)) };
  };
  await withKinesis(async () => {
    for (let value = 1; value <= 8; value += 1) await Promise.all(ids.map((id) => change(id, value)));
    await arrived(tenant);
    for (const { keys } of kinesis.calls) expect(new Set(keys).size).toBe(keys.length);
    await eventually(() => checkpointOf(tenant), (revision) => revision === 9 * ids.length); // prettier-ignore
  });
});

it('a key that is not taken holds up no other, and is not passed by what is noted', async () => {
  const tenant = aTenant();
  const stuck = await create(tenant);
  kinesis.judge = (records) => ({ codes: records.map(({ key }) => (key === stuck ? THROTTLED : null)) });
  await withKinesis(async () => {
    await change(stuck, 1);
    const free = await create(tenant);
    await change(free, 1);
    await eventually(async () => kinesis.firstsOf(free).length, (count) => count === 2); // prettier-ignore
    expect(kinesis.firstsOf(stuck)).toEqual([]);
    expect(await checkpointOf(tenant)).toBe(0);
    kinesis.judge = (records) => ({ codes: records.map(() => null) });
    await arrived(tenant);
  });
  expect(await checkpointOf(tenant)).toBe(4);
});

it('what hangs is given up and sent again', async () => {
  const tenant = aTenant();
  let hangs = 1;
  kinesis.judge = (records) => (hangs-- > 0 ? 'hang' : { codes: records.map(() => null) });
  await create(tenant);
  await withKinesis(() => arrived(tenant));
});

it('calls keep the limits, also when one transaction is larger than they are', async () => {
  const tenant = aTenant();
  const operations = Array.from({ length: 500 }, (_, n) => ({
    op: 'create',
    key: `k-${n}`,
    tenant_id: tenant,
    value: 'x'.repeat(n < 12 ? 60_000 : 10),
  }));
  const { status } = await api.post(`${ENTRIES}/batch`, { mode: 'atomic', operations });
  expect(status).toBe(200);
  for (let n = 0; n < 8; n += 1) await create(tenant, 'y'.repeat(900_000));
  await withKinesis(async () => {
    await arrived(tenant);
    for (const { keys, bytes } of kinesis.calls) {
      expect(keys.length).toBeLessThanOrEqual(500);
      expect(bytes).toBeLessThanOrEqual(4.5 * 1024 * 1024);
    }
  });
});

describe('an event that Kinesis never takes', () => {
  /** A value that is too large for a record once it is in an event: each of its characters takes six bytes there. */
  const tooLarge = '\u0001'.repeat(174_700);
  const parkedOf = async (replica: TestApi): Promise<any[]> =>
    (await replica.get('/api/v1/admin/sinks/kinesis/parked')).body.items as any[];
  const one = (items: any[]): boolean => items.length === 1;

  it('is put aside and shown, and what follows goes on', async () => {
    const tenant = aTenant();
    const id = await create(tenant);
    await withKinesis(async (replica) => {
      await change(id, tooLarge);
      await change(id, 'small');
      const items = await eventually(() => parkedOf(replica), one);
      const [, large, small] = await eventsOf(tenant);
      expect(items).toEqual([
        expect.objectContaining({ event_id: large.id, type: large.type, partitionkey: id, time: large.time, tenant_id: tenant }), // prettier-ignore
      ]);
      expect(items[0].reason).toMatch(/^It has \d+ bytes with its key; Kinesis takes 1048576\.$/);
      await eventually(async () => kinesis.firstsOf(id).map((event) => event.id as string), (ids) => ids.includes(small.id)); // prettier-ignore
      await eventually(() => checkpointOf(tenant), (revision) => revision === 3); // prettier-ignore
      const health = await eventually(() => replica.get('/health'), ({ body }) => body.status === 'degraded'); // prettier-ignore
      expect(health.body.parts.sinks).toEqual({ status: 'degraded', detail: 'kinesis put 1 aside.' });
      expect((await replica.get('/health/ready')).status).toBe(200);
      const path = `/api/v1/admin/sinks/kinesis/parked/${items[0].id as string}`;
      expect((await replica.delete(path)).status).toBe(204);
      expect([(await replica.delete(path)).body.code, await parkedOf(replica)]).toEqual([
        'parked_event_not_found',
        [],
      ]);
    });
  });

  it('is tried again when somebody asks for it, by whichever replica', async () => {
    const tenant = aTenant();
    const [refused, other] = [await create(tenant), await create(tenant)];
    let isRefused = true;
    kinesis.judge = (records): Verdict =>
      isRefused && records.some(({ key }) => key === refused)
        ? { status: 400, type: 'InvalidArgumentException' }
        : { codes: records.map(() => null) };
    await withKinesis(async (replica) => {
      const [item] = await eventually(() => parkedOf(replica), one);
      expect([item.partitionkey, kinesis.firstsOf(other)]).toEqual([refused, [expect.anything()]]);
      const path = `/api/v1/admin/sinks/kinesis/parked/${item.id as string}/retry`;
      const again = await replica.post(path);
      expect([again.status, again.body.code]).toEqual([502, 'redelivery_failed']);
      expect((await api.post(path)).body.code).toBe('sink_not_set');
      isRefused = false;
      expect((await replica.post(path)).status).toBe(204);
      expect([kinesis.firstsOf(refused).length, await parkedOf(replica)]).toEqual([1, []]);
    });
  });
});

it('how far it is shows in what is asked by people, Prometheus and health, and no secret does', async () => {
  const tenant = aTenant();
  const id = await create(tenant);
  await owner.query(`update platform.change_log set occurred_at = occurred_at - interval '2 minutes' where tenant = $1`, [tenant]); // prettier-ignore
  kinesis.judge = () => ({ status: 400, type: 'AccessDeniedException' });
  await withKinesis(async (replica) => {
    const failing = await eventually(
      () => replica.get('/api/v1/admin/sinks/kinesis'),
      ({ body }) => body.last_error !== null,
    );
    expect(failing.body).toMatchObject({
      name: 'kinesis',
      kind: 'kinesis',
      tenant_id: null,
      pending: null,
      parked: { count: 0 },
      last_error: { reason: 'AccessDeniedException (status 400)' },
      last_success_at: null,
      streams: expect.arrayContaining([
        { tenant_id: tenant, checkpoint: 0, head: 1, lag_revisions: 1, oldest_at: expect.any(String) },
      ]),
    });
    expect(failing.body.lag_seconds).toBeGreaterThanOrEqual(120);
    const health = await eventually(() => replica.get('/health'), ({ body }) => body.status === 'degraded'); // prettier-ignore
    expect(health.body.parts.sinks.detail).toMatch(/^kinesis is \d+ seconds behind\.$/);
    const { text } = await replica.get('/metrics');
    expect(text).toMatch(/^metastore_sink_lag_revisions\{sink="kinesis"\} [1-9]/m);
    expect(text).toMatch(/^metastore_sink_lag_seconds\{sink="kinesis"\} [1-9]\d\d/m);
    expect(text).toMatch(/^metastore_sink_failed_total\{sink="kinesis"\} [1-9]/m);
    const own = await replica.get('/api/v1/admin/sinks', { key: await replica.key('viewer', tenant) });
    expect([own.status, own.body.items]).toEqual([200, []]);
    const hidden = await replica.get('/api/v1/admin/sinks/kinesis', {
      key: await replica.key('viewer', tenant),
    });
    expect([hidden.status, hidden.body.code]).toEqual([404, 'sink_not_found']);
    expect((await replica.delete('/api/v1/admin/sinks/kinesis')).body.code).toBe('sink_in_use');
    kinesis.judge = (records) => ({ codes: records.map(() => null) });
    await arrived(tenant);
    await eventually(() => replica.get('/health'), ({ body }) => body.parts.sinks.status === 'ok'); // prettier-ignore
    expect((await replica.get('/metrics')).text).toMatch(
      /^metastore_sink_delivered_total\{sink="kinesis"\} [1-9]/m,
    );
    const everything = [failing.text, text, ...replica.log].join();
    expect(everything).not.toContain(CREDENTIALS.AWS_SECRET_ACCESS_KEY);
  });
  expect(id).toEqual(expect.any(String));
  expect((await api.delete('/api/v1/admin/sinks/kinesis')).status).toBe(204);
  expect((await api.get('/api/v1/admin/sinks?include_total=true')).body).toMatchObject({
    items: [],
    total: 0,
  });
});

it('moves to another replica when the one that runs it stops, or is not heard of', async () => {
  const tenant = aTenant();
  const ids = await Promise.all(Array.from({ length: 5 }, () => create(tenant)));
  const heldBy = async (): Promise<string | null> =>
    (await api.get('/api/v1/admin/sinks/kinesis')).body.held_by;
  const first = await TestApi.start({ beside: api, env });
  const before = await eventually(heldBy, (holder) => holder !== null);
  await withKinesis(async () => {
    await Promise.all(ids.map((id) => change(id, 1)));
    // It goes on in its own eyes, and the database gives the sink to another: as if it had been paused for long.
    await owner.query(`update platform.sink set held_until = clock_timestamp() where name = 'kinesis'`);
    await Promise.all(ids.map((id) => change(id, 2)));
    await arrived(tenant);
    await first.stop();
    await Promise.all(ids.map((id) => change(id, 3)));
    await arrived(tenant);
    expect(await eventually(heldBy, (holder) => holder !== null)).not.toBe(before);
  });
  expect(await heldBy()).toBeNull();
});
