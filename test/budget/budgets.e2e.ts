import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import {
  aBudget,
  aCategory,
  aName,
  anItem,
  aTenant,
  BUDGETS,
  CATEGORIES,
  made,
  mistakes,
  outcome,
} from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const of = ({ id }: { id: string }, rest = ''): string => `${BUDGETS}/${id}${rest}`;
const periods = async (budget: { id: string }, query = ''): Promise<any[]> =>
  (await api.get(of(budget, `/periods${query}`))).body.items;

describe('a budget', () => {
  it('is made with its defaults, changed, and goes back', async () => {
    const name = aName();
    const body = { name, currency: 'USD', limit: '1000.00', period: 'monthly', start_date: '2026-01-31' };
    const reply = await api.post(BUDGETS, body);
    expect([reply.status, reply.headers.get('etag'), reply.headers.get('location')]).toEqual([
      201,
      '"1"',
      of(reply.body),
    ]);
    expect(reply.body).toEqual({
      ...body,
      id: expect.any(String),
      tenant_id: null,
      version: 1,
      owner_team_id: null,
      scope: { team_id: null, environment: null, category_ids: [], selector: null },
      end_date: null,
      time_zone: 'UTC',
      rollover: 'none',
      thresholds: [],
      created_at: expect.any(String),
      updated_at: reply.body.created_at,
      created_by: 'anonymous',
      updated_by: 'anonymous',
    });
    const put = await api.put(of(reply.body), {
      scope: { environment: 'production', selector: 'a=b' },
      thresholds: [{ percent: 80.5, action: 'event' }],
    });
    expect(put.body).toMatchObject({
      version: 2,
      scope: { team_id: null, environment: 'production', category_ids: [], selector: 'a=b' },
      thresholds: [{ percent: 80.5, action: 'event', priority: null }],
    });
    expect((await api.put(of(reply.body), { scope: put.body.scope, limit: '1000.00' })).body.version).toBe(2);
    const patch = await api.patch(of(reply.body), { scope: { selector: null }, end_date: '2027-01-01' });
    expect(patch.body).toMatchObject({
      version: 3,
      scope: { environment: 'production', selector: null },
      end_date: '2027-01-01',
    });
    const back = await api.post(of(reply.body, '/rollback/1'));
    expect(back.body).toMatchObject({ ...body, version: 4, end_date: null, thresholds: [] });
    expect((await api.get(of(reply.body, '/versions/3'))).body.state).toEqual(patch.body);
    expect((await api.get(of(reply.body, `?as_of=${patch.body.updated_at}`))).body.version).toBe(3);
    const stale = await api.put(of(reply.body), { name: 'x' }, { headers: { 'If-Match': '"3"' } });
    expect(outcome(stale)).toEqual([412, 'stale_version']);
    expect((await api.get(`${BUDGETS}?q=${name.toUpperCase()}&currency=USD`)).body.items).toEqual([
      back.body,
    ]);
    expect((await api.get(`${BUDGETS}?q=${name}&currency=EUR`)).body.items).toEqual([]);
    expect((await api.delete(of(reply.body))).status).toBe(204);
    expect(outcome(await api.get(of(reply.body)))).toEqual([404, 'budget_not_found']);
    for (const part of ['/periods', '/alerts'])
      expect(outcome(await api.get(of(reply.body, part)))).toEqual([404, 'budget_not_found']);
  });

  it('is told everything that is wrong with it at once', async () => {
    const wrong = await api.post(BUDGETS, {
      name: '',
      currency: 'usd',
      limit: 10,
      period: 'daily',
      start_date: '2026-02-30',
      end_date: 5,
      time_zone: 'Europe/Atlantis',
      rollover: 'some',
      owner_team_id: 'nobody',
      scope: { category_ids: ['x'], selector: 'a in', team: 'y' },
      thresholds: [{ percent: 0, action: 'event' }, 'x', { percent: 80, action: 'event', priority: 1 }],
    });
    expect(outcome(wrong)).toEqual([400, 'invalid_input']);
    expect(mistakes(wrong)).toEqual([
      '/currency unknown_currency',
      '/end_date type',
      '/limit type',
      '/name too_short',
      '/owner_team_id pattern',
      '/period choice',
      '/rollover choice',
      '/scope/category_ids/0 pattern',
      '/scope/selector selector',
      '/scope/team unknown_property',
      '/start_date date',
      '/thresholds/0/percent range',
      '/thresholds/1 type',
      '/thresholds/2/priority conflict',
      '/time_zone unknown_time_zone',
    ]);
    expect(mistakes(await api.post(BUDGETS, {}))).toEqual([
      '/currency required',
      '/limit required',
      '/name required',
      '/period required',
      '/start_date required',
    ]);
    const budget = await aBudget(api);
    const put = await api.put(of(budget), {
      currency: 'JPY',
      end_date: budget.start_date,
      thresholds: [
        { percent: 1.0001, action: 'event' },
        { percent: 80, action: 'event' },
        { percent: 80, action: 'supervisor_request' },
      ],
    });
    expect(mistakes(put)).toEqual([
      '/end_date order',
      '/limit required',
      '/thresholds/0/percent too_many_decimals',
      '/thresholds/2/percent duplicate',
    ]);
    for (const [limit, code] of [
      ['1.000', 'too_many_decimals'],
      ['1', 'too_few_decimals'],
      ['-1.00', 'negative_amount'],
      ['99999999999999999999.00', 'too_large'],
    ])
      expect(mistakes(await api.put(of(budget), { limit }))).toEqual([`/limit ${code}`]);
    for (const thresholds of [[[]], [[{ percent: 5, action: 'event' }]]])
      expect(mistakes(await api.put(of(budget), { thresholds }))).toEqual(['/thresholds/0 type']);
    for (const part of [{ thresholds: {} }, { thresholds: { percent: 5 } }])
      expect(mistakes(await api.post(BUDGETS, { ...plain, name: aName(), ...part }))).toEqual([
        '/thresholds type',
      ]);
  });

  it('refuses a name that is taken and says by whom, and what is not there', async () => {
    const budget = await aBudget(api);
    const taken = await api.post(BUDGETS, { ...plain, name: budget.name });
    expect([outcome(taken), taken.body.conflicting_id]).toEqual([[409, 'budget_name_taken'], budget.id]);
    const other = await aBudget(api);
    const renamed = await api.put(of(other), { name: budget.name });
    expect([outcome(renamed), renamed.body.conflicting_id]).toEqual([[409, 'budget_name_taken'], budget.id]);
    const unknown = await api.post(BUDGETS, {
      ...plain,
      name: aName(),
      owner_team_id: randomUUID(),
      scope: { category_ids: [(await aCategory(api)).id, randomUUID()], team_id: randomUUID() },
    });
    expect(outcome(unknown)).toEqual([422, 'category_unknown']);
    expect(mistakes(unknown)).toEqual([
      '/owner_team_id catalog_reference_unknown',
      '/scope/category_ids/1 category_unknown',
      '/scope/team_id catalog_reference_unknown',
    ]);
    const id = randomUUID();
    const mine = { ...plain, id, name: aName() };
    expect((await api.post(BUDGETS, mine)).status).toBe(201);
    expect((await api.post(BUDGETS, mine)).status).toBe(200);
    expect(outcome(await api.post(BUDGETS, { ...mine, limit: '5.00' }))).toEqual([409, 'id_conflict']);
  });

  it('is handed over with the team that owns it', async () => {
    const tenant_id = aTenant();
    const company = made(await api.post('/api/v1/companies', { name: aName(), tenant_id }));
    const aTeam = async (): Promise<any> =>
      made(await api.post('/api/v1/teams', { name: aName(), tenant_id, company_id: company.id }));
    const [team, heir] = [await aTeam(), await aTeam()];
    const budget = await aBudget(api, { tenant_id, owner_team_id: team.id });
    expect((await api.get(`${BUDGETS}?tenant_id=${tenant_id}&owner_team_id=${team.id}`)).body.items).toEqual([
      budget,
    ]);
    const held = await api.delete(`/api/v1/teams/${team.id}`);
    expect([held.status, held.body.budgets]).toEqual([409, 1]);
    expect((await api.delete(`/api/v1/teams/${team.id}?reassign_to=${heir.id}`)).status).toBe(204);
    expect((await api.get(of(budget))).body).toMatchObject({ owner_team_id: heir.id, version: 2 });
  });
});

