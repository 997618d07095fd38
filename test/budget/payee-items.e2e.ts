import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { administer } from '../test-database.js';
import { eventually, TestApi } from '../api.js';
import { aName, anItem, aPayee, aTenant, ITEMS, mistakes, outcome, PAYEES } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const namesOf = async (query: string): Promise<string[]> =>
  (await api.get(`${PAYEES}?${query}`)).body.items.map(({ name }: any) => name);

const merge = (payee: any, into: any, headers = {}) =>
  api.post(`${PAYEES}/${payee.id}/merge`, { into: into.id, change_reason: 'the same' }, { headers });

describe('a payee with items', () => {
  it('is not deleted, unless its items go to another one', async () => {
    const [old, now, third] = [await aPayee(api), await aPayee(api), await aPayee(api)];
    const paid = await anItem(api, { payor_id: old.id, payee_id: third.id });
    const got = await anItem(api, { payor_id: third.id, payee_id: old.id, status: 'reconciled' });
    const refused = await api.delete(`${PAYEES}/${old.id}`);
    expect([...outcome(refused), refused.body.items]).toEqual([409, 'payee_in_use', 2]);
    const gone = await api.delete(`${PAYEES}/${old.id}?merge_into=${now.id}&change_reason=dup`);
    expect(gone.status).toBe(204);
    expect(outcome(await api.get(`${PAYEES}/${old.id}`))).toEqual([404, 'payee_not_found']);
    const [first, second] = [await api.get(`${ITEMS}/${paid.id}`), await api.get(`${ITEMS}/${got.id}`)];
    expect([first.body.payor_id, first.body.payee_id, first.body.version]).toEqual([now.id, third.id, 2]);
    expect([second.body.payor_id, second.body.payee_id, second.body.version]).toEqual([third.id, now.id, 2]);
    const { body } = await api.get(`${ITEMS}/${got.id}/versions`);
    expect(body.items.map(({ type, change_reason }: any) => [type, change_reason])).toEqual([
      ['party_merged', 'dup'],
      ['created', null],
    ]);
    expect((await api.get(`${PAYEES}/${old.id}/versions`)).body.items[0].type).toBe('merged');
    expect((await api.delete(`${PAYEES}/${(await aPayee(api)).id}`)).status).toBe(204);
  });

  it('is merged into another one, which is the answer', async () => {
    const [old, now] = [await aPayee(api), await aPayee(api)];
    const item = await anItem(api, { payor_id: old.id });
    expect(outcome(await merge(old, now, { 'If-Match': '"2"' }))).toEqual([412, 'stale_version']);
    const merged = await merge(old, now);
    expect([merged.status, merged.body, merged.headers.get('etag')]).toEqual([200, now, '"1"']);
    expect((await api.get(`${ITEMS}/${item.id}`)).body.payor_id).toBe(now.id);
  });

  it('is not merged into whom it had items with, and then nothing moves', async () => {
    const [old, now] = [await aPayee(api), await aPayee(api)];
    const free = await anItem(api, { payor_id: old.id });
    const one = await anItem(api, { payor_id: old.id, payee_id: now.id });
    const other = await anItem(api, { payor_id: now.id, payee_id: old.id });
    const refused = await merge(old, now);
    expect(outcome(refused)).toEqual([409, 'merge_conflict']);
    expect(new Set(refused.body.items.map(({ id }: any) => id))).toEqual(new Set([one.id, other.id]));
    expect((await api.get(`${ITEMS}/${free.id}`)).body.version).toBe(1);
    expect((await api.get(`${PAYEES}/${old.id}`)).status).toBe(200);
  });

  it('is not merged into itself, nobody, or another tenant’s', async () => {
    const [tenant, other] = [aTenant(), aTenant()];
    const own = await aPayee(api, { tenant_id: tenant });
    const foreign = await aPayee(api, { tenant_id: other });
    const shared = await aPayee(api);
    expect(mistakes(await merge(own, own))).toEqual(['/into itself']);
    for (const into of [foreign, { id: randomUUID() }])
      expect(mistakes(await merge(own, into))).toEqual(['/into payee_unknown']);
    expect(mistakes(await merge(shared, own))).toEqual(['/into payee_unknown']);
    const asked = await api.delete(`${PAYEES}/${own.id}?merge_into=${foreign.id}`);
    expect([asked.status, mistakes(asked)]).toEqual([422, ['/merge_into payee_unknown']]);
    expect(mistakes(await api.post(`${PAYEES}/${own.id}/merge`, { from: shared.id }))).toEqual([
      '/from unknown_property',
      '/into required',
    ]);
    expect((await merge(own, shared)).body).toEqual(shared);
  });

  it.each(['with an item', 'without any'])('never vanishes with another one, %s', async (how) => {
    for (let round = 0; round < 5; round += 1) {
      const [a, b] = [await aPayee(api), await aPayee(api)];
      const item = how === 'with an item' ? await anItem(api, { payor_id: a.id }) : null;
      const replies = await Promise.all([merge(a, b), merge(b, a)]);
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
      const left = await Promise.all([a, b].map(({ id }) => api.get(`${PAYEES}/${id}`)));
      const [stays, ...others] = left.filter(({ status }) => status === 200).map(({ body }) => body.id);
      expect([typeof stays, others]).toEqual(['string', []]);
      if (item) expect((await api.get(`${ITEMS}/${item.id}`)).body.payor_id).toBe(stays);
    }
  });

  it('takes every item along that comes while it is merged', async () => {
    const [old, now] = [await aPayee(api), await aPayee(api)];
    const party = await aPayee(api);
    const item = { item: 'x', amount: '1.00', currency: 'EUR', flow: 'outflow', payee_id: party.id };
    const entering = Array.from({ length: 10 }, () => api.post(ITEMS, { ...item, payor_id: old.id }));
    const [merged, ...replies] = await Promise.all([merge(old, now), ...entering]);
    expect(merged?.status).toBe(200);
    const entered = replies.filter(({ status }) => status === 201).length;
    expect(replies.map(({ status }) => status).filter((status) => ![201, 422].includes(status))).toEqual([]);
    const { body } = await api.get(`${ITEMS}?payor_id=${now.id}&include_total=true`);
    expect(body.total).toBe(entered);
  });
});

