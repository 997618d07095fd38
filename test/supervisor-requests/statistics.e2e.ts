import pg from 'pg';
import { Database } from '#platform/database';
import { TestApi } from '../api.js';
import { aStore, aTenant, sow, storeOf, whileUnswept } from './sown.js';

const COUNT = 100_000;
const CLAIMED = 10_000;
/** Blocks of 8 KiB that finding the next free request may touch, however many are claimed before it. */
const NEXT_BLOCKS_MAX = 60;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Plan[];
}

let api: TestApi;
let owner: pg.Pool;

beforeAll(async () => {
  api = await TestApi.start();
  owner = new pg.Pool({ connectionString: api.database.url });
});

afterAll(async () => {
  await owner.end();
  await api.stop();
});

const statistics = async (store: string, query = ''): Promise<any> =>
  (await api.get(storeOf(store, `/stats${query}`))).body;

const instant = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();

describe('statistics of a store', () => {
  it('tell what became of its requests, and null where there is nothing to tell', async () => {
    const store = aStore();
    const nothing = await api.get(storeOf(store, '/stats'));
    expect(nothing.status).toBe(200);
    expect(nothing.body).toEqual({
      ...{ store_id: store, tenant_id: null, from: null, until: null, as_of: expect.any(String) },
      counts: { pending_response: 0, response_received: 0, timeout: 0, cancelled: 0 },
      resolutions: { resolved: 0, unresolved: 0 },
      ...{ timeout_rate: null, seconds_to_claim: null, seconds_to_response: null, oldest_pending: null },
      backlog: [1, 2, 3, 4, 5].map((priority) => ({ priority, count: 0 })),
    });

    const responded = { store, status_code: 'response_received', resolution: 'resolved' } as const;
    await sow(api, [
      ...Array.from({ length: 100 }, (_, index) => ({
        ...{ ...responded, made: -1_000, claimed_after: (index + 1) / 1_000, responded_after: index + 1 },
      })),
      { store, made: -1_000, status_code: 'timeout', resolution: 'unresolved' },
      { store, made: -1_000, status_code: 'timeout', resolution: 'resolved', responded_after: 5_000 },
      { store, made: -1_000, status_code: 'cancelled', resolution: 'unresolved', claimed_after: 500 },
      { store, made: -300, priority: 1 },
      { store, made: -200, priority: 1, claimed_by: 'key:a', claim_expires: 100, claimed_after: 700 },
      { store, made: -100, priority: 5 },
      { store: aStore() },
    ]);
    const told = await statistics(store);
    expect(told).toMatchObject({
      counts: { pending_response: 3, response_received: 100, timeout: 2, cancelled: 1 },
      resolutions: { resolved: 101, unresolved: 2 },
      timeout_rate: 2 / 103,
      seconds_to_claim: { p50: 0.051, p90: 0.092, p95: 0.097 },
      seconds_to_response: { p50: 50, p90: 90, p95: 95 },
      backlog: [2, 0, 0, 0, 1].map((count, index) => ({ priority: index + 1, count })),
    });
    const { request_timestamp, age_seconds } = told.oldest_pending;
    expect(age_seconds).toBeCloseTo((Date.parse(told.as_of) - Date.parse(request_timestamp)) / 1_000, 6);
    expect(age_seconds).toBeGreaterThanOrEqual(300);
  });

  it('are of a half-open window, but for what is pending now', async () => {
    const store = aStore();
    const tenant = aTenant();
    const cancelled = { store, status_code: 'cancelled', resolution: 'unresolved' } as const;
    const [early = ''] = await sow(api, [
      { ...cancelled, tenant, made: -300 },
      { ...cancelled, made: -100 },
      { store, tenant, made: -300, priority: 2 },
    ]);
    const { rows } = await owner.query(
      'select request_timestamp as at from supervisor.request where id = $1',
      [early],
    );
    const at = rows[0].at.toISOString();
    const count = async (query: string): Promise<unknown[]> => {
      const { counts, backlog, oldest_pending } = await statistics(store, query);
      return [counts.cancelled, counts.pending_response, backlog[1].count, oldest_pending?.request_timestamp];
    };
    const own = `?tenant_id=${tenant}`;
    expect(await count(own)).toEqual([2, 1, 1, at]);
    expect(await count(`${own}&from=${at}`)).toEqual([2, 1, 1, at]);
    expect(await count(`${own}&until=${at}`)).toEqual([0, 0, 1, at]);
    expect(await count(`${own}&from=${instant(-200)}&until=${instant(0)}`)).toEqual([1, 0, 1, at]);
    expect(await count('')).toEqual([1, 0, 0, undefined]);
    expect((await statistics(store, `?from=${at}`)).from).toBe(at);
  });

  it('count what is over and not yet settled as what it is', () =>
    whileUnswept(api, async () => {
      const store = aStore();
      const over = { store, made: -10, expires: -5, priority: 4 } as const;
      const silent = { ...over, on_timeout: 'default_response' } as const;
      const default_response = { text: 'No', decision: 'answered', data: null };
      await sow(api, [
        ...Array.from({ length: 600 }, () => over),
        ...Array.from({ length: 10 }, () => ({ ...silent, expires: -1, default_response })),
        { store, priority: 4, made: -1 },
      ]);
      for (const settled of [500, 611]) {
        const told = await statistics(store);
        expect(told).toMatchObject({
          counts: { pending_response: 1, timeout: 610 },
          resolutions: { resolved: 10, unresolved: 600 },
          timeout_rate: 1,
        });
        expect(told.backlog[3]).toEqual({ priority: 4, count: 1 });
        expect(told.oldest_pending.age_seconds).toBeLessThan(10);
        const { rows } = await owner.query(
          `select count(*)::int from supervisor.request where store_id = $1 and status_code = 'timeout'`,
          [store],
        );
        expect(rows[0].count).toBe(Math.min(settled, 610));
      }
    }));

  it('are asked for with everything that is wrong told at once', async () => {
    const { status, body } = await api.get(
      storeOf('a\tb', '/stats?from=2026-02-30T00:00:00Z&until=2026-13-01T00:00:00Z'),
    );
    expect([status, body.errors.map(({ pointer, code }: any) => `${pointer} ${code}`)]).toEqual([
      400,
      ['/until pattern'],
    ]);
    const { body: days } = await api.get(
      storeOf('a\tb', '/stats?from=2026-02-30T00:00:00Z&until=2026-02-31T00:00:00Z'),
    );
    expect(days.errors.map(({ pointer, code }: any) => `${pointer} ${code}`)).toEqual([
      '/store_id pattern',
      '/from pattern',
      '/until pattern',
    ]);
    expect((await api.get(storeOf(aStore(), '/stats'), { key: await api.key('device', null) })).status).toBe(
      403,
    );
    const bound = { key: await api.key('viewer', aTenant()) };
    expect((await api.get(storeOf(aStore(), `/stats?tenant_id=${aTenant()}`), bound)).status).toBe(403);
  });
});

