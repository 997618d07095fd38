import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { eventually, TestApi } from '../api.js';
import { expectCounted, planted } from './counted.js';
import { aBudget, aCategory, anItem, aPayee, aTenant, BUDGETS, CATEGORIES, ITEMS } from './made.js';

let api: TestApi;
let beside: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
  beside = await TestApi.start({ beside: api });
});

afterAll(async () => {
  await beside.stop();
  await api.stop();
});

const alertsOf = async ({ id }: { id: string }): Promise<any[]> =>
  (await api.get(`${BUDGETS}/${id}/alerts?sort=created_at`)).body.items;
const periodsOf = async ({ id }: { id: string }, query = ''): Promise<any[]> =>
  (await api.get(`${BUDGETS}/${id}/periods${query}`)).body.items;
const asked = ({ supervisor_request_id: id }: any): Promise<any> =>
  eventually(
    () => api.get(`/api/v1/supervisor-requests/${id}`),
    ({ status }) => status === 200,
  );

const MAY = { period: 'once', start_date: '2026-05-01', end_date: '2026-06-01' };
const spend = (tenant_id: string, amount: string, body: object = {}): Promise<any> =>
  anItem(api, { tenant_id, amount, ...body });

describe('a threshold', () => {
  it('is crossed once, at the amount itself, and a person is asked about it', async () => {
    const tenant_id = aTenant();
    const thresholds = [
      { percent: 50, action: 'event' },
      { percent: 100, action: 'supervisor_request', priority: 1 },
    ];
    const budget = await aBudget(api, { tenant_id, ...MAY, thresholds });
    await spend(tenant_id, '49.99');
    expect(await alertsOf(budget)).toEqual([]);
    const half = await spend(tenant_id, '0.01');
    expect(await alertsOf(budget)).toEqual([
      {
        ...{ id: expect.any(String), tenant_id, budget_id: budget.id },
        period: { from: '2026-05-01', until: '2026-06-01' },
        ...{ percent: 50, action: 'event', currency: 'USD', spent: '50.00', available: '100.00' },
        ...{ item_id: half.id, supervisor_request_id: null, opened_at: null, created_at: expect.any(String) },
      },
    ]);
    await api.delete(`${ITEMS}/${half.id}`);
    await spend(tenant_id, '0.01');
    expect(await alertsOf(budget)).toHaveLength(1);
    const all = await spend(tenant_id, '100.00');
    const [, alert] = await alertsOf(budget);
    expect(alert).toMatchObject({ percent: 100, spent: '150.00', item_id: all.id });
    const { body } = await asked(alert);
    expect(body).toMatchObject({
      ...{ tenant_id, store_id: 'budget', kind: 'alert', priority: 1, status: 'pending' },
      requested_by: 'system:budget-alerts',
      details: {
        ...{ budget_id: budget.id, budget_name: budget.name, threshold: 100, currency: 'USD', percent: 150 },
        ...{ limit: '100.00', available: '100.00', spent: '150.00', remaining: '-50.00', item_id: all.id },
      },
    });
    const opened = await eventually(
      () => alertsOf(budget),
      ([, { opened_at }]) => opened_at !== null,
    );
    expect(opened).toHaveLength(2);
  });

  it('is told in the change log, in the transaction of the item', async () => {
    const tenant_id = aTenant();
    const budget = await aBudget(api, { tenant_id, ...MAY, thresholds: [{ percent: 80, action: 'event' }] });
    await spend(tenant_id, '85.00');
    const types = 'io.metastore.budget.budget.threshold_crossed.v1';
    const { items } = (await api.get(`/api/v1/events?tenant_id=${tenant_id}&types=${types}`)).body;
    expect(items.map(({ subject, data }: any) => [subject, data.state])).toEqual([
      [
        budget.name,
        expect.objectContaining({ budget_id: budget.id, tenant_id, percent: 80, spent: '85.00' }),
      ],
    ]);
  });

  it('is crossed in the present period by a change of the budget, and not in those that are over', async () => {
    const tenant_id = aTenant();
    const today = new Date().toISOString().slice(0, 10);
    await spend(tenant_id, '60.00', { transaction_date: '2020-01-15' });
    await spend(tenant_id, '60.00', { transaction_date: today });
    const thresholds = [50, 80].map((percent) => ({ percent, action: 'event' }));
    const budget = await aBudget(api, { tenant_id, period: 'yearly', start_date: '2020-01-01', thresholds });
    const told = async () => (await alertsOf(budget)).map(({ percent, item_id }) => [percent, item_id]);
    expect(await told()).toEqual([[50, null]]);
    await api.put(`${BUDGETS}/${budget.id}`, { limit: '70.00' });
    expect(await told()).toEqual([
      [50, null],
      [80, null],
    ]);
    await api.put(`${BUDGETS}/${budget.id}`, { limit: '1000.00' });
    await api.put(`${BUDGETS}/${budget.id}`, { limit: '70.00' });
    expect(await told()).toHaveLength(2);
  });

  it('is crossed in a later period by what is carried into it', async () => {
    const tenant_id = aTenant();
    const budget = await aBudget(api, {
      ...{ tenant_id, start_date: '2024-01-01', end_date: '2025-01-01', rollover: 'all' },
      thresholds: [{ percent: 100, action: 'event' }],
    });
    await spend(tenant_id, '150.00', { transaction_date: '2024-02-15' });
    expect(await alertsOf(budget)).toEqual([]);
    await spend(tenant_id, '60.00', { transaction_date: '2024-01-15' });
    expect((await alertsOf(budget)).map(({ period, available }) => [period.from, available])).toEqual([
      ['2024-02-01', '140.00'],
    ]);
  });

  it('asks everybody where the team is gone', async () => {
    const tenant_id = aTenant();
    const budget = await aBudget(api, {
      ...{ tenant_id, ...MAY },
      thresholds: [{ percent: 1, action: 'supervisor_request' }],
    });
    await planted(
      api,
      `update budget.budget set owner_team_id = '${randomUUID()}' where id = '${budget.id}'`,
    );
    await spend(tenant_id, '5.00');
    const [alert] = await alertsOf(budget);
    expect((await asked(alert)).body).toMatchObject({ assignee_team_id: null, priority: 3 });
  });

  it('is asked about by the job where the process went before it could', async () => {
    const tenant_id = aTenant();
    const budget = await aBudget(api, {
      ...{ tenant_id, ...MAY },
      thresholds: [{ percent: 1, action: 'event' }],
    });
    await spend(tenant_id, '5.00');
    const id = randomUUID();
    await planted(
      api,
      `update budget.alert set supervisor_request_id = '${id}' where budget_id = '${budget.id}'`,
    );
    const { body } = await asked({ supervisor_request_id: id });
    expect(body.details.budget_id).toBe(budget.id);
  });
});

