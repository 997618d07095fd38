import { randomUUID } from 'node:crypto';
import { Compaction } from '#platform/change-log';
import type { CompactedMonth } from '#platform/change-log';
import { CallContext } from '#platform/context';
import { eventually, TestApi } from '../api.js';
import { aKey, aTenant, ENTRIES, EVENTS } from '../metadata/entries.js';
import { OldHistory } from './old-history.js';
import type { OldRow } from './old-history.js';

const BEFORE = new Date('2024-06-01T00:00:00Z');
const MONTHS = ['2024-01', '2024-02', '2024-03', '2024-04', '2024-05'];
const ROWS = 500;
const RECENT = '2025-01-01T00:00:00.000Z';

let api: TestApi;
let replica: TestApi;
let history: OldHistory;

beforeEach(async () => {
  api = await TestApi.start();
  replica = await TestApi.start({ beside: api });
  history = new OldHistory(api.database.url);
  await history.partitions(...MONTHS);
});

afterEach(async () => {
  await history.end();
  await replica.stop();
  await api.stop();
});

/** Acts of a month, each with a revision of its own. */
const acts = (month: string): OldRow[] =>
  Array.from({ length: ROWS }, () => ({ id: randomUUID(), version: 0, at: `${month}-10T00:00:00.000Z` }));

/** Months full of acts, and then something new. */
async function oldStream(tenant: string): Promise<void> {
  for (const month of MONTHS) await history.write(tenant, acts(month));
  await history.write(tenant, [{ id: randomUUID(), version: 1, at: RECENT }]);
}

const compact = (on: TestApi, month: string): Promise<CompactedMonth | null> =>
  on
    .part(CallContext)
    .runAsSystem('test', () => on.part(Compaction).compact(new Date(`${month}-01T00:00:00Z`), BEFORE, 1));

const leftovers = async (): Promise<string[]> =>
  (
    await history.owner.query<{ relname: string }>(
      `select relname from pg_class where relnamespace = 'platform'::regnamespace and relkind = 'r'
         and (relname like 'compaction%' or relname like '%kept')`,
    )
  ).rows.map(({ relname }) => relname);

it('keeps nobody from writing and reading, and loses nothing of what comes meanwhile', async () => {
  const old = aTenant();
  await oldStream(old);
  const tenant_id = aTenant();
  const late = aTenant();
  const written: string[] = [];
  const statuses = new Set<number>();
  let isOver = false;

  const write = async (on: TestApi): Promise<void> => {
    while (!isOver) {
      const { status, body } = await on.post(ENTRIES, { key: aKey(), value: 1, tenant_id });
      statuses.add(status);
      written.push(body.id);
    }
  };
  const read = async (on: TestApi): Promise<string[]> => {
    const seen: string[] = [];
    for (let after = '0'; ;) {
      const wasOver = isOver;
      const { status, body } = await on.get(`${EVENTS}?tenant_id=${tenant_id}&after=${after}&limit=50`);
      statuses.add(status);
      seen.push(...body.items.map(({ data }: any) => data.id));
      after = body.next;
      if (wasOver && body.items.length === 0) return seen;
    }
  };
  let lateRows = 0;
  const writeLate = async (): Promise<void> => {
    for (; !isOver; lateRows += 1)
      await history.write(late, [
        {
          id: randomUUID(),
          version: 1,
          at: `${MONTHS[lateRows % MONTHS.length] ?? ''}-20T00:00:00.000Z`,
        },
      ]);
  };

  const others = [write(api), write(replica), writeLate()];
  const readers = [read(api), read(replica)];
  try {
    await eventually(
      async () => written.length,
      (count) => count > 10,
    );
    for (const month of MONTHS) expect((await compact(api, month))?.acts).toBe(ROWS);
  } finally {
    isOver = true;
  }
  await Promise.all(others);
  expect(statuses).toEqual(new Set([200, 201]));
  for (const seen of await Promise.all(readers)) expect([...seen].sort()).toEqual([...written].sort());
  expect(lateRows).toBeGreaterThan(0);
  expect(await history.revisionsLeft(late)).toEqual(Array.from({ length: lateRows }, (_, n) => n + 1));
  expect(await history.revisionsLeft(old)).toEqual([MONTHS.length * ROWS + 1]);
});

/** Somebody who reads the log for a long time, so that a month cannot be swapped. */
async function withReader<T>(work: () => Promise<T>): Promise<T> {
  const reader = await history.owner.connect();
  try {
    await reader.query('begin; select count(*) from platform.change_log');
    return await work();
  } finally {
    await reader.query('rollback');
    reader.release();
  }
}

/** The connection that compacts, once it has built what is to stay and waits for its turn. */
const compacting = async (): Promise<number> =>
  (
    await eventually(
      async () =>
        (
          await history.owner.query<{ pid: number }>(
            `select a.pid from pg_stat_activity a where a.datname = current_database() and a.query like '%compact_change_log%'
               and a.pid <> pg_backend_pid() and (a.wait_event_type = 'Lock' or a.wait_event = 'PgSleep')`,
          )
        ).rows,
      (rows) => rows.length === 1,
    )
  )[0]?.pid ?? 0;

it('waits for who reads, keeps no writer waiting for long meanwhile, and goes on then', async () => {
  const tenant = aTenant();
  await oldStream(tenant);
  let done!: Promise<CompactedMonth | null>;
  await withReader(async () => {
    done = compact(api, '2024-01');
    await compacting();
    for (let n = 0; n < 20; n += 1)
      expect((await replica.post(ENTRIES, { key: aKey(), value: n })).status).toBe(201);
  });
  expect((await done)?.acts).toBe(ROWS);
  expect((await history.revisionsLeft(tenant))[0]).toBe(ROWS + 1);
});

it('is done by one replica at a time', async () => {
  await oldStream(aTenant());
  let done!: Promise<CompactedMonth | null>;
  await withReader(async () => {
    done = compact(api, '2024-01');
    await compacting();
    expect(await compact(replica, '2024-02')).toBeNull();
  });
  expect((await done)?.acts).toBe(ROWS);
  expect((await compact(replica, '2024-02'))?.acts).toBe(ROWS);
});

it('is done as a whole or not at all, whenever it is killed', async () => {
  const tenant = aTenant();
  await oldStream(tenant);
  const before = await history.left(tenant);
  await withReader(async () => {
    const broken = compact(api, '2024-01').catch((error: unknown) => error);
    await history.owner.query('select pg_terminate_backend($1)', [await compacting()]);
    expect(await broken).toBeInstanceOf(Error);
  });
  expect(await history.left(tenant)).toEqual(before);
  expect(await history.compactedRevision(tenant)).toBe(0);
  expect(await leftovers()).toEqual([]);
  expect(await history.due('2024-06')).toEqual(MONTHS);
  expect((await compact(api, '2024-01'))?.acts).toBe(ROWS);
  expect(await leftovers()).toEqual([]);
});
