import pg from 'pg';
import { Cursors, Database } from '#platform/database';
import { TestApi } from '../api.js';
import { makeMany, STORE, TEAM, TENANT } from './many-requests.js';
import { blocksOf, explained, nodesOf } from '../plan.js';
import type { Plan, Sent } from '../plan.js';

const PAGE = 100;
/** Blocks of 8 KiB on the way down an index and to the rows of a page: what was asked together lies apart. */
const BLOCKS_OF_PART = 12;
const QUEUE = 'priority, request_timestamp, id';
const LATEST = 'request_timestamp desc, id desc';
const FROM = '2020-04-01T00:00:00Z';
const UNTIL = '2020-08-01T00:00:00Z';
const WINDOW = `created_from=${FROM}&created_until=${UNTIL}`;
const IN_WINDOW = `request_timestamp >= '${FROM}' and request_timestamp < '${UNTIL}'`;
/** What is made in these months, of the tenant and of all. */
const IN_WINDOW_COUNT = 179_194;
const PENDING = `status_code = 'pending_response'`;
const OVER = `status_code <> 'pending_response'`;

/** A list, and the same in SQL. */
interface Listed {
  readonly where: string;
  readonly order: string;
  readonly index: string;
  /** Another one, where a part has so few rows that it does not matter. */
  readonly also?: string;
  readonly parts: number;
  /** Rows looked at and not shown, where a filter is no part of an index. */
  readonly passedOver?: number;
  /** Every part is read as if it were the page, and then sorted: the order begins with what the parts are made of. */
  readonly sorted?: boolean;
}

let api: TestApi;
let owner: pg.Pool;

beforeAll(async () => {
  api = await TestApi.start();
  owner = new pg.Pool({ connectionString: api.database.url });
  await makeMany(owner);
});

afterAll(async () => {
  await owner.end();
  await api.stop();
});

