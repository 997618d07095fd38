import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { TestApi } from '../api.js';
import { administer } from '../test-database.js';
import { mistakes } from './made.js';
import { aStore, aTenant, REQUESTS, sow, storeOf } from './sown.js';

const TEAM = randomUUID();
const STORES = [aStore(), aStore()];
const TENANT = aTenant();
const CODES = ['pending_response', 'response_received', 'timeout', 'cancelled'];
const KINDS = ['question', 'approval', 'alert'];
const COUNT = 96;

let api: TestApi;
/** All that the tenant may see, as the service shows it. */
let all: any[];

beforeAll(async () => {
  api = await TestApi.start();
  const ids = await sow(
    api,
    Array.from({ length: COUNT }, (_, n) => sown(n)),
  );
  const some = (rest: number): string =>
    ids
      .filter((_, n) => n % 7 === rest)
      .map((id) => `'${id}'`)
      .join();
  const { url } = api.database;
  await administer(
    url,
    `update supervisor.request set assignee_team_id = '${TEAM}' where id in (${some(0)})`,
  );
  await administer(
    url,
    `update supervisor.request set question = 'Freezer 100%_Ä', dedupe_key = 'k-' || id,
       requested_by = 'key:other' where id in (${some(1)})`,
  );
  // What lower() knows of umlauts is a matter of the server's locale.
  await administer(url, `update supervisor.request set search_text = lower(replace(question, 'Ä', 'ä'))`);
  all = (await api.get(`${REQUESTS}?tenant_id=${TENANT}&limit=1000`)).body.items;
  expect(new Set(all.map(({ id }) => id))).toEqual(new Set(ids));
});

afterAll(() => api.stop());

/** Of two stores, of a tenant and of all, of every kind and status, and several of the same instant. */
function sown(n: number): Parameters<typeof sow>[1][number] {
  const code = CODES[n % 4];
  const claims = { claimed_by: `key:worker-${n % 3}`, claimed_after: 1, claim_expires: 900 };
  return {
    ...(n % 3 > 0 && { tenant: TENANT }),
    ...{
      store: STORES[n % 5 > 0 ? 0 : 1] ?? '',
      kind: KINDS[(n >> 2) % 3] ?? '',
      priority: 1 + ((n * 7) % 5),
    },
    ...{ made: -60 * (n % 11), status_code: code ?? '' },
    ...(code === 'pending_response' && n % 8 === 0 && claims),
    ...(code === 'response_received' && { resolution: 'resolved', responded_after: 30 }),
    ...(code === 'timeout' && { resolution: n % 8 === 2 ? 'resolved' : 'unresolved' }),
    ...(code === 'cancelled' && { resolution: 'unresolved' }),
  };
}

type Query = Record<string, string | readonly string[]>;

const textOf = (query: Query): string =>
  Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&');

/** What a filter means, said once more and without an index. */
const MEANS: Record<string, (item: any, value: any) => boolean> = {
  store_id: (item, values) => values.includes(item.store_id),
  status: (item, values) => values.includes(item.status),
  status_code: (item, values) => values.includes(item.status_code),
  priority: (item, values) => values.includes(String(item.priority)),
  kind: (item, values) => values.includes(item.kind),
  claimed: (item, is) => (item.claim !== null) === (is === 'true'),
  claimed_by: (item, values) => values.includes(item.claim?.by),
  overdue: (item, is) =>
    (item.status_code === 'timeout' && item.resolution === 'unresolved') === (is === 'true'),
  assignee_team_id: (item, values) => values.includes(item.assignee_team_id),
  requested_by: (item, values) => values.includes(item.requested_by),
  q: (item, text) => item.question.toLowerCase().includes(text.toLowerCase()),
  created_from: (item, at) => item.request_timestamp >= at,
  created_until: (item, at) => item.request_timestamp < at,
};

function wanted({ sort, ...filters }: Query): string[] {
  const found = all.filter((item) =>
    Object.entries(filters).every(([name, value]) => MEANS[name]?.(item, value)),
  );
  return found.toSorted(inOrder(orderOf(sort, filters))).map(({ id }) => id);
}

const isOnly = (values: Query[string] | undefined, value: string): boolean =>
  values !== undefined && [values].flat().every((each) => each === value);

