import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aName, anItem, aTenant, ITEMS, made, mistakes, outcome, PAYEES } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const at = ({ id }: { id: string }, rest = ''): string => `${ITEMS}/${id}${rest}`;
const matching = (version: string) => ({ headers: { 'If-Match': version } });
const coffee = (body: object = {}): any => ({
  ...{ item: 'Coffee', amount: '12.34', currency: 'USD', flow: 'outflow', payor: aName(), payee: aName() },
  ...body,
});
const statuses = (replies: readonly { status: number }[]): number[] =>
  replies.map(({ status }) => status).sort((a, b) => a - b);
const history = async (item: { id: string }): Promise<string[]> =>
  (await api.get(at(item, '/versions'))).body.items.map(({ type }: any) => type);

describe('changing an item', () => {
  it('changes what is named, and the date only where it is sent', async () => {
    const item = await anItem(api, { transaction_date: '2026-01-31', labels: { a: '1', b: '2' } });
    const put = await api.put(at(item), {
      item: 'Tea',
      notes: 'Green.',
      labels: { c: '3' },
      change_reason: 'Typo.',
    });
    expect([put.status, put.headers.get('etag'), put.body]).toEqual([
      200,
      '"2"',
      {
        ...item,
        version: 2,
        item: 'Tea',
        notes: 'Green.',
        labels: { c: '3' },
        updated_at: expect.any(String),
      },
    ]);
    const patch = await api.patch(at(item), { labels: { c: null, d: '4' }, notes: null, flow: '+' });
    expect(patch.body).toMatchObject({
      ...{ labels: { d: '4' }, notes: null, flow: 'inflow', transaction_date: '2026-01-31', version: 3 },
    });
    expect((await api.patch(at(item), { flow: 'inflow' })).body.version).toBe(3);
    expect((await api.patch(at(item), { transaction_date: '2026-02-28' })).body.transaction_date).toBe(
      '2026-02-28',
    );
  });

  it('takes another currency with its number only where both count alike', async () => {
    const item = await anItem(api, { amount: '12.34', currency: 'USD' });
    expect((await api.patch(at(item), { currency: 'EUR' })).body).toMatchObject({
      amount: '12.34',
      currency: 'EUR',
    });
    const reply = await api.patch(at(item), { currency: 'JPY' });
    expect([reply.status, mistakes(reply)]).toEqual([400, ['/amount required']]);
    expect((await api.patch(at(item), { currency: 'JPY', amount: '12' })).body).toMatchObject({
      amount: '12',
    });
    expect(mistakes(await api.patch(at(item), { amount: '12.00' }))).toEqual(['/amount too_many_decimals']);
    expect(mistakes(await api.patch(at(item), { dollars: 12 }))).toEqual(['/dollars not_in_cents']);
  });

  it('refuses what it may not become, each at its place', async () => {
    const item = await anItem(api);
    expect(mistakes(await api.patch(at(item), { payor_id: item.payee_id }))).toEqual([
      '/payor_id same_party',
    ]);
    expect(mistakes(await api.patch(at(item), { tenant_id: 'x', item: null, status: null }))).toEqual([
      '/item type',
      '/status choice',
      '/tenant_id unknown_property',
    ]);
    const unknown = await api.patch(at(item), { category_id: randomUUID() });
    expect(outcome(unknown)).toEqual([422, 'category_unknown']);
    expect((await api.get(at(item))).body).toEqual(item);
  });

  it('is decided on the version that was seen', async () => {
    const item = await anItem(api);
    const edits = ['1.00', '2.00', '3.00'].map((amount) => api.patch(at(item), { amount }, matching('"1"')));
    expect(statuses(await Promise.all(edits))).toEqual([200, 412, 412]);
    expect(outcome(await api.delete(at(item), matching('"1"')))).toEqual([412, 'stale_version']);
    expect((await api.delete(at(item), matching('"2"'))).status).toBe(204);
    expect(outcome(await api.get(at(item)))).toEqual([404, 'item_not_found']);
    expect(outcome(await api.patch(at(item), { amount: '1.00' }))).toEqual([404, 'item_not_found']);
  });
});

describe('a reconciled item', () => {
  it('takes notes and labels, and nothing else by any way', async () => {
    const item = await anItem(api, { status: 'cleared' });
    await api.patch(at(item), { status: 'reconciled' });
    const refusals = [
      await api.patch(at(item), { amount: '1.00' }),
      await api.patch(at(item), { status: 'cleared' }),
      await api.put(at(item), { notes: 'x', payee: aName() }),
      await api.post(at(item, '/rollback/1')),
      await api.delete(at(item)),
    ];
    for (const refusal of refusals) expect(outcome(refusal)).toEqual([409, 'item_reconciled']);
    const batch = await api.post(`${ITEMS}/batch`, {
      mode: 'partial',
      operations: [
        { op: 'update', id: item.id, item: 'Tea' },
        { op: 'delete', id: item.id },
        { op: 'update', id: item.id, notes: 'Checked.', labels: { seen: 'yes' } },
      ],
    });
    expect(batch.body.results.map(({ status, problem }: any) => [status, problem?.code])).toEqual([
      [409, 'item_reconciled'],
      [409, 'item_reconciled'],
      [200, undefined],
    ]);
    expect((await api.get(at(item))).body).toMatchObject({
      notes: 'Checked.',
      labels: { seen: 'yes' },
      version: 3,
    });
    expect((await api.post(at(item, '/rollback/2'))).body).toMatchObject({
      notes: null,
      labels: {},
      version: 4,
    });
  });
});

