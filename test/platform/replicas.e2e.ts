import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { Database } from '#platform/database';
import { eventually, TestApi } from '../api.js';
import { aKey, aTenant, ENTRIES } from '../metadata/entries.js';

const ROUNDS = 150;
const COLD_READERS = 200;

/** A port at which nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const installations: [string, () => Promise<Readonly<Record<string, string>>>][] = [
  ['with the cache that the environment gives', async () => ({})],
  ['with Redis away', async () => ({ REDIS_URL: `redis://127.0.0.1:${await deadPort()}` })],
];

describe.each(installations)('two replicas on one database, %s', (_, environment) => {
  let here: TestApi;
  let there: TestApi;
  let owner: pg.Pool;

  beforeAll(async () => {
    const env = await environment();
    here = await TestApi.start({ env });
    there = await TestApi.start({ beside: here, env });
    owner = new pg.Pool({ connectionString: here.database.url });
  });

  afterAll(async () => {
    await owner.end();
    await there.stop();
    await here.stop();
  });

  const pathOf = (tenant: string, key: string): string => `${ENTRIES}/key/${key}?tenant_id=${tenant}`;
  const put = (one: TestApi, tenant: string, key: string, value: unknown) =>
    one.put(pathOf(tenant, key), { value });
  const valueAt = async (one: TestApi, tenant: string, key: string): Promise<any> => {
    const { status, body } = await one.get(pathOf(tenant, key));
    return status === 200 ? body.value : status;
  };

  it('a read by key after an acknowledged write is never old on the replica that wrote', async () => {
    const tenant = aTenant();
    let isOver = false;
    // Others read all the time, so that there is always a value in memory, or one on its way there.
    const crowd = Array.from({ length: 4 }, async () => {
      while (!isOver) await valueAt(here, tenant, 'k');
    });
    try {
      for (let value = 1; value <= ROUNDS; value += 1) {
        expect([200, 201]).toContain((await put(here, tenant, 'k', value)).status);
        expect(await valueAt(here, tenant, 'k')).toBe(value);
      }
    } finally {
      isOver = true;
      await Promise.all(crowd);
    }
  });

  it('a read by key never goes back to an older value on any replica', async () => {
    const tenant = aTenant();
    await put(here, tenant, 'k', 0);
    let isOver = false;
    const follow = async (one: TestApi): Promise<number[]> => {
      const seen: number[] = [];
      while (!isOver) seen.push(await valueAt(one, tenant, 'k'));
      return seen;
    };
    const following = [here, there, there].map(follow);
    for (let value = 1; value <= ROUNDS; value += 1) await put(here, tenant, 'k', value);
    isOver = true;
    for (const seen of await Promise.all(following)) {
      expect(seen.length).toBeGreaterThan(0);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
    }
  });

  it('what one replica writes, renames and deletes the other one soon shows', async () => {
    const tenant = aTenant();
    expect(await valueAt(there, tenant, 'k')).toBe(404);
    const { body } = await put(here, tenant, 'k', 'first');
    await eventually(
      () => valueAt(there, tenant, 'k'),
      (value) => value === 'first',
    );
    await put(here, tenant, 'k', 'second');
    await eventually(
      () => valueAt(there, tenant, 'k'),
      (value) => value === 'second',
    );
    await here.put(`${ENTRIES}/${body.id}`, { key: 'renamed' });
    await eventually(
      () => valueAt(there, tenant, 'renamed'),
      (value) => value === 'second',
    );
    await eventually(
      () => valueAt(there, tenant, 'k'),
      (status) => status === 404,
    );
    await here.delete(`${ENTRIES}/${body.id}`);
    await eventually(
      () => valueAt(there, tenant, 'renamed'),
      (status) => status === 404,
    );
  });

  it('a tenant’s own entry comes before the shared one on every replica, as soon as it is there', async () => {
    const tenant = aTenant();
    const key = aKey();
    await here.post(ENTRIES, { tenant_id: null, key, value: 'shared' });
    await eventually(
      () => valueAt(there, tenant, key),
      (value) => value === 'shared',
    );
    const { body } = await put(here, tenant, key, 'own');
    await eventually(
      () => valueAt(there, tenant, key),
      (value) => value === 'own',
    );
    await here.delete(`${ENTRIES}/${body.id}`);
    await eventually(
      () => valueAt(there, tenant, key),
      (value) => value === 'shared',
    );
  });

  it('writes and reads on both at once never settle on an old value', async () => {
    const tenant = aTenant();
    const keys = ['a', 'b', 'c', 'd'];
    const turns = Array.from({ length: ROUNDS }, (__, turn) => ({
      key: keys[turn % keys.length] ?? '',
      turn,
    }));
    const act = (one: TestApi, other: TestApi) => async () => {
      for (const { key, turn } of turns) {
        await Promise.all([
          put(one, tenant, key, turn),
          valueAt(other, tenant, key),
          valueAt(one, tenant, key),
        ]);
      }
    };
    await Promise.all([act(here, there)(), act(there, here)()]);
    const { rows } = await owner.query<{ key: string; value: string }>(
      'select key, value from metadata.entry where tenant = $1 order by key',
      [tenant],
    );
    expect(rows.map(({ key }) => key)).toEqual(keys);
    for (const { key, value } of rows) {
      for (const one of [here, there])
        await eventually(
          () => valueAt(one, tenant, key),
          (shown) => shown === Number(value),
        );
    }
  });

  it('two hundred who read a cold key at once cost one look into the database', async () => {
    const tenant = aTenant();
    await put(here, tenant, 'k', 'cold');
    await eventually(
      () => valueAt(there, tenant, 'k'),
      (value) => value === 'cold',
    );
    await put(there, tenant, 'k', 'colder'); // Takes it out of memory.
    const reads = jest.spyOn(there.part(Database), 'read');
    const values = await Promise.all(Array.from({ length: COLD_READERS }, () => valueAt(there, tenant, 'k')));
    const looks = reads.mock.calls.filter(
      ([{ name, values }]) => name === 'metadata_hot' && values?.[0] === tenant,
    );
    reads.mockRestore();
    expect(new Set(values)).toEqual(new Set(['colder']));
    expect(looks).toHaveLength(1);
  });

  it('nothing is wrong with the cache: no error is logged, and both are well', async () => {
    for (const one of [here, there]) {
      expect(one.log.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
      expect((await one.get('/health')).body.status).toBe('ok');
    }
  });
});