function orderOf(sort: Query[string] | undefined, filters: Query): string[] {
  const isWork =
    isOnly(filters['status'], 'pending') ||
    isOnly(filters['status_code'], 'pending_response') ||
    filters['claimed'] === 'true' ||
    filters['claimed_by'] !== undefined;
  const terms = (sort?.toString() ?? (isWork ? 'priority' : '-request_timestamp')).split(',');
  const [last = ''] = terms.slice(-1);
  const way = last.startsWith('-') ? '-' : '';
  return [...terms, ...(last.endsWith('priority') ? [`${way}request_timestamp`] : []), `${way}id`];
}

const inOrder =
  (order: readonly string[]) =>
  (one: any, other: any): number => {
    for (const term of order) {
      const name = term.replace('-', '');
      const sign = term.startsWith('-') ? -1 : 1;
      if (one[name] !== other[name]) return one[name] < other[name] ? -sign : sign;
    }
    return 0;
  };

/** Every page of a list, and how many there are altogether, as told with each. */
async function paged(list: string, limit: number): Promise<{ ids: string[]; totals: number[] }> {
  const ids: string[] = [];
  const totals = new Set<number>();
  let cursor = '';
  do {
    const { status, body } = await api.get(`${list}&limit=${limit}&include_total=true${cursor}`);
    expect([list, status]).toEqual([list, 200]);
    expect(body.has_more).toBe(body.next_cursor !== null);
    ids.push(...body.items.map(({ id }: any) => id));
    totals.add(body.total);
    cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
  } while (cursor !== '');
  return { ids, totals: [...totals] };
}

const anyOf = (values: readonly string[]): fc.Arbitrary<string[]> =>
  fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const yesNo = fc.constantFrom('true', 'false');
it('shows what is asked for in its order, whatever the filters, the order and the pages', async () => {
  const instants = fc.integer({ min: 0, max: COUNT - 1 }).map((n): string => all[n].request_timestamp);
  const filters = {
    store_id: anyOf(STORES),
    status: anyOf(['pending', 'not_pending']),
    status_code: anyOf(CODES),
    priority: anyOf(['1', '2', '3', '4', '5']),
    kind: anyOf(KINDS),
    claimed: yesNo,
    claimed_by: anyOf(['key:worker-0', 'key:worker-1']),
    overdue: yesNo,
    assignee_team_id: fc.constant([TEAM]),
    requested_by: fc.constant(['key:other']),
    q: fc.constantFrom('%_ä', 'open', 'EEZ'),
    created_from: instants,
    created_until: instants,
  };
  const names = Object.keys(filters) as (keyof typeof filters)[];
  const sorts = fc.constantFrom(
    ...['priority', '-priority', 'request_timestamp', '-request_timestamp', 'priority,request_timestamp'],
    ...['priority,-request_timestamp', '-priority,request_timestamp', 'request_timestamp,-priority'],
  );
  // A few at once: of all filters together nothing is ever left.
  const queries = fc
    .tuple(fc.subarray(names, { maxLength: 3 }), fc.record(filters), fc.option(sorts))
    .map(([some, values, sort]): Query => ({
      ...Object.fromEntries(some.map((name) => [name, values[name]])),
      ...(sort !== null && { sort }),
    }));
  await fc.assert(
    fc.asyncProperty(queries, fc.integer({ min: 3, max: 30 }), async (query, limit) => {
      const expected = wanted(query);
      const { ids, totals } = await paged(`${REQUESTS}?tenant_id=${TENANT}&${textOf(query)}`, limit);
      expect([ids, totals]).toEqual([expected, [expected.length]]);
    }),
    { numRuns: 200 },
  );
});

it('a list of a store is the inbox with that store', async () => {
  const [store = ''] = STORES;
  const query = `tenant_id=${TENANT}&priority=1,3&sort=priority&limit=1000`;
  const { items } = (await api.get(storeOf(store, `?${query}`))).body;
  expect(items.length).toBeGreaterThan(5);
  expect(items).toEqual((await api.get(`${REQUESTS}?${query}&store_id=${store}`)).body.items);
  expect((await api.get(storeOf('no such store'))).body.items).toEqual([]);
});

it('a window that ends before it begins is empty', async () => {
  const [, first] = all;
  const at = encodeURIComponent(first.request_timestamp);
  const { body } = await api.get(`${REQUESTS}?tenant_id=${TENANT}&created_from=${at}&created_until=${at}`);
  expect(body).toMatchObject({ items: [], has_more: false, next_cursor: null });
});