/** The very statement that the service sends for a question, and its answer. */
async function statementOf(isWanted: RegExp, path: string): Promise<{ sent: Sent; body: any }> {
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

/** The very statement that the service sends for a page, and a cursor of the same list that leads elsewhere. */
async function pageOf(path: string): Promise<{ sent: Sent; body: any; leadTo: (at: any[]) => string }> {
  const seal = jest.spyOn(api.part(Cursors), 'seal');
  const { sent, body } = await statementOf(/keyset/, path);
  const [scope] = seal.mock.calls[0] ?? [];
  seal.mockRestore();
  return { sent, body, leadTo: (at) => api.part(Cursors).seal(scope, at) };
}

const explain = (sent: Sent, caller: string): Promise<Plan> => explained(owner, sent, caller);

/** Every part goes along the index and reads no more than a page; what is merged is no more than those pages. */
function expectFrugal(plan: Plan, { index, also, parts, passedOver = 0, sorted = false }: Listed): void {
  const nodes = nodesOf(plan);
  const scans = nodes.filter((node) => node['Relation Name'] === 'request');
  expect(scans.map((node) => node['Node Type'])).toEqual(scans.map(() => 'Index Scan'));
  const indexes = new Set(scans.map((node) => node['Index Name']).filter((name) => name !== also));
  expect([...indexes]).toEqual([index]);
  expect(scans.length).toBeLessThanOrEqual(parts);
  for (const scan of scans) {
    const looked = scan['Actual Rows'] + (scan['Rows Removed by Filter'] ?? 0);
    expect(looked).toBeLessThanOrEqual(PAGE + 1 + passedOver);
  }
  const sorts = nodes.filter((node) => node['Node Type'] === 'Sort');
  expect(sorts.length).toBeLessThanOrEqual(sorted ? 1 : 0);
  const rows = scans.reduce((sum, scan) => sum + scan['Actual Rows'], 0);
  expect(rows).toBeLessThanOrEqual(sorted ? parts * (PAGE + 1) : PAGE + 1 + parts);
  expect(blocksOf(plan)).toBeLessThanOrEqual(rows + passedOver + parts * BLOCKS_OF_PART);
}

/** Where a page near the end begins. */
async function nearTheEnd({ where, order }: Listed): Promise<any[]> {
  const terms = order.split(', ').map((term) => term.split(' '));
  const columns = terms.map(([column]) => column ?? '');
  const backwards = terms.map(([column, way]) => `${column} ${way ? 'asc' : 'desc'}`).join(', ');
  const shown = columns.map((column) =>
    column === 'request_timestamp'
      ? `to_char(request_timestamp at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
      : column,
  );
  const { rows } = await owner.query(
    `select json_build_array(${shown.join(', ')}) as at from supervisor.request
     where tenant = $1 and ${where} order by ${backwards} offset 20 limit 1`,
    [TENANT],
  );
  return rows[0].at;
}

const idsOf = async ({ where, order }: Listed): Promise<string[]> => {
  const { rows } = await owner.query(
    `select id from supervisor.request where tenant in ($1, '_shared') and ${where} order by ${order} limit ${PAGE}`,
    [TENANT],
  );
  return rows.map(({ id }) => id);
};

/** The first page is right; it, one in the middle and one near the end cost as little as each other. */
async function expectFlat(path: string, listed: Listed): Promise<void> {
  const list = `${path}${path.includes('?') ? '&' : '?'}tenant_id=${TENANT}&limit=${PAGE}`;
  const first = await pageOf(list);
  expect(first.body.items.map(({ id }: any) => id)).toEqual(await idsOf(listed));
  const sent = [first.sent];
  if (first.body.has_more) {
    const second = await pageOf(`${list}&cursor=${first.body.next_cursor}`);
    expect(second.body.items).toHaveLength(Math.min(PAGE, second.body.items.length));
    const cursor = second.leadTo(await nearTheEnd(listed));
    const last = await pageOf(`${list}&cursor=${cursor}`);
    expect([last.body.items.length > 15, last.body.has_more]).toEqual([true, false]);
    sent.push(second.sent, last.sent);
  }
  for (const statement of sent)
    for (const caller of [TENANT, '*']) expectFrugal(await explain(statement, caller), listed);
}

const NEWEST_OF_EACH = 'priority, request_timestamp desc, id desc';
const queue = (parts: number, where = PENDING): Listed => ({
  where,
  order: QUEUE,
  index: 'request_queue',
  also: 'request_history',
  parts,
});
const history = (parts: number, where = OVER): Listed => ({
  ...{ where, order: LATEST, index: 'request_history', parts },
});

describe('of 400,000 requests of one store, a page of', () => {
  it.each<[string, Listed]>([
    ['status=pending', queue(2)],
    ['status=pending&priority=1,2', { ...queue(4, `${PENDING} and priority in (1, 2)`), sorted: true }],
    ['status=pending&priority=3,1', { ...queue(4, `${PENDING} and priority in (1, 3)`), sorted: true }],
    [`status=pending&${WINDOW}`, { ...queue(10, `${PENDING} and ${IN_WINDOW}`), sorted: true }],
    [
      `status=pending&priority=1,3&${WINDOW}`,
      { ...queue(4, `${PENDING} and priority in (1, 3) and ${IN_WINDOW}`), sorted: true },
    ],
    [
      'status=pending&sort=priority,-request_timestamp',
      { ...queue(10), order: NEWEST_OF_EACH, sorted: true },
    ],
    ['status=pending&sort=-request_timestamp', history(2, PENDING)],
    ['status=not_pending', history(6)],
    [`status=not_pending&${WINDOW}`, history(6, `${OVER} and ${IN_WINDOW}`)],
    ['status=not_pending&sort=priority,request_timestamp', queue(6, OVER)],
    [
      `status=not_pending&sort=priority&${WINDOW}`,
      { ...queue(30, `${OVER} and ${IN_WINDOW}`), sorted: true },
    ],
    ['status=not_pending&priority=1,3', { ...queue(12, `${OVER} and priority in (1, 3)`), order: LATEST }],
    ['status_code=timeout', history(2, `status_code = 'timeout'`)],
    ['status_code=cancelled', history(2, `status_code = 'cancelled'`)],
    [`status_code=timeout&${WINDOW}`, history(2, `status_code = 'timeout' and ${IN_WINDOW}`)],
    [
      `status_code=timeout&priority=2&${WINDOW}`,
      { ...queue(2, `status_code = 'timeout' and priority = 2 and ${IN_WINDOW}`), order: LATEST },
    ],
    ['', history(8, 'true')],
    [WINDOW, history(8, IN_WINDOW)],
    ['status=pending&claimed=false', { ...queue(2, `${PENDING} and claimed_by is null`), passedOver: 4 }],
  ])('%s', (query, listed) =>
    expectFlat(`/api/v1/stores/${STORE}/supervisor-requests?${query}`, {
      ...listed,
      where: `store_id = '${STORE}' and ${listed.where}`,
    }),
  );
});

it('of 400,000 requests of one store, statistics of some months read indexes, and rows for nothing', async () => {
  const path = `/api/v1/stores/${STORE}/supervisor-requests/stats?tenant_id=${TENANT}`;
  const { sent, body } = await statementOf(/with overdue/, `${path}&from=${FROM}&until=${UNTIL}`);
  const { pending_response: pending, response_received: answered, timeout, cancelled } = body.counts;
  expect(pending + answered + timeout + cancelled).toBe(IN_WINDOW_COUNT);
  for (const caller of [TENANT, '*']) {
    const scans = nodesOf(await explain(sent, caller)).filter(
      (node) => node['Relation Name'] === 'request' && node['Actual Rows'] > 1,
    );
    expect(scans.map((scan) => `${scan['Node Type']}: ${scan['Index Name']}`)).toEqual([
      'Index Only Scan: request_queue',
      'Index Only Scan: request_history',
    ]);
    for (const scan of scans) expect(scan['Heap Fetches']).toBeLessThan(IN_WINDOW_COUNT / 10);
  }
});

describe('of the requests of all stores, a page of', () => {
  const ofKind = (parts: number, where: string): Listed => ({
    ...{ where, order: QUEUE, index: 'request_of_kind', parts },
  });
  const ofTeam = `assignee_team_id = '${TEAM}'`;

  it.each<[string, Listed]>([
    ['', { where: 'true', order: LATEST, index: 'request_by_time', parts: 8 }],
    [WINDOW, { where: IN_WINDOW, order: LATEST, index: 'request_by_time', parts: 8 }],
    ['overdue=true', { where: `status_code = 'timeout'`, order: LATEST, index: 'request_by_time', parts: 2 }],
    ['status=pending', ofKind(6, PENDING)],
    ['status=pending&kind=alert', ofKind(2, `${PENDING} and kind = 'alert'`)],
    ['kind=alert', { ...ofKind(40, `kind = 'alert'`), order: LATEST }],
    ['status=pending&priority=2', { ...ofKind(6, `${PENDING} and priority = 2`), sorted: true }],
    [
      `status=pending&assignee_team_id=${TEAM}`,
      { where: `${PENDING} and ${ofTeam}`, order: QUEUE, index: 'request_of_team', parts: 2 },
    ],
    [`assignee_team_id=${TEAM}`, { where: ofTeam, order: LATEST, index: 'request_of_team', parts: 40 }],
    ['claimed=true', { where: 'claimed_by is not null', order: QUEUE, index: 'request_claimed', parts: 2 }],
    [
      'store_id=store-1005,store-1007&status=pending',
      queue(4, `${PENDING} and store_id in ('store-1005', 'store-1007')`),
    ],
    ['store_id=store-1005', history(8, `store_id = 'store-1005'`)],
  ])('%s', (query, listed) => expectFlat(`/api/v1/supervisor-requests?${query}`, listed));

  it('what is said in a question goes over the index of trigrams', async () => {
    const path = `/api/v1/supervisor-requests?tenant_id=${TENANT}&limit=${PAGE}&q=QUESTION%20377777`;
    const { sent, body } = await pageOf(path);
    expect(body.items.map(({ question }: any) => question)).toEqual(['Question 377777']);
    const plan = await explain(sent, TENANT);
    for (const node of nodesOf(plan)) expect(node['Node Type']).not.toBe('Seq Scan');
    expect(blocksOf(plan)).toBeLessThanOrEqual(40 * PAGE);
  });
});
