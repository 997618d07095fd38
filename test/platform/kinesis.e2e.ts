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
