import fc from 'fast-check';
import { TestApi } from '../api.js';
import { aCategory, aName, anItem, aPayee, aTenant, BUDGET, ITEMS, mistakes, outcome } from './made.js';

const SUMMARY = `${BUDGET}/reports/summary`;
const SERIES = `${BUDGET}/reports/timeseries`;

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

async function reported(path: string, tenant: string, query = ''): Promise<any> {
  const { status, body } = await api.get(`${path}?tenant_id=${tenant}${query}`);
  expect([query, status, body.errors]).toEqual([query, 200, undefined]);
  return body;
}

const summary = (tenant: string, query = ''): Promise<any> => reported(SUMMARY, tenant, query);
const series = (tenant: string, query = ''): Promise<any> => reported(SERIES, tenant, query);
const lines = (rows: readonly any[]): string[] =>
  rows.map((row) =>
    [row.key, row.name, row.groups, row.currency, row.inflow, row.outflow, row.net, row.count]
      .filter((cell) => cell !== undefined)
      .join(' '),
  );

describe('a summary', () => {
  const tenant = aTenant();
  let [home, shop, food, bread]: any[] = [];

  beforeAll(async () => {
    const [homes, shops] = [aName(), aName()];
    home = await aPayee(api, { tenant_id: tenant, name: homes });
    shop = await aPayee(api, { tenant_id: tenant, name: shops });
    food = await aCategory(api, { tenant_id: tenant, name: 'Food' });
    bread = await aCategory(api, { tenant_id: tenant, name: 'Bread', parent_id: food.id });
    const out = { tenant_id: tenant, payor_id: home.id, payee_id: shop.id, amount: '10.00' };
    const into = { ...out, payor_id: shop.id, payee_id: home.id, flow: 'inflow' };
    const all = [
      { ...out, category_id: food.id, transaction_date: '2025-12-31', status: 'cleared' },
      { ...out, category_id: bread.id, transaction_date: '2026-01-01', amount: '0.01' },
      { ...into, category_id: bread.id, transaction_date: '2026-01-31', amount: '30.00' },
      { ...out, transaction_date: '2026-02-01', status: 'reconciled', environment: 'production' },
      { ...out, transaction_date: '2026-02-01', status: 'planned', amount: '999.00' },
      { ...out, category_id: food.id, transaction_date: '2026-02-28', amount: '7', currency: 'JPY' },
    ];
    for (const item of all) await anItem(api, item);
    await anItem(api, { amount: '5.00' }); // A shared one: not of the tenant.
  });

  it('is by category unless something else is asked for, currency by currency', async () => {
    const { group_by, items, rest, totals } = await summary(tenant);
    expect([group_by, rest]).toEqual(['category', []]);
    expect(lines(items)).toEqual([
      `${food.id} Food JPY 0 7 -7 1`,
      `${bread.id} Food:Bread USD 30.00 0.01 29.99 2`,
      `${food.id} Food USD 0.00 10.00 -10.00 1`,
      '  USD 0.00 10.00 -10.00 1',
    ]);
    expect(lines(totals)).toEqual(['JPY 0 7 -7 1', 'USD 30.00 20.01 9.99 4']);
  });

  it.each([
    ['environment', () => [' JPY', ' USD', 'production USD']],
    ['month', () => ['2026-02 JPY', '2025-12 USD', '2026-01 USD', '2026-02 USD']],
    ['team', () => [' JPY', ' USD']],
    ['payee', () => [`${shop.id} JPY`, `${home.id} USD`, `${shop.id} USD`]],
  ])('is by %s', async (grouping, expected) => {
    const { items } = await summary(tenant, `&group_by=${grouping}`);
    expect(items.map(({ key, currency }: any) => `${key ?? ''} ${currency}`)).toEqual(expected());
    const names = { [home?.id]: home?.name, [shop?.id]: shop?.name };
    for (const { key, name } of items) expect(name).toBe(grouping === 'payee' ? names[key] : null);
  });

  it('shows the largest groups, or the latest months, and says what the others come to', async () => {
    const largest = await summary(tenant, '&limit=1&currency=USD');
    expect(lines(largest.items)).toEqual([`${bread.id} Food:Bread USD 30.00 0.01 29.99 2`]);
    expect(lines(largest.rest)).toEqual(['2 USD 0.00 20.00 -20.00 2']);
    const months = await summary(tenant, '&limit=2&currency=USD&group_by=month');
    expect(lines(months.items)).toEqual([
      '2026-01  USD 30.00 0.01 29.99 2',
      '2026-02  USD 0.00 10.00 -10.00 1',
    ]);
    expect(lines(months.rest)).toEqual(['1 USD 0.00 10.00 -10.00 1']);
    expect(lines(months.totals)).toEqual(lines(largest.totals));
  });

  it('is of what the filters of a list let through', async () => {
    const counts = async (query: string): Promise<string[]> => lines((await summary(tenant, query)).totals);
    expect(await counts('&status=planned')).toEqual(['USD 0.00 999.00 -999.00 1']);
    expect(await counts('&from=2026-01-01&until=2026-02-01')).toEqual(['USD 30.00 0.01 29.99 2']);
    expect(await counts(`&party_id=${home.id},${shop.id}&currency=JPY`)).toEqual(['JPY 0 7 -7 1']);
    expect(await counts(`&category_id=${bread.id},${food.id}&flow=%2B`)).toEqual(['USD 30.00 0.00 30.00 1']);
    expect(await counts('&currency=USD&amount_max=0.01')).toEqual(['USD 0.00 0.01 -0.01 1']);
    expect(await counts('&q=nothing')).toEqual([]);
  });

  it('is of a tenant that is the caller’s, and of a question that makes sense', async () => {
    const key = await api.key('viewer', tenant);
    expect(lines((await api.get(SUMMARY, { key })).body.totals)).toHaveLength(2);
    expect(outcome(await api.get(`${SUMMARY}?tenant_id=${aTenant()}`, { key }))).toEqual([
      403,
      'tenant_forbidden',
    ]);
    expect(mistakes(await api.get(`${SUMMARY}?group_by=payor&limit=0&sort=item`))).toEqual([
      '/group_by choice',
      '/limit too_small',
      '/sort unknown_property',
    ]);
    expect(mistakes(await api.get(`${SERIES}?interval=year`))).toEqual(['/interval choice']);
    expect(mistakes(await api.get(`${SERIES}?from=2026-02-30&until=2026-13-01&currency=usd`))).toEqual([
      '/currency unknown_currency',
      '/from date',
      '/until date',
    ]);
  });

  it('over time has every interval, cut to what was asked for', async () => {
    const {
      interval,
      from,
      until,
      series: found,
    } = await series(tenant, '&from=2025-12-15&until=2026-02-10');
    expect([interval, from, until]).toEqual(['month', '2025-12-15', '2026-02-10']);
    const shown = (one: any): string[] =>
      one.items.map((row: any) => `${row.from} ${row.until} ${row.net} ${row.count}`);
    expect(found.map(({ currency }: any) => currency)).toEqual(['USD']);
    expect(shown(found[0])).toEqual([
      '2025-12-15 2026-01-01 -10.00 1',
      '2026-01-01 2026-02-01 29.99 2',
      '2026-02-01 2026-02-10 -10.00 1',
    ]);
    const asked = await series(tenant, '&interval=week&currency=JPY,EUR&from=2026-02-18');
    expect([asked.from, asked.until]).toEqual(['2026-02-18', '2026-03-01']);
    expect(asked.series.map(({ currency }: any) => currency)).toEqual(['EUR', 'JPY']);
    expect(shown(asked.series[0])).toEqual(['2026-02-18 2026-02-23 0.00 0', '2026-02-23 2026-03-01 0.00 0']);
    expect(shown(asked.series[1])).toEqual(['2026-02-18 2026-02-23 0 0', '2026-02-23 2026-03-01 -7 1']);
  });

  it('over time shows a thousand intervals at most', async () => {
    expect(mistakes(await api.get(`${SERIES}?interval=day&from=2023-01-01&until=2026-01-01`))).toEqual([
      '/from too_many',
    ]);
    const old = aTenant();
    await anItem(api, { tenant_id: old, transaction_date: '0001-01-01' });
    await anItem(api, { tenant_id: old, transaction_date: '9999-12-31' });
    const latest = await series(old, '&interval=day');
    expect([latest.from, latest.until, latest.series[0].items.length]).toEqual(['9997-04-06', null, 1_000]);
    expect(latest.series[0].items.at(-1)).toMatchObject({ from: '9999-12-31', until: null, count: 1 });
    const earliest = await series(old, '&interval=month&from=0001-01-01');
    expect([earliest.until, earliest.series[0].items[0].count]).toEqual(['0084-05-01', 1]);
    expect(await series(aTenant(), '&currency=USD')).toEqual({
      ...{ interval: 'month', from: null, until: null },
      series: [{ currency: 'USD', items: [] }],
    });
  });
});

