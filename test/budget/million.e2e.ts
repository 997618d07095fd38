import pg from 'pg';
import { Database } from '#platform/database';
import { TestApi } from '../api.js';
import { BUDGET, ITEMS } from './made.js';
import { blocksOf, explained, indexesOf, nodesOf, wholeTables } from '../plan.js';
import type { Plan, Sent } from '../plan.js';

const TENANT = 'acme';
const COUNT = 1_000_000;
const PAGE = 100;
/** Blocks of 8 KiB that one page may touch: its rows, and the way down to them. */
const BLOCKS_MAX = 12 * PAGE;
/** A hundred thousand entries of an index, and the names of a hundred groups. */
const REPORT_BLOCKS_MAX = 3_000;
/** A thousand rows, and of each its two payees and its category. */
const EXPORT_BLOCKS_MAX = 12_000;
const LOADING_MS = 300_000;

let api: TestApi;
let owner: pg.Pool;

const id = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
const idOf = (n: string): string =>
  `('00000000-0000-4000-8000-' || lpad(to_hex((${n})::int), 12, '0'))::uuid`;

/** Ids of what items are of, far from the items' own. */
const [PAYEES, CATEGORIES, TEAMS, IMPORTS] = [2_000_000, 3_000_000, 4_000_000, 5_000_000];
/** In every fourth item, on one side or the other. */
const HOUSEHOLD = id(PAYEES);
const STAMPS = `timestamptz '2026-01-01', timestamptz '2026-01-01' + n * interval '1 second', 'test', 'test'`;

/** Ten years of items, between a household and a thousand others, in fifty categories. */
beforeAll(async () => {
  api = await TestApi.start();
  owner = new pg.Pool({ connectionString: api.database.url });
  await owner.query(`
    insert into budget.payee (id, tenant, version, name, name_key, labels, search_text, created_at, updated_at, created_by, updated_by)
    select ${idOf(`${PAYEES} + n`)}, '${TENANT}', 1, 'p', 'p', '{}', 'p', ${STAMPS} from generate_series(0, 1000) as n;
    insert into budget.category (id, tenant, version, name, name_key, search_text, created_at, updated_at, created_by, updated_by)
    select ${idOf(`${CATEGORIES} + n`)}, '${TENANT}', 1, 'c' || n, 'c' || n, 'c', ${STAMPS} from generate_series(0, 49) as n;
    insert into budget.import (id, tenant, version, format, total, created, unchanged, failed, created_at, updated_at, created_by, updated_by)
    select '${id(IMPORTS)}', '${TENANT}', 1, 'csv', 5000, 5000, 0, 0, ${STAMPS} from generate_series(1, 1) as n;`);
  await loaded(`
    insert into budget.item (id, tenant, version, item, amount, currency, flow, payor_id, payee_id, category_id,
      transaction_date, status, team_id, environment, labels, import_id, search_text, created_at, updated_at, created_by, updated_by)
    select ${idOf('n')}, '${TENANT}', 1, 'i' || n, 1 + n * 7919::bigint % 100000, case when n % 1000 = 1 then 'EUR' else 'USD' end,
      case when n % 10 = 0 then 'inflow' else 'outflow' end,
      ${idOf(`${PAYEES} + case when n % 8 = 0 then 0 else 1 + n % 500 end`)},
      ${idOf(`${PAYEES} + case when n % 8 = 4 then 0 else 501 + n % 500 end`)},
      case when n % 4 > 0 then ${idOf(`${CATEGORIES} + n % 50`)} end,
      date '2017-01-01' + (n * 3652::bigint / ${COUNT})::int,
      case when n % 20000 = 3 then 'planned' when n % 100 = 5 then 'pending' when n % 3 = 0 then 'cleared' else 'reconciled' end,
      case when n % 100 = 7 then ${idOf(`${TEAMS} + n % 500`)} end, case when n % 5000 = 11 then 'staging' end,
      case when n % 1000 = 13 then '{"trip": "paris"}' when n % 20 = 2 then '{"trip": "home"}' else '{}' end::json,
      case when n between 500000 and 504999 then '${id(IMPORTS)}'::uuid end,
      'i' || n % 7 || case when n = 777777 then ' needle' else '' end, ${STAMPS}
    from generate_series(1, ${COUNT}) as n`);
  await owner.query(`
    insert into budget.item_label (tenant, key, value, item_id)
    select tenant, 'trip', labels ->> 'trip', id from budget.item where labels::text <> '{}';
    analyze budget.payee, budget.category`);
  await owner.query('vacuum (analyze) budget.item, budget.item_label');
}, LOADING_MS);

