import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { TestApi } from '../api.js';
import { aCategory, aName, anItem, aPayee, aTenant, ITEMS, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

/** What a list shows, page by page. */
async function listed(tenant: string, query = '', limit = 2): Promise<any[]> {
  const items: any[] = [];
  let cursor: string | null = null;
  do {
    const path: string = `${ITEMS}?tenant_id=${tenant}&limit=${limit}${query}${cursor === null ? '' : `&cursor=${cursor}`}`;
    const { status, body } = await api.get(path);
    expect([path, status]).toEqual([path, 200]);
    items.push(...body.items);
    cursor = body.next_cursor;
  } while (cursor !== null);
  return items;
}

const names = (items: readonly any[]): string => items.map(({ item }) => item).join('');

describe('a list of items', () => {
  const tenant = aTenant();
  let [ada, bob, eve, food, rent]: string[] = [];

  beforeAll(async () => {
    const idOf = async (made: Promise<any>): Promise<string> => (await made).id;
    [ada, bob, eve] = await Promise.all([1, 2, 3].map(() => idOf(aPayee(api, { tenant_id: tenant }))));
    [food, rent] = await Promise.all([1, 2].map(() => idOf(aCategory(api, { tenant_id: tenant }))));
    const between = (payor_id?: string, payee_id?: string) => ({ tenant_id: tenant, payor_id, payee_id });
    const all = [
      { ...between(ada, bob), item: 'a', amount: '9.00', transaction_date: '2026-01-01', category_id: food },
      { ...between(bob, ada), item: 'b', amount: '10.00', transaction_date: '2026-01-02', flow: 'inflow' },
      {
        ...between(ada, eve),
        item: 'c',
        amount: '100.00',
        transaction_date: '2026-01-02',
        status: 'cleared',
      },
      { ...between(eve, bob), item: 'd', amount: '7', currency: 'JPY', transaction_date: '0001-01-01' },
      { ...between(eve, ada), item: 'e', amount: '92233720368547758.07', transaction_date: '9999-12-31' },
      {
        ...between(ada, bob),
        item: 'f',
        amount: '92233720368547758.06',
        category_id: rent,
        notes: 'Été à Paris',
      },
      {
        ...between(bob, eve),
        item: 'g',
        amount: '0.01',
        environment: 'production',
        labels: { trip: 'paris' },
      },
    ];
    for (const body of all) await anItem(api, { transaction_date: '2026-02-28', ...body });
  });

  it.each([
    ['', 'egfcbad'],
    ['&sort=transaction_date', 'dabcfge'],
    ['&sort=item', 'abcdefg'],
    ['&sort=-updated_at', 'gfedcba'],
    ['&currency=USD&sort=amount', 'gabcfe'],
    ['&currency=USD&sort=-amount', 'efcbag'],
    ['&currency=USD,JPY', 'egfcbad'],
    ['&currency=JPY', 'd'],
    ['&currency=USD&amount_min=10&amount_max=100.0', 'cb'],
    ['&currency=USD&amount_min=92233720368547758.07', 'e'],
    ['&currency=JPY&amount_max=7', 'd'],
    ['&flow=inflow', 'b'],
    ['&flow=%2B', 'b'],
    ['&flow=+', 'b'],
    ['&flow=-', 'egfcad'],
    ['&status=cleared', 'c'],
    ['&status=cleared,pending&sort=item', 'abcdefg'],
    ['&from=2026-01-02&until=2026-02-28', 'cb'],
    ['&until=0001-01-02', 'd'],
    ['&from=9999-12-31', 'e'],
    ['&environment=production', 'g'],
    ['&selector=trip%3Dparis', 'g'],
    ['&selector=!trip,trip!%3Drome&sort=item', 'abcdef'],
    ['&q=ÉTÉ', 'f'],
    ['&q=a%0Ab', ''],
    [`&import_id=${randomUUID()}`, ''],
  ])('with %s shows %s', async (query, expected) => {
    expect(names(await listed(tenant, query))).toBe(expected);
  });

  it('by who pays, who is paid, and either', async () => {
    const cases: [string, string][] = [
      [`&payor_id=${ada}`, 'fca'],
      [`&payee_id=${ada}`, 'eb'],
      [`&party_id=${ada}`, 'efcba'],
      [`&party_id=${ada?.toUpperCase()},${bob}`, 'egfcbad'],
      [`&party_id=${ada}&party_id=${bob}&sort=item`, 'abcdefg'],
      [`&party_id=${ada}&payor_id=${eve}`, 'e'],
      [`&payor_id=${ada},${eve}&payee_id=${bob}`, 'fad'],
      [`&payor_id=${ada},${ada}`, 'fca'],
      [`&category_id=${food},${rent}`, 'fa'],
      [`&party_id=${randomUUID()}`, ''],
    ];
    for (const [query, expected] of cases)
      expect([query, names(await listed(tenant, query))]).toEqual([query, expected]);
    const { body } = await api.get(
      `${ITEMS}?tenant_id=${tenant}&party_id=${ada},${bob}&include_total=true&limit=1`,
    );
    expect(body.total).toBe(7);
  });

  it('tells everything that is wrong with a question at once', async () => {
    const wrong = [
      ...['flow=up', 'currency=usd', 'amount_min=1', 'payor_id=x', 'party_id=y', 'status=paid'],
      ...['from=2026-02-30', 'until=tomorrow00', 'selector=%3D', 'category_id=z', 'sort=amount'],
    ];
    const reply = await api.get(`${ITEMS}?${wrong.join('&')}`);
    // What a parameter may say by itself is told before what they say together.
    expect([reply.status, mistakes(reply)]).toEqual([400, ['/status choice']]);
    expect(
      mistakes(await api.get(`${ITEMS}?${wrong.filter((part) => !part.startsWith('status')).join('&')}`)),
    ).toEqual([
      '/amount_min needs_currency',
      '/category_id pattern',
      '/currency unknown_currency',
      '/flow choice',
      '/from date',
      '/party_id pattern',
      '/payor_id pattern',
      '/selector selector',
      '/sort needs_currency',
      '/until date',
    ]);
    expect(mistakes(await api.get(`${ITEMS}?currency=USD,EUR&sort=-amount&amount_max=1`))).toEqual([
      '/amount_max needs_currency',
      '/sort needs_currency',
    ]);
    expect(mistakes(await api.get(`${ITEMS}?currency=USD&amount_min=1.005&amount_max=-1`))).toEqual([
      '/amount_max negative_amount',
      '/amount_min too_many_decimals',
    ]);
    expect(mistakes(await api.get(`${ITEMS}?sort=notes`))).toEqual(['/sort choice']);
  });

  it('takes a cursor for the question that it came from alone', async () => {
    const { body } = await api.get(`${ITEMS}?tenant_id=${tenant}&limit=1`);
    const cursor = `&cursor=${body.next_cursor}`;
    expect(outcome(await api.get(`${ITEMS}?tenant_id=${tenant}&limit=1&payor_id=${ada}${cursor}`))).toEqual([
      400,
      'invalid_cursor',
    ]);
  });
});

describe('money', () => {
  const MINOR: Readonly<Record<string, number>> = { USD: 2, JPY: 0, KWD: 3 };
  const amountOf = (minor: bigint, currency: string): string => {
    const decimals = MINOR[currency] ?? 0;
    const digits = minor.toString().padStart(decimals + 1, '0');
    return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  };
  const money = fc.record({
    minor: fc.oneof(
      fc.bigInt({ min: 1n, max: 10_000n }),
      fc.bigInt({ min: 1n, max: 9_223_372_036_854_775_807n }),
    ),
    currency: fc.constantFrom('USD', 'JPY', 'KWD'),
    flow: fc.constantFrom('inflow', 'outflow'),
  });
  type Money = typeof money extends fc.Arbitrary<infer T> ? T : never;
  const act = fc.oneof(
    { weight: 4, arbitrary: fc.record({ op: fc.constant('create' as const), money, which: fc.nat() }) },
    { weight: 3, arbitrary: fc.record({ op: fc.constant('update' as const), money, which: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('delete' as const), money, which: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('refused' as const), money, which: fc.nat() }) },
  );

  it('is neither made nor lost, to the last minor unit, whatever is done in whichever way', async () => {
    const tenant = aTenant();
    const [payor_id, payee_id] = [
      await aPayee(api, { tenant_id: tenant }),
      await aPayee(api, { tenant_id: tenant }),
    ].map(({ id }) => id);
    const model = new Map<string, Money>();
    const said = ({ minor, currency, flow }: Money) => ({
      amount: amountOf(minor, currency),
      currency,
      flow,
    });
    const body = (of: Money) => ({ tenant_id: tenant, item: aName(), payor_id, payee_id, ...said(of) });
    const operationOf = ({ op, money: of, which }: any): object | null => {
      const ids = [...model.keys()];
      const id = ids[which % Math.max(1, ids.length)];
      if (op === 'create') return { op, id: randomUUID(), ...body(of) };
      if (op === 'refused') return { op: 'create', ...body(of), amount: '0' };
      if (id === undefined) return null;
      return op === 'update' ? { op, id, ...said(of) } : { op, id };
    };
    const remember = (operation: any, of: Money): void => {
      if (operation.op === 'delete') model.delete(operation.id);
      else if (operation.amount !== '0') model.set(operation.id, of);
    };
    const rounds = fc.sample(fc.array(act, { minLength: 12, maxLength: 12 }), { numRuns: 20, seed: 7 });
    for (const [index, acts] of rounds.entries()) {
      const mode = index % 2 === 0 ? 'partial' : 'atomic';
      const touched = new Set<unknown>();
      const chosen = acts.flatMap((each) => {
        const operation: any = operationOf(each);
        if (operation === null || (operation.id && touched.has(operation.id))) return [];
        touched.add(operation.id ?? {});
        return [{ operation, of: each.money }];
      });
      const { status } = await api.post(`${ITEMS}/batch`, {
        mode,
        operations: chosen.map(({ operation }) => operation),
      });
      expect([200, 207, 422]).toContain(status);
      if (status !== 422) for (const { operation, of } of chosen) remember(operation, of);
    }
    expect(model.size).toBeGreaterThan(20);
    const items = await listed(tenant, '', 100);
    expect(
      new Map(items.map(({ id, amount, currency, flow }) => [id, `${amount} ${currency} ${flow}`])),
    ).toEqual(new Map([...model].map(([id, of]) => [id, Object.values(said(of)).join(' ')])));
    expect(await sumsInSql(tenant)).toEqual(sumsOf([...model.values()]));
  });

  const sumsOf = (all: readonly Money[]): Record<string, string> => {
    const sums = new Map<string, bigint>();
    for (const { minor, currency, flow } of all)
      sums.set(currency, (sums.get(currency) ?? 0n) + (flow === 'inflow' ? minor : -minor));
    return Object.fromEntries([...sums].map(([currency, sum]) => [currency, sum.toString()]));
  };

  async function sumsInSql(tenant: string): Promise<Record<string, string>> {
    const client = new pg.Client({ connectionString: api.database.url });
    await client.connect();
    const { rows } = await client.query(
      `select currency, sum(case flow when 'inflow' then amount else -amount end)::text as sum
       from budget.item where tenant = $1 group by currency order by currency`,
      [tenant],
    );
    await client.end();
    return Object.fromEntries(rows.map(({ currency, sum }) => [currency, sum]));
  }
});

it('is entered with a name once by many at once', async () => {
  const [tenant, payee] = [aTenant(), aName()];
  const entered = await Promise.all(
    Array.from({ length: 10 }, () => anItem(api, { tenant_id: tenant, payor: aName(), payee })),
  );
  expect(new Set(entered.map(({ payee_id }) => payee_id)).size).toBe(1);
});
