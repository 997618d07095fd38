import { randomInt, randomUUID } from 'node:crypto';
import pg from 'pg';
import { eventually, TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { aKey, aTenant, Entries, ENTRIES, EVENTS } from '../metadata/entries.js';
import { eventPage } from './event-page.js';

const WRITERS = 8;
const EVENTS_EACH = 250; // Of many more, over two processes: test/trials/feed-processes.e2e.ts.
const BATCH = 100;
/** Of a hundred requests so many are given up by whoever sent them. */
const ABANDONED_PERCENT = 4;
/** After so many answers one connection to the database is cut. */
const ANSWERS_BETWEEN_CUTS = 25;

let api: TestApi;
let replica: TestApi;
let owner: pg.Pool;
const entries = new Entries(() => api);

beforeAll(async () => {
  api = await TestApi.start();
  replica = await TestApi.start({ beside: api });
  owner = new pg.Pool({ connectionString: api.database.url });
});

afterAll(async () => {
  await owner.end();
  await replica.stop();
  await api.stop();
});

describe('a reader that follows while eight write and connections break', () => {
  const tenant = aTenant();
  const writable = new Set<string>();
  const acknowledged: string[] = [];
  let answers = 0;
  /** Readers who have seen all wait until a write was answered or given up: before that there is nothing new. */
  const awaiting = new Set<() => void>();
  const news = (): Promise<void> => new Promise((resolve) => awaiting.add(resolve));
  const tell = (): void => {
    for (const resolve of awaiting) resolve();
    awaiting.clear();
  };

  /** Sends a write; null when it was given up or the database went away, so that nobody knows whether it happened. */
  async function write(method: string, path: string, body: object): Promise<Reply | null> {
    return send(method, path, body).finally(tell);
  }

  async function send(method: string, path: string, body: object): Promise<Reply | null> {
    if (randomInt(100) < ABANDONED_PERCENT) {
      await abandon(method, path, body);
      return null;
    }
    const reply = await api.request(method, path, { body });
    answers += 1;
    if (answers % ANSWERS_BETWEEN_CUTS === 0) await cutOne();
    if (reply.status !== 503) return reply;
    expect(reply.body.code).toBe('database_unavailable');
    return null;
  }

  async function abandon(method: string, path: string, body?: object): Promise<void> {
    const gone = new AbortController();
    const request = fetch(`${api.url}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
      signal: gone.signal,
    });
    setTimeout(() => gone.abort(), randomInt(15));
    await request.then((response) => response.text()).catch(() => undefined);
  }

  async function cutOne(): Promise<void> {
    await owner.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name in ('metastore', 'metastore-wake-up') order by random() limit 1`);
  }

  async function writer(): Promise<void> {
    let done = 0;
    const own: string[] = [];
    const note = (id: string, version: number): void => {
      done += 1;
      acknowledged.push(`${id}@${version}`);
    };
    while (done < EVENTS_EACH) {
      const isBatch = own.length === 0 || (done % 500 < 4 * BATCH && randomInt(12) === 0);
      if (isBatch) {
        const operations = Array.from({ length: BATCH }, (_, index) =>
          own[index] === undefined
            ? { op: 'create', tenant_id: tenant, key: aKey(), value: index }
            : { op: 'update', id: own[index], value: randomUUID() },
        );
        const reply = await write('POST', `${ENTRIES}/batch`, { mode: 'atomic', operations });
        if (!reply) continue;
        expect(reply.status).toBe(200);
        for (const { id, version } of reply.body.results) {
          if (!writable.has(id)) own.push(id);
          writable.add(id);
          note(id, version);
        }
        continue;
      }
      const id = own[randomInt(own.length)] as string;
      const reply = await write('PUT', `${ENTRIES}/${id}`, { value: randomUUID() });
      if (!reply) continue;
      expect(reply.status).toBe(200);
      note(id, reply.body.version);
    }
  }

  /** Asks again and again with what it was told last; ends when all is written and nothing more comes. */
  async function follow(from: TestApi, isOver: () => boolean): Promise<any[][]> {
    const pages: any[][] = [];
    let after = '0';
    for (;;) {
      const wasOver = isOver();
      const path = `${EVENTS}?tenant_id=${tenant}&after=${after}&limit=${randomInt(1, 400)}`;
      if (!wasOver && randomInt(100) < ABANDONED_PERCENT) await abandon('GET', path);
      const reply = await from.get(path);
      if (reply.status === 503) continue;
      expect(reply.status).toBe(200);
      const { items, next } = reply.body;
      if (items.length > 0) pages.push(items);
      if (items.length === 0 && next === after && wasOver) return pages;
      after = next;
      if (items.length === 0 && !isOver()) await news();
    }
  }

  let log: { revision: number; sub: number; id: string; version: number }[];
  let readers: any[][][];

  beforeAll(async () => {
    let isOver = false;
    const following = [api, replica].map((one) => follow(one, () => isOver));
    await Promise.all(Array.from({ length: WRITERS }, writer)).finally(() => {
      isOver = true;
      tell();
    });
    readers = await Promise.all(following);
    ({ rows: log } = await owner.query(
      `select revision::int, sub, aggregate_id as id, aggregate_version as version
       from platform.change_log where tenant = $1 order by revision, sub`,
      [tenant],
    ));
  });

  it('is told of two thousand events and more', () => {
    expect(acknowledged.length).toBeGreaterThanOrEqual(WRITERS * EVENTS_EACH);
    expect(log.length).toBeGreaterThanOrEqual(acknowledged.length);
  });

  it('misses none, sees none twice, and sees them in the order of the log', () => {
    const expected = log.map(({ revision, sub }) => `${tenant}-${revision}-${sub}`);
    for (const pages of readers) expect(pages.flat().map(({ id }) => id)).toEqual(expected);
  });

  it('sees every write that was acknowledged, once', () => {
    const seen = readers[0]?.flat().map(({ data }) => `${data.id}@${data.version}`) ?? [];
    expect(new Set(seen).size).toBe(seen.length);
    const known = new Set(seen);
    expect(acknowledged.filter((change) => !known.has(change))).toEqual([]);
  });

  it('counts revisions without a gap', () => {
    for (const pages of readers) {
      const revisions = [...new Set(pages.flat().map(({ revision }) => revision))];
      expect(revisions).toEqual(revisions.map((_, index) => index + 1));
    }
  });

  it('sees the versions of each aggregate one after the other', () => {
    for (const pages of readers) {
      const versions = new Map<string, number>();
      const wrong = pages.flat().filter(({ partitionkey, data }) => {
        const next = (versions.get(data.id) ?? 0) + 1;
        versions.set(data.id, data.version);
        return partitionkey !== data.id || data.version !== next;
      });
      expect(wrong).toEqual([]);
    }
  });

  it('never gets half a transaction', () => {
    const sizes = new Map<number, number>();
    for (const { revision } of log) sizes.set(revision, (sizes.get(revision) ?? 0) + 1);
    expect(Math.max(...sizes.values())).toBe(BATCH);
    for (const pages of readers) {
      for (const items of pages) {
        const counts = new Map<number, number>();
        for (const { revision } of items) counts.set(revision, (counts.get(revision) ?? 0) + 1);
        for (const [revision, count] of counts)
          expect([revision, count]).toEqual([revision, sizes.get(revision)]);
      }
    }
  });

  it('gets sequences that sort as text in the order of the stream', () => {
    const sequences = readers[0]?.flat().map(({ sequence }) => sequence) ?? [];
    expect(sequences.slice(1).every((sequence, index) => sequence > (sequences[index] ?? ''))).toBe(true);
  });
});

it('what one replica wrote is in the feed of the other as soon as it was acknowledged', async () => {
  const tenant = aTenant();
  for (let revision = 1; revision <= 20; revision += 1) {
    const { id } = await entries.create({ tenant_id: tenant });
    const { items } = await eventPage(replica, { tenant_id: tenant, after: String(revision - 1) });
    expect(items.map(({ data }) => data.id)).toEqual([id]);
  }
});

it('the service takes its connections up again by itself after they were cut', async () => {
  await owner.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name like 'metastore%'`);
  const ready = await eventually(
    () => api.get('/health/ready'),
    ({ body }) => body.status === 'ok',
  );
  expect(ready.body.parts).toMatchObject({ database: { status: 'ok' }, change_feed: { status: 'ok' } });
});