const plain = { currency: 'USD', limit: '100.00', period: 'monthly', start_date: '2026-01-01' };

describe('the periods of a budget', () => {
  it('begin on the day, or the last of a month that is too short, and end with the budget', async () => {
    const budget = await aBudget(api, { start_date: '2024-01-31', end_date: '2024-04-15' });
    expect((await periods(budget)).map(({ from, until }) => [from, until])).toEqual([
      ['2024-01-31', '2024-02-29'],
      ['2024-02-29', '2024-03-31'],
      ['2024-03-31', '2024-04-15'],
    ]);
    const some = await periods(budget, '?from=2024-03-01&until=2024-03-31');
    expect(some.map(({ from }) => from)).toEqual(['2024-02-29']);
    expect(await periods(budget, '?from=2024-04-15')).toEqual([]);
    expect(await periods(budget, '?until=2024-01-31')).toEqual([]);
    const once = await aBudget(api, { period: 'once', start_date: '2999-01-01' });
    expect((await periods(once)).map(({ from, until }) => [from, until])).toEqual([['2999-01-01', null]]);
    const wrong = await api.get(of(budget, '/periods?from=2026-02-30&until=2026-13-01'));
    expect(mistakes(wrong)).toEqual(['/from date', '/until date']);
    const long = await aBudget(api, { period: 'weekly', start_date: '0001-01-01' });
    expect(mistakes(await api.get(of(long, '/periods?from=0001-01-01')))).toEqual(['/from too_many']);
    expect(await periods(long)).toHaveLength(1_000);
    expect(await periods(long, '?from=9999-12-01&until=9999-12-31')).toHaveLength(5);
  });

  it('carry what remains as they are told to', async () => {
    const tenant_id = aTenant();
    const rules = { tenant_id, start_date: '2024-01-01', end_date: '2024-04-01' };
    const budgets = await Promise.all(
      ['none', 'surplus', 'all'].map((rollover) => aBudget(api, { ...rules, rollover })),
    );
    const spend = (amount: string, transaction_date: string) =>
      anItem(api, { tenant_id, amount, transaction_date });
    await spend('40.00', '2024-01-31');
    await spend('200.00', '2024-02-01');
    await spend('33.33', '2024-03-31');
    const lines = await Promise.all(
      budgets.map(async (budget) =>
        (await periods(budget)).map((one) => [one.carried_in, one.spent, one.remaining, one.percent]),
      ),
    );
    expect(lines).toEqual([
      [
        ['0.00', '40.00', '60.00', 40],
        ['0.00', '200.00', '-100.00', 200],
        ['0.00', '33.33', '66.67', 33.33],
      ],
      [
        ['0.00', '40.00', '60.00', 40],
        ['60.00', '200.00', '-40.00', 125],
        ['0.00', '33.33', '66.67', 33.33],
      ],
      [
        ['0.00', '40.00', '60.00', 40],
        ['60.00', '200.00', '-40.00', 125],
        ['-40.00', '33.33', '26.67', 55.55],
      ],
    ]);
  });

  it('count what fits, refunds of categories, and no plans', async () => {
    const tenant_id = aTenant();
    const root = await aCategory(api, { tenant_id });
    const leaf = await aCategory(api, { tenant_id, parent_id: root.id });
    const make = (scope: object, more: object = {}) =>
      aBudget(api, {
        tenant_id,
        period: 'once',
        start_date: '2026-05-01',
        end_date: '2026-06-01',
        scope,
        ...more,
      });
    const all = await make({});
    const food = await make({ category_ids: [root.id] });
    const production = await make({ environment: 'production' });
    const trips = await make({ selector: 'trip in (rome),!private' });
    const euros = await make({}, { currency: 'EUR' });
    const spend = (amount: string, body: object) => anItem(api, { tenant_id, amount, ...body });
    await spend('1.00', { category_id: leaf.id, environment: 'production', status: 'reconciled' });
    await spend('2.00', { labels: { trip: 'rome' }, status: 'cleared' });
    await spend('4.00', { labels: { trip: 'rome', private: '' } });
    await spend('8.00', { category_id: root.id, flow: 'inflow' });
    await spend('16.00', { status: 'planned', category_id: root.id });
    await spend('32.00', { transaction_date: '2026-06-01' });
    await spend('64.00', { transaction_date: '2026-04-30' });
    await spend('128.00', { currency: 'EUR', environment: 'production' });
    await anItem(api, { amount: '256.00' });
    const spent = async () =>
      Promise.all([all, food, production, trips, euros].map(async (one) => (await periods(one))[0].spent));
    expect(await spent()).toEqual(['7.00', '-7.00', '1.00', '2.00', '128.00']);
    // Counted anew they come to the same.
    for (const budget of [all, food, production, trips, euros]) {
      await api.put(of(budget), { end_date: '2026-06-02' });
      await api.put(of(budget), { end_date: '2026-06-01' });
    }
    expect(await spent()).toEqual(['7.00', '-7.00', '1.00', '2.00', '128.00']);
    expect((await api.put(`${CATEGORIES}/${leaf.id}`, { parent_id: null })).status).toBe(200);
    expect(await spent()).toEqual(['7.00', '-8.00', '1.00', '2.00', '128.00']);
    expect((await api.put(`${CATEGORIES}/${leaf.id}`, { parent_id: root.id })).status).toBe(200);
    expect(await spent()).toEqual(['7.00', '-7.00', '1.00', '2.00', '128.00']);
  });
});