describe('sums', () => {
  const DECIMALS: Readonly<Record<string, number>> = { USD: 2, JPY: 0, KWD: 3 };
  const drawn = fc.record({
    currency: fc.constantFrom(...Object.keys(DECIMALS)),
    minor: fc.oneof(fc.bigInt({ min: 1n, max: 9_999n }), fc.bigInt({ min: 1n, max: 2n ** 63n - 1n })),
    flow: fc.constantFrom('inflow', 'outflow'),
    payee: fc.nat({ max: 11 }),
    day: fc.integer({ min: 1, max: 28 }),
    month: fc.integer({ min: 1, max: 9 }),
  });
  const all = fc.sample(drawn, { numRuns: 300, seed: 11 });
  const dateOf = ({ month, day }: any): string => `2026-0${month}-${String(day).padStart(2, '0')}`;
  const minor = (text: string): bigint => BigInt(text.replace('.', ''));
  const tenant = aTenant();

  beforeAll(async () => {
    const payor = aName();
    const operations = all.map(({ currency, minor: amount, flow, payee, ...date }) => {
      const decimals = DECIMALS[currency] ?? 0;
      const digits = amount.toString().padStart(decimals + 1, '0');
      return {
        ...{ op: 'create', tenant_id: tenant, item: 'i', payor, payee: `p${payee}`, currency, flow },
        amount: decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`,
        transaction_date: dateOf(date),
      };
    });
    expect((await api.post(`${ITEMS}/batch`, { operations })).status).toBe(200);
  });

  const naive = (keyOf: (one: (typeof all)[number]) => string): Record<string, string> => {
    const sums = new Map<string, [bigint, bigint, number]>();
    for (const one of all) {
      const key = `${keyOf(one)} ${one.currency}`;
      const [inflow, outflow, count] = sums.get(key) ?? [0n, 0n, 0];
      const [more, less] = one.flow === 'inflow' ? [one.minor, 0n] : [0n, one.minor];
      sums.set(key, [inflow + more, outflow + less, count + 1]);
    }
    return Object.fromEntries([...sums].map(([key, cells]) => [key, cells.join(' ')]));
  };
  const cells = ({ inflow, outflow, count }: any): string => [minor(inflow), minor(outflow), count].join(' ');
  const found = (rows: readonly any[], keyOf: (row: any) => string): Record<string, string> =>
    Object.fromEntries(rows.map((row) => [`${keyOf(row)} ${row.currency}`, cells(row)]));

  it('are what BigInt says, beyond what a column holds', async () => {
    const byPayee = await summary(tenant, '&group_by=payee');
    expect(found(byPayee.items, ({ name }) => name)).toEqual(naive(({ payee }) => `p${payee}`));
    const byMonth = await summary(tenant, '&group_by=month');
    expect(found(byMonth.items, ({ key }) => key)).toEqual(naive(({ month }) => `2026-0${month}`));
    expect(found(byMonth.totals, () => 'all')).toEqual(naive(() => 'all'));
    for (const { inflow, outflow, net } of byMonth.totals)
      expect(minor(net)).toBe(minor(inflow) - minor(outflow));
    expect(byMonth.totals.some(({ inflow }: any) => minor(inflow) > 2n ** 63n)).toBe(true);
  });

  it('are the same group by group, whatever is shown, and over time', async () => {
    const expected = naive(() => 'all');
    for (const limit of [1, 3, 12]) {
      const { items, rest, totals } = await summary(tenant, `&group_by=payee&limit=${limit}`);
      expect(found(totals, () => 'all')).toEqual(expected);
      expect(found(added([...items, ...rest]), () => 'all')).toEqual(expected);
    }
    for (const interval of ['day', 'week', 'month']) {
      const body = await series(tenant, `&interval=${interval}`);
      const rows = body.series.flatMap(({ currency, items }: any) =>
        items.map((row: any) => ({ ...row, currency })),
      );
      expect(found(added(rows), () => 'all')).toEqual(expected);
      if (interval !== 'day') continue;
      const busy = rows.filter(({ count }: any) => count > 0);
      expect(found(busy, ({ from }) => from)).toEqual(naive(dateOf));
    }
  });

  /** Row by row, by currency; amounts as their minor units. */
  function added(rows: readonly any[]): any[] {
    const sums = new Map<string, any>();
    for (const { currency, inflow, outflow, count } of rows) {
      const sum = sums.get(currency) ?? { currency, inflow: '0', outflow: '0', count: 0 };
      sums.set(currency, {
        currency,
        inflow: (minor(sum.inflow) + minor(inflow)).toString(),
        outflow: (minor(sum.outflow) + minor(outflow)).toString(),
        count: sum.count + count,
      });
    }
    return [...sums.values()];
  }
});
