import pg from 'pg';
import { Database } from '#platform/database';
import { TestApi } from '../api.js';
import { ENTRIES } from '../metadata/entries.js';
import { blocksOf, explained, indexesOf, nodesOf } from '../plan.js';
import type { Plan, Sent } from '../plan.js';

const TENANT = 'acme';
const COUNT = 1_000_000;
const PAGE = 100;
/** Blocks of 8 KiB that one page may touch: its rows, and the way down to them. */
const BLOCKS_MAX = 40 * PAGE;
/** By how much the last page may cost more than the first. */
const GROWTH_MAX = 2;

let api: TestApi;
let owner: pg.Pool;

beforeAll(async () => {
  api = await TestApi.start();
  owner = new pg.Pool({ connectionString: api.database.url });
  await owner.query(`
    alter table metadata.entry disable trigger all;
    alter table metadata.entry_tag disable trigger all;
    insert into metadata.entry (id, tenant, version, key, namespace, content_type, value, tags, description, search_text,
      is_encrypted, is_secret, created_at, updated_at, created_by, updated_by)
    select md5(n::text)::uuid, '${TENANT}', 1, 'service' || n % 1000 || '.setting' || n, 'ns' || n % 10, 'json', '1',
      case when n % 1000 = 0 then array['often', 'rare'] when n % 10 = 0 then array['often'] else '{}' end, null, 'service' || n % 1000 || '.setting' || n, false, false,
      timestamptz '2026-01-01' + n * interval '1 second', timestamptz '2026-01-01' + n * interval '1 second', 'test', 'test'
    from generate_series(1, ${COUNT}) as n;
    insert into metadata.entry_tag (tenant, namespace, tag, entry_id)
    select tenant, namespace, unnest(tags), id from metadata.entry where tags <> '{}';
    alter table metadata.entry enable trigger all;
    alter table metadata.entry_tag enable trigger all;`);
  await owner.query('vacuum analyze metadata.entry, metadata.entry_tag');
});

afterAll(async () => {
  await owner.end();
  await api.stop();
});

/** The very statement that the service sends for a request; the sweep of what expired names no alias. */
async function statementOf(
  path: string,
  isWanted = /metadata\.entry t\b/,
): Promise<{ sent: Sent; body: any }> {
  const read = jest.spyOn(api.part(Database), 'read');
  const { status, body } = await api.get(path);
  const statements = read.mock.calls
    .map(([statement]) => statement)
    .filter(({ text }) => isWanted.test(text));
  read.mockRestore();
  expect([path, status, statements.length]).toEqual([path, 200, 1]);
  const [{ text, values = [] } = { text: '' }] = statements;
  return { sent: { text, values }, body };
}

const explain = (sent: Sent): Promise<Plan> => explained(owner, sent, TENANT);

const distinct = (names: readonly string[]): string[] => [...new Set(names)];
const shapeOf = (plan: Plan): string[] =>
  nodesOf(plan).map((node) => `${node['Node Type']} ${node['Index Name'] ?? ''}`.trim());

/** Nothing is read whole, and nothing is sorted that is longer than a page for each tenant. */
function expectFrugal(plan: Plan): void {
  for (const node of nodesOf(plan)) {
    expect([node['Node Type'], node['Relation Name']]).not.toEqual(['Seq Scan', 'entry']);
    expect([node['Node Type'], node['Relation Name']]).not.toEqual(['Seq Scan', 'entry_tag']);
    if (/Sort/.test(node['Node Type'])) expect(node['Actual Rows']).toBeLessThanOrEqual(2 * (PAGE + 1));
  }
}