describe('of a store with 100,000 requests', () => {
  const store = aStore();

  beforeAll(async () => {
    await owner.query(`
      insert into supervisor.request (id, tenant, version, store_id, kind, question, details, priority, request_timestamp, expires_at,
        status_code, resolution, settled_at, claimed_by, claim_expires_at, first_claimed_at, responded_at, on_timeout, allow_late_response,
        requested_by, escalation, escalated, due_at, search_text, created_at, updated_at, created_by, updated_by)
      select md5(n::text)::uuid, '_shared', 1, '${store}', 'question', repeat('May the freezer be switched off? ', 10), '{"by": "the manager"}', 1 + (n > ${2 * CLAIMED})::int * n % 5, t.at, now() + interval '1 day',
        case when pending then 'pending_response' else 'response_received' end, case when not pending then 'resolved' end,
        case when not pending then t.at + interval '90 s' end,
        case when claimed then 'key:a' end, case when claimed then now() + interval '1 hour' end, t.at + interval '30 s',
        case when not pending then t.at + interval '90 s' end, 'unresolved', false, 'key:a', '[]', 0,
        case when claimed then now() + interval '1 hour' when pending then now() + interval '1 day' end, '', t.at, t.at, 'key:a', 'key:a'
      from generate_series(1, ${COUNT}) as n
      cross join lateral (select timestamptz '2026-01-01' + n * interval '10 s' as at, n <= ${CLAIMED} as claimed, n % 4 = 0 or n <= ${CLAIMED} as pending) as t`);
    await owner.query('analyze supervisor.request');
  });

  it('the next free one is found at once, behind ten thousand claimed ones', async () => {
    const { sent, answer } = await statementOf(/wanted.*skip locked/s, () =>
      api.post(storeOf(store, '/claim-next')),
    );
    expect(answer.status).toBe(200);
    const plan = await explain(sent);
    const [scan] = scansOf(plan);
    expect(scan?.['Index Name']).toBe('request_free');
    expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThan(NEXT_BLOCKS_MAX);
  });
});

interface Sent {
  readonly text: string;
  readonly values: unknown[];
}

/** The very statement that the service sends for a request. */
async function statementOf<T>(isWanted: RegExp, ask: () => Promise<T>): Promise<{ sent: Sent; answer: T }> {
  const read = jest.spyOn(api.part(Database), 'read');
  const answer = await ask();
  const found = read.mock.calls.map(([statement]) => statement).filter(({ text }) => isWanted.test(text));
  read.mockRestore();
  const [{ text, values = [] } = { text: '' }] = found;
  return { sent: { text, values }, answer };
}

/** As the service sends it: under its role, in one transaction, which is undone. */
async function explain({ text, values }: Sent): Promise<Plan> {
  const client = await owner.connect();
  try {
    await client.query(`begin; set local role metastore_app; set local app.tenant = '*'`);
    const { rows } = await client.query(`explain (analyze, buffers, format json) ${text}`, values);
    return rows[0]['QUERY PLAN'][0].Plan;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** Everything in the plan that reads requests. */
const scansOf = (plan: Plan): Plan[] => [
  ...(plan['Relation Name'] === 'request' || plan['Index Name'] !== undefined ? [plan] : []),
  ...(plan.Plans ?? []).flatMap(scansOf),
];
