import pg from 'pg';
import { Database } from '#platform/database';
import { TestApi } from '../api.js';
import { blocksOf, explained, wholeTables } from '../plan.js';
import type { Sent } from '../plan.js';

const TENANT = 'acme';
const COUNT = 1_000_000;
const PAGE = 100;
/** Blocks of 8 KiB for a page that an index leads to. */
const BLOCKS_MAX = 10 * PAGE;
const ID = '01937b2e-7c41-7bd4-a1a5-000000000077';

let api: TestApi;
let owner: pg.Pool;
/** Where the rows are; whatever else there is may be empty, and is then read as it lies. */
let partition: string;

beforeAll(async () => {
  api = await TestApi.start();
  owner = new pg.Pool({ connectionString: api.database.url });
  await owner.query(
    `insert into platform.change_log (tenant, revision, sub, aggregate_type, aggregate_id, aggregate_version, type, subject, actor, snapshot, occurred_at)
     select $1, n, 0, case when n = 500 then 'platform.rare' else 'metadata.entry' end,
       ('01937b2e-7c41-7bd4-a1a5-' || lpad((n / 10)::text, 12, '0'))::uuid, n % 10 + 1, 'updated', 'default/k' || n,
       case when n % 200000 = 7 then 'key:rare' else 'key:often' || n % 3 end, '{}',
       date_trunc('month', now()) + n * interval '1 millisecond' from generate_series(1, ${COUNT}) as n`,
    [TENANT],
  );
  await owner.query('insert into platform.stream_head (tenant, revision) values ($1, $2)', [TENANT, COUNT]);
  await owner.query('vacuum analyze platform.change_log');
  const { rows } = await owner.query<{ name: string }>(
    'select c.relname as name from pg_class c where c.oid = (select tableoid from platform.change_log limit 1)',
  );
  partition = rows[0]?.name ?? '';
});

afterAll(async () => {
  await owner.end();
  await api.stop();
});

/** A page, and the very statement with which the service reads the log for it. */
async function pageOf(query: Record<string, string>): Promise<{ sent: Sent; body: any }> {
  const read = jest.spyOn(api.part(Database), 'read');
  const { status, body } = await api.get(
    `/api/v1/audit?${new URLSearchParams({ tenant_id: TENANT, ...query }).toString()}`,
  );
  const sent = read.mock.calls
    .map(([{ text, values = [] }]) => ({ text, values }))
    .filter(({ text }) => text.includes('looked_at'));
  read.mockRestore();
  expect([query, status, sent.length]).toEqual([query, 200, 1]);
  return { sent: sent[0] ?? { text: '', values: [] }, body };
}

async function at(milliseconds: number): Promise<string> {
  const { rows } = await owner.query<{ at: Date }>(
    `select date_trunc('month', now()) + $1 * interval '1 millisecond' as at`,
    [milliseconds],
  );
  return rows[0]?.at.toISOString() ?? '';
}

const rare = { actor: 'key:rare' };
const often = { actor: 'key:often1' };
const kind = { aggregate_type: 'metadata.entry' };
const type = { types: 'io.metastore.metadata.entry.updated.v1' };
const one = { aggregate_id: ID };

it.each<[Record<string, string>, number]>([
  [{}, PAGE],
  [often, PAGE],
  [rare, 5],
  [kind, PAGE],
  [type, PAGE],
  [one, 10],
  [{ ...rare, ...kind }, 5],
  [{ ...rare, ...type }, 5],
  [{ ...rare, aggregate_type: 'platform.rare' }, 0],
  [{ ...often, ...kind }, PAGE],
  [{ ...kind, ...type }, PAGE],
  [{ ...one, ...kind }, 10],
  [{ ...one, ...type }, 10],
  [{ ...one, ...rare }, 0],
  [{ ...one, actor: 'key:often0,key:often1,key:often2' }, 10],
])('%j shows what fits, and reads little more, over an index', async (query, items) => {
  const { sent, body } = await pageOf(query);
  expect([body.items.length, body.has_more]).toEqual([items, items === PAGE]);
  const plan = await explained(owner, sent, TENANT);
  expect(wholeTables(plan)).not.toContain(partition);
  expect(blocksOf(plan)).toBeLessThanOrEqual(BLOCKS_MAX);
});

it.each<[Record<string, string>, number]>([
  [rare, 0],
  [often, 17],
  [{ aggregate_id: '01937b2e-7c41-7bd4-a1a5-000000000001' }, 10],
])('%j within a window far from the end passes over the rest within the index', async (query, items) => {
  const window = { from: await at(10), until: await at(60) };
  const { sent, body } = await pageOf({ ...query, ...window });
  expect([body.items.length, body.has_more]).toEqual([items, false]);
  const plan = await explained(owner, sent, TENANT);
  expect(wholeTables(plan)).not.toContain(partition);
  expect(blocksOf(plan)).toBeLessThanOrEqual(COUNT / 100); // Entries of an index, a hundred or more a block.
});

it.each<[Record<string, string>, number, number]>([
  [{ aggregate_type: 'platform.rare' }, 1, 10],
  [{ actor: 'key:rare,key:nobody' }, 5, 10],
  [{ ...often, types: 'io.metastore.metadata.entry.deleted.v1' }, 0, 4],
])('%j is looked for along the log, a part of it a request', async (query, items, requestsMax) => {
  const found = new Set<string>();
  let cursor: string | null = '';
  let requests = 0;
  for (; cursor !== null; requests += 1) {
    const { sent, body }: { sent: Sent; body: any } = await pageOf({ ...query, ...(cursor && { cursor }) });
    for (const { id } of body.items) found.add(id);
    cursor = body.next_cursor;
    if (requests > 1) continue; // One plan is like the other.
    const plan = await explained(owner, sent, TENANT);
    expect(wholeTables(plan)).not.toContain(partition);
    expect(blocksOf(plan)).toBeLessThanOrEqual(COUNT / 50);
  }
  expect(found.size).toBe(items);
  expect(requests).toBeGreaterThan(1);
  expect(requests).toBeLessThanOrEqual(requestsMax + 1);
});