describe('with a million entries of one tenant', () => {
  it.each([
    ['key', 'entry_by_key'],
    ['-key', 'entry_by_key'],
    ['created_at', 'entry_by_created_at'],
    ['-created_at', 'entry_by_created_at'],
    ['updated_at', 'entry_by_updated_at'],
    ['-updated_at', 'entry_by_updated_at'],
  ])('the first page and one near the end by %s cost the same, over the index %s', async (sort, index) => {
    const list = `${ENTRIES}?tenant_id=${TENANT}&limit=${PAGE}&sort=${sort}`;
    const first = await statementOf(list);
    expect(first.body.items).toHaveLength(PAGE);
    const second = await statementOf(`${list}&cursor=${first.body.next_cursor}`);
    const firstPlan = await explain(first.sent);
    const secondPlan = await explain(second.sent);

    // The same statement, with the position of a row that nearly all others come before.
    const column = sort.replace('-', '');
    const { rows } = await owner.query(
      `select ${column === 'key' ? 'key' : `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`} as at, id
       from metadata.entry where tenant = $1 order by ${column} ${sort.startsWith('-') ? 'asc' : 'desc'}, id offset 500 limit 1`,
      [TENANT],
    );
    const last = first.body.items.at(-1);
    const values = second.sent.values.map((value) =>
      value === last.id ? rows[0].id : isPositionOf(value, last[column]) ? rows[0].at : value,
    );
    expect(values).not.toEqual(second.sent.values);
    const deepPlan = await explain({ text: second.sent.text, values });

    for (const plan of [firstPlan, secondPlan, deepPlan]) {
      expectFrugal(plan);
      expect(distinct(indexesOf(plan))).toEqual([index]);
      expect(plan['Actual Rows']).toBe(PAGE + 1);
      expect(blocksOf(plan)).toBeLessThanOrEqual(BLOCKS_MAX);
    }
    expect(shapeOf(deepPlan)).toEqual(shapeOf(secondPlan));
    expect(blocksOf(deepPlan)).toBeLessThanOrEqual(GROWTH_MAX * blocksOf(firstPlan) + 20);
  });

  /** What the cursor holds of an instant is the same instant, written more exactly. */
  const isPositionOf = (value: unknown, shown: string): boolean =>
    value === shown ||
    (typeof value === 'string' && value.endsWith('Z') && Date.parse(value) === Date.parse(shown));

  it('a read by key is one row by an index of its key', async () => {
    const { sent } = await statementOf(
      `${ENTRIES}/key/service7.setting7?tenant_id=${TENANT}&namespace=ns7`,
      /to_json\(e\)/,
    );
    const plan = await explain(sent);
    expectFrugal(plan);
    expect(distinct(indexesOf(plan)).filter((name) => name.startsWith('entry'))).toEqual([
      expect.stringMatching(/^entry_(by_)?key$/),
    ]);
    expect(blocksOf(plan)).toBeLessThanOrEqual(20);
  });

  it('a page by prefix reads that range of the index alone', async () => {
    const { sent, body } = await statementOf(
      `${ENTRIES}?tenant_id=${TENANT}&limit=${PAGE}&prefix=service500.`,
    );
    expect(body.items).toHaveLength(PAGE);
    const plan = await explain(sent);
    expectFrugal(plan);
    expect(distinct(indexesOf(plan))).toEqual(['entry_by_key']);
    expect(blocksOf(plan)).toBeLessThanOrEqual(BLOCKS_MAX);
  });

  it.each(['rare', 'often'])('a page by a tag that is %s reads no table whole', async (tag) => {
    const { sent, body } = await statementOf(`${ENTRIES}?tenant_id=${TENANT}&limit=${PAGE}&tags=${tag}`);
    expect(body.items).toHaveLength(PAGE);
    const plan = await explain(sent);
    for (const node of nodesOf(plan)) expect(node['Node Type']).not.toBe('Seq Scan');
    expect(distinct(indexesOf(plan)).some((name) => name.startsWith('entry_tag'))).toBe(true);
    expect(blocksOf(plan)).toBeLessThanOrEqual(3 * BLOCKS_MAX);
  });

  it('a page by a part of the name goes over the index of trigrams, under row-level security too', async () => {
    const { sent, body } = await statementOf(`${ENTRIES}?tenant_id=${TENANT}&limit=${PAGE}&q=SETTING777777`);
    expect(body.items.map(({ key }: any) => key)).toEqual(['service777.setting777777']);
    const plan = await explain(sent);
    for (const node of nodesOf(plan)) expect(node['Node Type']).not.toBe('Seq Scan');
    expect(blocksOf(plan)).toBeLessThanOrEqual(BLOCKS_MAX);
  });

  it('an entry by its id is one row by the primary key', async () => {
    const { body } = await api.get(`${ENTRIES}?tenant_id=${TENANT}&limit=1`);
    const plan = await explain((await statementOf(`${ENTRIES}/${body.items[0].id}`)).sent);
    expectFrugal(plan);
    expect(distinct(indexesOf(plan))).toEqual(['entry_pkey']);
    expect(blocksOf(plan)).toBeLessThanOrEqual(10);
  });
});