describe('a name instead of an id', () => {
  it('is the tenant’s own payee before a shared one, whatever the case and the spaces', async () => {
    const tenant = aTenant();
    const name = aName();
    const shared = await aPayee(api, { name });
    const first = await anItem(api, { tenant_id: tenant, payor: `  ${name.toUpperCase()} ` });
    expect(first.payor_id).toBe(shared.id);
    const own = await aPayee(api, { name, tenant_id: tenant });
    expect((await anItem(api, { tenant_id: tenant, payor: name })).payor_id).toBe(own.id);
  });

  it('makes one payee, however many name it at one moment', async () => {
    const tenant = aTenant();
    const name = aName();
    const items = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        anItem(api, {
          tenant_id: tenant,
          payor: n % 2 === 0 ? name : name.toUpperCase(),
          payee: `${name} ${n}`,
        }),
      ),
    );
    expect(new Set(items.map(({ payor_id }) => payor_id)).size).toBe(1);
    const { body } = await api.get(`${PAYEES}?tenant_id=${tenant}&name=${name}`);
    expect(body.items.map(({ id, tenant_id }: any) => [id, tenant_id])).toEqual([
      [items[0].payor_id, tenant],
    ]);
  });

  it('means who has it once the item is stored, where another one of the name goes meanwhile', async () => {
    const [going, changed] = [await aPayee(api), await anItem(api)];
    const entered = await whileGone(going, () => anItem(api, { payor: going.name }));
    expect(await namesOf(`name=${going.name}`)).toEqual([going.name]);
    expect(entered.payor_id).not.toBe(going.id);
    await api.delete(`${ITEMS}/${entered.id}`);
    await api.delete(`${PAYEES}/${entered.payor_id}`);
    const third = await aPayee(api, { name: going.name });
    const revised = await whileGone(third, () => api.put(`${ITEMS}/${changed.id}`, { payee: going.name }));
    expect([revised.status, revised.body.version]).toEqual([200, 2]);
    expect(revised.body.payee_id).not.toBe(third.id);
  });

  /** Takes a payee away as soon as the work waits for it. */
  async function whileGone<T>({ id }: { id: string }, work: () => Promise<T>): Promise<T> {
    const holder = new pg.Client({ connectionString: api.database.url });
    await holder.connect();
    try {
      await holder.query(`begin; delete from budget.payee where id = '${id}'`);
      const working = work();
      const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
                     and wait_event = 'transactionid'`;
      await eventually(
        () => administer(api.database.url, waits),
        (waiting) => waiting.length > 0,
      );
      await holder.query('commit');
      return await working;
    } finally {
      await holder.end();
    }
  }

  it('is refused where several have it, with all of them', async () => {
    const name = aName();
    const twins = [
      await aPayee(api, { name, email: 'a@b.c' }),
      await aPayee(api, { name: name.toUpperCase() }),
    ];
    const item = { item: 'x', amount: '1.00', currency: 'EUR', flow: 'outflow', payor: name, payee: aName() };
    const refused = await api.post(ITEMS, item);
    expect([...outcome(refused), mistakes(refused)]).toEqual([
      409,
      'payee_ambiguous',
      ['/payor payee_ambiguous'],
    ]);
    expect(refused.body.candidates).toEqual(
      twins.map(({ id, tenant_id, name: called, email }) => ({ id, tenant_id, name: called, email })),
    );
    expect(await namesOf(`name=${item.payee}`)).toEqual([]);
  });
});