/** Without its indexes and triggers while it goes on: row by row, they take several times as long. */
async function loaded(insert: string): Promise<void> {
  const { rows } = await owner.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes
     where schemaname = 'budget' and tablename = 'item' and indexname <> 'item_pkey'`,
  );
  await owner.query(`
    set maintenance_work_mem = '256MB';
    alter table budget.item disable trigger all;
    drop index ${rows.map(({ name }) => `budget.${name}`).join(', ')};
    ${insert};
    ${rows.map(({ definition }) => definition).join(';\n')};
    alter table budget.item enable trigger all;`);
}

afterAll(async () => {
  await owner.end();
  await api.stop();
});

/** The very statements that the service sends for a request. */
async function statementsOf(path: string): Promise<{ sent: Sent[]; body: any }> {
  const read = jest.spyOn(api.part(Database), 'read');
  const { status, body } = await api.get(path);
  const statements = read.mock.calls
    .map(([statement]) => statement)
    .filter(({ text }) => /budget\.item/.test(text));
  read.mockRestore();
  expect([path, status]).toEqual([path, 200]);
  return { sent: statements.map(({ text, values = [] }) => ({ text, values })), body };
}

const explain = (sent: Sent): Promise<Plan> => explained(owner, sent, TENANT);

describe('with a million items', () => {
  const some = id(PAYEES + 7);
  const other = id(PAYEES + 8);
  const category = id(CATEGORIES + 7);

  it.each([
    ['', 'item_by_date'],
    ['&sort=transaction_date', 'item_by_date'],
    ['&sort=item', 'item_by_name'],
    ['&sort=-updated_at', 'item_by_updated_at'],
    ['&currency=USD&sort=-amount', 'item_by_amount'],
    ['&currency=USD&amount_min=10&amount_max=20&sort=amount', 'item_by_amount'],
    [`&payor_id=${some}`, 'item_of_payor'],
    [`&payee_id=${HOUSEHOLD}`, 'item_of_payee'],
    [`&payor_id=${some},${other}`, 'item_of_payor'],
    [`&party_id=${some}`, 'item_of_payee'],
    [`&party_id=${HOUSEHOLD}`, 'item_of_payor'],
    [`&party_id=${HOUSEHOLD},${other}`, 'item_of_payor'],
    [`&category_id=${category}`, 'item_of_category'],
    [`&team_id=${id(TEAMS + 7)}`, 'item_of_team'],
    ['&status=pending', 'item_by_status'],
    ['&status=pending,cleared', 'item_by_status'],
    ['&from=2020-01-01&until=2021-01-01', 'item_by_date'],
    [`&category_id=${category}&from=2020-01-01&until=2021-01-01`, 'item_of_category'],
    ['&flow=outflow', 'item_by_flow'],
    ['&flow=inflow', 'item_by_flow'],
    ['&flow=inflow&sort=transaction_date', 'item_by_flow'],
  ])('a page of%s follows an index, the first as one from the depth', async (query, index) => {
    const path = `${ITEMS}?tenant_id=${TENANT}&limit=${PAGE}${query}`;
    const first = await statementsOf(path);
    const depth = await statementsOf(`${path}&cursor=${await deep(path)}`);
    for (const { sent, body } of [first, depth]) {
      expect([sent.length, body.items.length]).toEqual([1, PAGE]);
      const plan = await explain(sent[0] as Sent);
      expect(wholeTables(plan)).toEqual([]);
      expect(indexesOf(plan)).toContain(index);
      expect(blocksOf(plan)).toBeLessThanOrEqual(BLOCKS_MAX);
    }
  });

  /** The cursor after as many items as a page may have. */
  const deep = async (path: string): Promise<string> =>
    (await api.get(path.replace(`limit=${PAGE}`, 'limit=1000'))).body.next_cursor;

  it.each([
    ['&status=planned', 50, 'item_by_status', BLOCKS_MAX],
    ['&environment=staging', PAGE, 'item_by_environment', BLOCKS_MAX],
    [`&import_id=${id(IMPORTS)}`, PAGE, 'item_of_import', BLOCKS_MAX],
    ['&currency=EUR', PAGE, 'item_by_amount', 3_000],
    ['&selector=trip%3Dparis', PAGE, 'item_label_value', 10_000],
    ['&q=needle', 1, null, BLOCKS_MAX],
    [`&party_id=${some}&category_id=${category}&status=pending`, 0, null, 30_000],
  ])('the few of%s are found over an index', async (query, count, index, blocks) => {
    const { sent, body } = await statementsOf(`${ITEMS}?tenant_id=${TENANT}&limit=${PAGE}${query}`);
    expect([sent.length, body.items.length]).toEqual([1, count]);
    const plan = await explain(sent[0] as Sent);
    expect(wholeTables(plan)).toEqual([]);
    if (index !== null) expect(indexesOf(plan)).toContain(index);
    expect(blocksOf(plan)).toBeLessThanOrEqual(blocks);
  });
});

describe('a payee with a quarter of a million items', () => {
  it('is not merged into another one', async () => {
    const refused = await api.post(`${BUDGET}/payees/${HOUSEHOLD}/merge`, { into: id(PAYEES + 7) });
    expect([refused.status, refused.body.code, refused.body.items]).toEqual([
      409,
      'merge_too_large',
      COUNT / 4,
    ]);
  });
});

describe('a year of a million items', () => {
  const year = 'from=2025-01-01&until=2026-01-01';

  it.each([
    ...['category', 'payee', 'team', 'environment', 'month'].map((by) => `summary?group_by=${by}`),
    ...['day', 'week', 'month'].map((interval) => `timeseries?interval=${interval}`),
    `summary?currency=USD&flow=outflow&status=cleared`,
  ])('is reported from an index alone: %s', async (report) => {
    const { sent } = await statementsOf(`${BUDGET}/reports/${report}&tenant_id=${TENANT}&${year}`);
    expect(sent).toHaveLength(1);
    const plan = await explain(sent[0] as Sent);
    expect(itemsReadBy(plan)).toEqual(['Index Only Scan of item_by_date']);
    expect(blocksOf(plan)).toBeLessThanOrEqual(REPORT_BLOCKS_MAX);
  });

  it('is found where the question names no year', async () => {
    const { sent } = await statementsOf(`${BUDGET}/reports/timeseries?tenant_id=${TENANT}&interval=day`);
    const [ends] = await Promise.all(sent.map(explain));
    expect(sent).toHaveLength(2);
    expect(indexesOf(ends as Plan)).toEqual(['item_by_date', 'item_by_date']);
    expect(blocksOf(ends as Plan)).toBeLessThanOrEqual(100);
  });

  it('leaves page by page, each as dear as its rows', async () => {
    const days = 'from=2025-03-01&until=2025-03-09';
    const { sent } = await statementsOf(`${BUDGET}/export?tenant_id=${TENANT}&${days}&format=hledger`);
    expect(sent).toHaveLength(3);
    for (const statement of sent) {
      const plan = await explain(statement);
      expect(itemsReadBy(plan)).toEqual(['Index Scan of item_by_date']);
      expect(blocksOf(plan)).toBeLessThanOrEqual(EXPORT_BLOCKS_MAX);
    }
  });

  const itemsReadBy = (plan: Plan): string[] =>
    nodesOf(plan)
      .filter((node) => node['Relation Name'] === 'item')
      .map((node) => `${node['Node Type']} of ${node['Index Name']}`);
});