describe('fifty items at once', () => {
  it('cross a threshold once, and one person is asked once', async () => {
    const tenant_id = aTenant();
    const thresholds = [
      { percent: 50, action: 'supervisor_request' },
      { percent: 90, action: 'event' },
    ];
    const budget = await aBudget(api, { tenant_id, ...MAY, thresholds });
    const payor_id = (await aPayee(api, { tenant_id })).id;
    const payee_id = (await aPayee(api, { tenant_id })).id;
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        (index % 2 === 0 ? api : beside).post(ITEMS, {
          ...{
            tenant_id,
            payor_id,
            payee_id,
            item: 'Bread',
            amount: '1.90',
            currency: 'USD',
            flow: 'outflow',
          },
          transaction_date: '2026-05-01',
        }),
      ),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    expect((await periodsOf(budget))[0]).toMatchObject({ spent: '95.00', percent: 95 });
    const alerts = await alertsOf(budget);
    expect(alerts.map(({ percent, spent }) => [percent, spent])).toEqual([
      [50, '51.30'],
      [90, '91.20'],
    ]);
    await asked(alerts[0]);
    const { items } = (await api.get(`/api/v1/supervisor-requests?tenant_id=${tenant_id}`)).body;
    expect(items.map(({ id }: any) => id)).toEqual([alerts[0].supervisor_request_id]);
  });

  it('cross a threshold together where some of them are of the period before', async () => {
    const tenant_id = aTenant();
    const budget = await aBudget(api, {
      ...{ tenant_id, rollover: 'all', start_date: '2026-04-01', end_date: '2026-06-01' },
      thresholds: [{ percent: 90, action: 'event' }],
    });
    const payor_id = (await aPayee(api, { tenant_id })).id;
    const payee_id = (await aPayee(api, { tenant_id })).id;
    const write = (index: number) =>
      (index % 4 < 2 ? api : beside).post(ITEMS, {
        ...{ tenant_id, payor_id, payee_id, item: 'Bread', currency: 'USD', flow: 'outflow' },
        ...(index % 2 === 0 && { amount: '4.00', transaction_date: '2026-04-15' }),
        ...(index % 2 === 1 && { amount: '3.60', transaction_date: '2026-05-15' }),
      });
    await Promise.all(Array.from({ length: 50 }, (_, index) => write(index)));
    expect((await periodsOf(budget)).map(({ spent, percent }) => [spent, percent])).toEqual([
      ['100.00', 100],
      ['90.00', 90],
    ]);
    const told = new Set((await alertsOf(budget)).map(({ period }) => period.from));
    expect(told).toEqual(new Set(['2026-04-01', '2026-05-01']));
  });

  it('are counted once each while the budget itself changes', async () => {
    const tenant_id = aTenant();
    const budget = await aBudget(api, { tenant_id, ...MAY });
    const payor_id = (await aPayee(api, { tenant_id })).id;
    const payee_id = (await aPayee(api, { tenant_id })).id;
    const write = (index: number) =>
      (index % 2 === 0 ? api : beside).post(ITEMS, {
        ...{ tenant_id, payor_id, payee_id, item: 'Bread', amount: '1.00', currency: 'USD', flow: 'outflow' },
        transaction_date: index % 3 === 0 ? '2026-05-01' : '2026-06-15',
      });
    const edit = (index: number) =>
      (index % 2 === 0 ? beside : api).put(`${BUDGETS}/${budget.id}`, {
        end_date: index % 2 === 0 ? '2026-07-01' : '2026-06-01',
      });
    const make = () => aBudget(beside, { tenant_id, ...MAY, end_date: '2026-07-01' });
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) => [
        write(index),
        ...(index % 5 === 0 ? [edit(index)] : []),
        ...(index % 10 === 0 ? [make().then(() => ({ status: 200 }))] : []),
      ]).flat(),
    );
    expect(replies.map(({ status }) => status).filter((status) => status > 201)).toEqual([]);
    const { items } = (await api.get(`${BUDGETS}?tenant_id=${tenant_id}`)).body;
    for (const one of items) {
      const spent = one.end_date === '2026-07-01' ? '50.00' : '17.00';
      expect((await periodsOf(one))[0]).toMatchObject({ spent });
    }
  });
});