describe('what ran out of time', () => {
  it('is a timeout wherever it is looked for, also where nobody has written that down', async () => {
    const store = aStore();
    const late = { tenant: TENANT, store, made: -100, expires: -1 };
    const [over, taken, open] = await sow(api, [
      late,
      {
        ...late,
        on_timeout: 'default_response',
        default_response: { text: 'No', decision: 'answered', data: null },
      },
      { ...late, expires: 900 },
    ]);
    const idsOf = async (query: string): Promise<Set<string>> => {
      const { body } = await api.get(storeOf(store, `?tenant_id=${TENANT}&${query}`));
      return new Set(body.items.map(({ id }: any) => id));
    };
    expect(await idsOf('status=pending')).toEqual(new Set([open]));
    expect(await idsOf('status=not_pending')).toEqual(new Set([over, taken]));
    expect(await idsOf('status_code=timeout')).toEqual(new Set([over, taken]));
    expect(await idsOf('overdue=true')).toEqual(new Set([over]));
    expect(await idsOf('overdue=false')).toEqual(new Set([taken, open]));
    expect(await idsOf('')).toEqual(new Set([over, taken, open]));
  });

  it('is shown so by a list that meets more of it than it settles before it looks', async () => {
    const store = aStore();
    await sow(
      api,
      Array.from({ length: 620 }, () => ({ tenant: TENANT, store, made: -100, expires: -1 })),
    );
    const { body } = await api.get(storeOf(store, `?tenant_id=${TENANT}&limit=1000`));
    expect(body.items).toHaveLength(620);
    expect(new Set(body.items.map(({ status_code }: any) => status_code))).toEqual(new Set(['timeout']));
    expect((await api.get(storeOf(store, `?tenant_id=${TENANT}&status=pending`))).body.items).toEqual([]);
  });

  it('a claim that has run out is shown no more', async () => {
    const store = aStore();
    await sow(api, [{ store, made: -100, claimed_by: 'key:gone', claimed_after: 1, claim_expires: -1 }]);
    expect((await api.get(storeOf(store))).body.items.map(({ claim }: any) => claim)).toEqual([null]);
    expect((await api.get(storeOf(store, '?claimed=true'))).body.items).toEqual([]);
    expect((await api.get(storeOf(store, '?claimed=false&status=pending'))).body.items).toHaveLength(1);
  });
});

describe('a mistaken question', () => {
  it.each([
    ['status=open', ['/status choice']],
    ['status_code=late&kind=riddle', ['/kind choice', '/status_code choice']],
    ['priority=0,6', ['/priority choice']],
    ['priority=urgent', ['/priority choice']],
    ['claimed=maybe&overdue=1', ['/claimed type', '/overdue type']],
    ['created_from=yesterday', ['/created_from pattern']],
    [
      'created_from=2026-02-30T00:00:00Z&assignee_team_id=x',
      ['/assignee_team_id pattern', '/created_from pattern'],
    ],
    ['sort=question', ['/sort choice']],
    ['limit=0', ['/limit too_small']],
    ['tenant_id=No', ['/tenant_id pattern']],
  ])('%s is told with its place', async (query, places) => {
    for (const list of [REQUESTS, storeOf('any')])
      expect(mistakes(await api.get(`${list}?${query}`))).toEqual([400, 'invalid_input', ...places]);
  });

  it('a store without a name, or with what cannot be shown in it', async () => {
    expect(mistakes(await api.get(storeOf('a\nb', '?created_from=2026-02-30T00:00:00Z')))).toEqual([
      400,
      'invalid_input',
      '/created_from pattern',
      '/store_id pattern',
    ]);
    expect(mistakes(await api.get(storeOf('x'.repeat(129))))).toEqual([
      400,
      'invalid_input',
      '/store_id too_long',
    ]);
  });

  it('a cursor leads on in its own list alone', async () => {
    const { body } = await api.get(`${REQUESTS}?tenant_id=${TENANT}&limit=5&priority=1,2`);
    const cursor = `cursor=${body.next_cursor}`;
    for (const other of [
      `${REQUESTS}?tenant_id=${TENANT}&limit=5&priority=1,3&${cursor}`,
      `${REQUESTS}?tenant_id=${TENANT}&limit=5&priority=1,2&sort=priority&${cursor}`,
      `${REQUESTS}?tenant_id=${TENANT}&limit=5&priority=1,2&created_from=2020-01-01T00:00:00Z&${cursor}`,
      `${REQUESTS}?limit=5&priority=1,2&${cursor}`,
    ])
      expect((await api.get(other)).body.code).toBe('invalid_cursor');
  });
});