describe('the past of an item', () => {
  it('is kept version by version, and comes back as a new one', async () => {
    const item = await anItem(api, { amount: '9007199254740993.01' });
    const { body: second } = await api.patch(at(item), { amount: '1.00', transaction_date: '2026-06-01' });
    expect((await api.get(at(item, '/versions/1'))).body.state).toEqual(item);
    expect((await api.get(`${at(item)}?as_of=${item.created_at}`)).body.amount).toBe('9007199254740993.01');
    expect((await api.get(at(item, '/versions/1/diff/2'))).body).toEqual([
      { op: 'replace', path: '/amount', value: '1.00' },
      { op: 'replace', path: '/transaction_date', value: '2026-06-01' },
    ]);
    const back = await api.post(at(item, '/rollback/1'), { change_reason: 'It was right.' });
    expect(back.body).toEqual({ ...item, version: 3, updated_at: expect.any(String) });
    await api.delete(at(item));
    expect(await history(item)).toEqual(['deleted', 'rolled_back', 'updated', 'created']);
    expect(
      outcome(await api.get(`${at(item)}?as_of=${new Date(Date.now() + 60_000).toISOString()}`)),
    ).toEqual([410, 'gone']);
    expect(second.version).toBe(2);
  });
});

describe('tenants', () => {
  it('see their own items and the shared ones, and change their own', async () => {
    const tenant = aTenant();
    const key = await api.key('editor', tenant);
    const other = await api.key('editor', aTenant());
    const own = await anItem(api, {}, { key });
    expect(own.tenant_id).toBe(tenant);
    const shared = await anItem(api);
    expect(outcome(await api.get(at(own), { key: other }))).toEqual([404, 'item_not_found']);
    expect((await api.get(at(shared), { key })).status).toBe(200);
    expect(outcome(await api.patch(at(shared), { item: 'x' }, { key }))).toEqual([403, 'tenant_forbidden']);
    expect(outcome(await api.delete(at(own), { key: other }))).toEqual([404, 'item_not_found']);
    expect(outcome(await api.post(ITEMS, coffee({ tenant_id: 'b' }), { key }))).toEqual([
      403,
      'tenant_forbidden',
    ]);
    const viewer = await api.key('viewer', tenant);
    expect((await api.post(ITEMS, coffee(), { key: viewer })).status).toBe(403);
  });
});

describe('a batch', () => {
  it('is all or nothing, or each by itself', async () => {
    const item = await anItem(api);
    const name = aName();
    const operations = [
      { op: 'create', ...coffee({ payor: name }) },
      { op: 'create', ...coffee({ amount: '1' }) },
      { op: 'update', id: item.id, item: 'Tea', if_version: 2 },
      { op: 'update', id: item.id, tenant_id: 'x' },
      { op: 'update', item: 'Tea' },
      { op: 'delete', id: randomUUID() },
      { op: 'delete', id: item.id, item: 'Tea' },
      { op: 'paint' },
    ];
    const atomic = await api.post(`${ITEMS}/batch`, { operations });
    expect([...outcome(atomic), mistakes(atomic)]).toEqual([
      422,
      'batch_refused',
      [
        '/operations/1/amount too_few_decimals',
        '/operations/2 stale_version',
        '/operations/3/tenant_id unknown_property',
        '/operations/4/id required',
        '/operations/5 item_not_found',
        '/operations/6/item unknown_property',
        '/operations/7/op choice',
      ],
    ]);
    expect((await api.get(`${PAYEES}?q=${name}`)).body.items).toEqual([]);
    const partial = await api.post(`${ITEMS}/batch`, { mode: 'partial', operations });
    expect([partial.status, partial.body.results.map(({ status }: any) => status)]).toEqual([
      207,
      [201, 400, 412, 400, 400, 404, 400, 400],
    ]);
    const [{ id }] = partial.body.results;
    const right = [
      { op: 'update', id: item.id, item: 'Tea', if_version: 1 },
      { op: 'delete', id },
      { op: 'create', ...coffee({ payor: name }) },
      { op: 'create', ...coffee({ payee: name }) },
    ];
    const { body } = await api.post(`${ITEMS}/batch`, { operations: right });
    expect(body.results.map(({ status, version }: any) => [status, version])).toEqual([
      [200, 2],
      [204, undefined],
      [201, 1],
      [201, 1],
    ]);
    expect((await api.get(`${PAYEES}?q=${name}`)).body.items).toHaveLength(1);
  });
});

describe('a team', () => {
  const TEAMS = '/api/v1/teams';

  it('does not go under its items: another one takes them, reconciled ones, too', async () => {
    const tenant = aTenant();
    const company = made(await api.post('/api/v1/companies', { name: 'Acme', tenant_id: tenant }));
    const team = async (slug: string): Promise<any> =>
      made(await api.post(TEAMS, { company_id: company.id, name: slug, slug }));
    const [old, heir] = [await team('old'), await team('heir')];
    const item = await anItem(api, { tenant_id: tenant, team_id: old.id, status: 'reconciled' });
    const refused = await api.delete(`${TEAMS}/${old.id}`);
    expect(outcome(refused)).toEqual([409, 'team_in_use']);
    expect(refused.text).toContain('budget_items');
    expect((await api.delete(`${TEAMS}/${old.id}?reassign_to=${heir.id}`)).status).toBe(204);
    expect((await api.get(at(item))).body).toMatchObject({
      team_id: heir.id,
      status: 'reconciled',
      version: 2,
    });
    expect(await history(item)).toEqual(['handed_over', 'created']);
  });
});