describe('whatever is done with items and categories', () => {
  it('comes to what a count of all items comes to', async () => {
    const tenant_id = aTenant();
    const [payor, payee] = [await aPayee(api, { tenant_id }), await aPayee(api, { tenant_id })];
    const root = await aCategory(api, { tenant_id });
    const leaf = await aCategory(api, { tenant_id, parent_id: root.id });
    const world = { tenant_id, payor_id: payor.id, payee_id: payee.id, currency: 'USD' };
    const year = { tenant_id, start_date: '2026-01-31', end_date: '2027-01-01' };
    const budgets = [
      await aBudget(api, year),
      await aBudget(api, { ...year, rollover: 'all', scope: { category_ids: [root.id] } }),
      await aBudget(api, { ...year, period: 'weekly', scope: { selector: 'a=b' }, rollover: 'surplus' }),
    ];
    const content = fc.record({
      item: fc.constant('Bread'),
      amount: fc.integer({ min: 1, max: 99_999 }).map((minor) => (minor / 100).toFixed(2)),
      flow: fc.constantFrom('inflow', 'outflow', 'outflow'),
      status: fc.constantFrom('planned', 'pending', 'cleared'),
      category_id: fc.constantFrom(null, root.id, leaf.id),
      transaction_date: fc.integer({ min: 0, max: 380 }).map((days) => {
        return new Date(Date.UTC(2026, 0, 20 + days)).toISOString().slice(0, 10);
      }),
      labels: fc.constantFrom({}, { a: 'b' }, { a: 'c' }),
    });
    const ids: string[] = [];
    const pick = (at: number): string => ids[at % Math.max(1, ids.length)] ?? randomUUID();
    const operation = fc.oneof(
      fc.record({ op: fc.constant('create'), at: fc.nat(), body: content }),
      fc.record({ op: fc.constant('update'), at: fc.nat(), body: content }),
      fc.record({ op: fc.constant('delete'), at: fc.nat(), body: content }),
      fc.record({ op: fc.constant('move'), at: fc.nat(), body: content }),
    );
    const batch = fc.record({
      mode: fc.constantFrom('atomic', 'partial'),
      some: fc.array(operation, { maxLength: 8 }),
    });
    const toOperation = ({ op, at, body }: any): object => {
      if (op === 'create') return { op, ...world, ...body, ...(at % 5 === 0 && { amount: '0.001' }) };
      return op === 'delete' ? { op, id: pick(at) } : { op: 'update', id: pick(at), ...body };
    };
    await fc.assert(
      fc.asyncProperty(batch, async ({ mode, some }) => {
        const operations = some.filter(({ op }) => op !== 'move').map(toOperation);
        if (operations.length > 0) {
          const { body } = await api.post(`${ITEMS}/batch`, { mode, operations });
          for (const { id, status } of body.results ?? []) if (status === 201) ids.push(id);
        }
        for (const { at } of some.filter(({ op }) => op === 'move'))
          await api.put(`${CATEGORIES}/${leaf.id}`, { parent_id: at % 2 === 0 ? root.id : null });
        for (const budget of budgets) await expectCounted(api, budget, [root.id, leaf.id]);
      }),
      { numRuns: 25 },
    );
  });
});
