import { TestApi } from '../api.js';
import {
  BREAD,
  counts,
  errors,
  importing,
  IMPORTS,
  itemsOf,
  payeesOf,
  paymentsOf,
  SALARY,
  table,
} from './imported.js';
import {
  aBudget,
  aCategory,
  anItem,
  aTenant,
  BUDGET,
  BUDGETS,
  CATEGORIES,
  ITEMS,
  mistakes,
  outcome,
  PAYEES,
} from './made.js';

let api: TestApi;
let send: ReturnType<typeof importing>;

beforeAll(async () => {
  api = await TestApi.start();
  send = importing(api);
});

afterAll(() => api.stop());

describe('an import', () => {
  it('makes items, adds nothing when the file comes again, and is undone', async () => {
    const tenant = aTenant();
    const first = await send(table(BREAD, BREAD, SALARY), { tenant_id: tenant });
    expect([counts(first), first.body.errors]).toEqual([[201, 3, 3, 0, 0], []]);
    const items = await itemsOf(api, tenant);
    expect(items.map(({ item, amount, flow, status }) => [item, amount, flow, status])).toEqual([
      ['Bread', '3.20', 'outflow', 'pending'],
      ['Bread', '3.20', 'outflow', 'pending'],
      ['Salary', '2000.00', 'inflow', 'pending'],
    ]);
    expect(await payeesOf(api, tenant)).toEqual(['Baker', 'Me', 'Work']);
    const location = first.headers.get('location') ?? '';
    const stored = await api.get(location);
    expect([stored.status, stored.headers.get('etag'), stored.body]).toMatchObject([
      200,
      '"1"',
      { id: first.body.id, tenant_id: tenant, format: 'csv', total: 3, created: 3, unchanged: 0, failed: 0 },
    ]);
    expect((await itemsOf(api, tenant, `&import_id=${first.body.id}`)).length).toBe(3);

    const again = await send(table(BREAD, BREAD, SALARY), { tenant_id: tenant });
    expect([counts(again), again.body.id]).toEqual([[200, 3, 0, 3, 0], null]);
    const longer = await send(table(BREAD, SALARY, BREAD, BREAD), { tenant_id: tenant });
    expect(counts(longer)).toEqual([201, 4, 1, 3, 0]);
    const { body } = await api.get(`${IMPORTS}?tenant_id=${tenant}`);
    expect(body.items.map(({ id }: any) => id)).toEqual([longer.body.id, first.body.id]);

    expect((await api.delete(`${IMPORTS}/${first.body.id}?change_reason=wrong`)).status).toBe(204);
    expect((await itemsOf(api, tenant)).map(({ import_id }) => import_id)).toEqual([longer.body.id]);
    expect(await payeesOf(api, tenant)).toEqual(['Baker', 'Me']);
    expect(outcome(await api.get(location))).toEqual([404, 'import_not_found']);
    const gone = await api.get(`${ITEMS}/${items[0].id}/versions`);
    expect(gone.body.items.map(({ type, change_reason }: any) => [type, change_reason])).toEqual([
      ['deleted', 'wrong'],
      ['created', null],
    ]);
    expect((await api.delete(`${IMPORTS}/${longer.body.id}`)).status).toBe(204);
    expect(await itemsOf(api, tenant)).toEqual([]);
    expect(counts(await send(table(BREAD, BREAD, SALARY), { tenant_id: tenant }))).toEqual([201, 3, 3, 0, 0]);
  });

  it('tells what a dry run would do, and stores nothing', async () => {
    const tenant = aTenant();
    const file = table(BREAD, 'Bread,x,EUR,Me,Baker,2026-05-01', SALARY);
    const rehearsed = await send(file, { tenant_id: tenant, dry_run: 'true' });
    expect([rehearsed.body.id, rehearsed.body.dry_run, ...counts(rehearsed)]).toEqual([
      null,
      true,
      200,
      3,
      2,
      0,
      1,
    ]);
    expect([await itemsOf(api, tenant), await payeesOf(api, tenant)]).toEqual([[], []]);
    const done = await send(file, { tenant_id: tenant });
    expect([done.body.errors, ...counts(done)]).toEqual([rehearsed.body.errors, 201, 3, 2, 0, 1]);
  });

  it('tells every broken line by its number, and takes the rest or nothing', async () => {
    const tenant = aTenant();
    const file = table(
      BREAD,
      ',1.00,EUR,Me,Baker,2026-05-01',
      'a,1.005,USD,Me,Baker,2026-05-01',
      'b,0,EUR,Me,Baker,2026-02-30',
      'c,1.00,XXQ,Me,Me,2026-05-01',
      'd,1.00,EUR,Me, ME ,2026-05-01',
      'e,1.00',
      `"${'x'.repeat(201)}",1.00,EUR,Me,New,2026-05-01`,
    );
    const expected = [
      '3 /item required',
      '4 /amount too_many_decimals',
      '5 /transaction_date date',
      '6 /currency unknown_currency',
      '7 /payee same_party',
      '8  malformed_csv',
      '9 /item too_long',
    ];
    const refused = await send(file, { tenant_id: tenant, mode: 'atomic' });
    expect([...outcome(refused), errors(refused)]).toEqual([422, 'item_import_refused', expected]);
    expect([await itemsOf(api, tenant), await payeesOf(api, tenant)]).toEqual([[], []]);
    const taken = await send(file, { tenant_id: tenant });
    expect([counts(taken), errors(taken)]).toEqual([[201, 8, 1, 0, 7], expected]);
    expect(await payeesOf(api, tenant)).toEqual(['Baker', 'Me']);
  });

  it('adds nothing twice when the same file comes many times at one moment', async () => {
    const tenant = aTenant();
    const file = table(BREAD, BREAD, SALARY);
    const replies = await Promise.all(Array.from({ length: 6 }, () => send(file, { tenant_id: tenant })));
    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 200, 200, 200, 200, 201]);
    expect((await itemsOf(api, tenant)).length).toBe(3);
  });

  it('knows an item that was changed since, and brings back one that was deleted', async () => {
    const tenant = aTenant();
    await send(table(BREAD, SALARY), { tenant_id: tenant });
    const [bread, salary] = await itemsOf(api, tenant);
    await api.patch(`${ITEMS}/${bread.id}`, { item: 'Rolls', amount: '4.00' });
    await api.delete(`${ITEMS}/${salary.id}`);
    expect(counts(await send(table(BREAD, SALARY), { tenant_id: tenant }))).toEqual([201, 2, 1, 1, 0]);
    expect((await itemsOf(api, tenant)).map(({ item }) => item)).toEqual(['Rolls', 'Salary']);
  });

  it('reports what may be the same and came another way, and merges nothing', async () => {
    const tenant = aTenant();
    const there = await anItem(api, {
      ...{ tenant_id: tenant, item: 'at the baker’s', amount: '3.20', currency: 'EUR' },
      ...{ payor: 'Me', payee: 'Baker', transaction_date: '2026-05-01' },
    });
    const rehearsed = await send(table(SALARY, BREAD), { tenant_id: tenant, dry_run: 'true' });
    expect(rehearsed.body.possible_duplicates).toEqual([{ line: 3, item_id: null, existing_id: there.id }]);
    const { body } = await send(table(SALARY, BREAD), { tenant_id: tenant });
    const [made] = (await itemsOf(api, tenant)).filter(({ item }) => item === 'Bread');
    expect(body.possible_duplicates).toEqual([{ line: 3, item_id: made.id, existing_id: there.id }]);
    expect((await itemsOf(api, tenant)).length).toBe(3);
  });

  it('names what is not there once for all of it', async () => {
    const tenant_id = aTenant();
    const id = crypto.randomUUID();
    const unknown = async (asked: object): Promise<unknown[]> => {
      const refused = await send(table(BREAD), { tenant_id, ...asked });
      return [refused.status, mistakes(refused)];
    };
    expect(await unknown({ category_id: id })).toEqual([422, ['/category_id category_unknown']]);
    expect(await unknown({ team_id: id })).toEqual([422, ['/team_id catalog_reference_unknown']]);
    const lines = `team_id,${table(`${id},${BREAD}`, `,${BREAD}`)}`;
    const done = await send(lines, { tenant_id });
    expect([counts(done), errors(done)]).toEqual([
      [201, 2, 1, 0, 1],
      ['2 /team_id catalog_reference_unknown'],
    ]);
    expect(await unknown({ account: id })).toEqual([422, ['/account payee_unknown']]);
  });

  it('of what was exported adds nothing, and makes the same items elsewhere', async () => {
    const [tenant, other] = [aTenant(), aTenant()];
    await send(table(`"=Bread, ""x""\n;",-3.20,EUR,Me,'Baker,2026-05-01`, SALARY), { tenant_id: tenant });
    const { text } = await api.get(`${BUDGET}/export?format=csv&tenant_id=${tenant}`);
    expect(counts(await send(text, { tenant_id: tenant }))).toEqual([200, 2, 0, 2, 0]);
    expect(counts(await send(text, { tenant_id: other }))).toEqual([201, 2, 2, 0, 0]);
    expect(await paymentsOf(api, other)).toEqual(await paymentsOf(api, tenant));
    expect(counts(await send(text, { tenant_id: other }))).toEqual([200, 2, 0, 2, 0]);
  });

  it('tells a colon of a category from one between two', async () => {
    const [tenant, other] = [aTenant(), aTenant()];
    for (const owner of [tenant, other]) {
      const food = await aCategory(api, { tenant_id: owner, name: 'Food' });
      await aCategory(api, { tenant_id: owner, name: 'fresh', parent_id: food.id });
      for (const name of ['Food:fresh', 'a:b\\']) await aCategory(api, { tenant_id: owner, name });
    }
    const file = ['Food:fresh', 'Food\\:fresh', 'a:b\\'].map(
      (category, index) => `${index},1,EUR,Work,Me,2026-05-01,${category}`,
    );
    const lines = `item,amount,currency,payor,payee,transaction_date,category\n${file.join('\n')}`;
    expect(counts(await send(lines, { tenant_id: tenant }))).toEqual([201, 3, 3, 0, 0]);
    const categoriesOf = async (owner: string): Promise<unknown[]> => {
      const { text } = await api.get(`${BUDGET}/export?tenant_id=${owner}`);
      expect(counts(await send(text, { tenant_id: owner }))).toEqual([200, 3, 0, 3, 0]);
      if (owner === tenant) expect(counts(await send(text, { tenant_id: other }))).toEqual([201, 3, 3, 0, 0]);
      const named = (await api.get(`${CATEGORIES}?tenant_id=${owner}`)).body.items;
      return (await itemsOf(api, owner)).map(
        ({ category_id }) => named.find(({ id }: any) => id === category_id).name,
      );
    };
    expect(await categoriesOf(tenant)).toEqual(['fresh', 'Food:fresh', 'a:b\\']);
    expect(await categoriesOf(other)).toEqual(['fresh', 'Food:fresh', 'a:b\\']);
  });

  it('counts in budgets, and no more once it is undone', async () => {
    const tenant = aTenant();
    const budget = await aBudget(api, { tenant_id: tenant, currency: 'EUR' });
    const { body } = await send(table(BREAD, BREAD), { tenant_id: tenant });
    const spent = async (): Promise<string> =>
      (await api.get(`${BUDGETS}/${budget.id}/periods?from=2026-05-01&until=2026-06-01`)).body.items[0].spent;
    expect(await spent()).toBe('6.40');
    await api.delete(`${IMPORTS}/${body.id}`);
    expect(await spent()).toBe('0.00');
  });
});

describe('an undo', () => {
  it('is refused where an item was reconciled since, and without force where one was changed', async () => {
    const tenant = aTenant();
    const { body } = await send(table(BREAD, SALARY), { tenant_id: tenant });
    const [bread, salary] = await itemsOf(api, tenant);
    await api.patch(`${ITEMS}/${bread.id}`, { notes: 'mine' });
    const changed = await api.delete(`${IMPORTS}/${body.id}`);
    expect([...outcome(changed), changed.body.changed, changed.body.reconciled]).toEqual([
      409,
      'import_not_undoable',
      [bread.id],
      [],
    ]);
    await api.patch(`${ITEMS}/${salary.id}`, { status: 'reconciled' });
    const refused = await api.delete(`${IMPORTS}/${body.id}?force=true`);
    expect([...outcome(refused), refused.body.reconciled]).toEqual([409, 'import_not_undoable', [salary.id]]);
    expect((await itemsOf(api, tenant)).length).toBe(2);
  });

  it('takes changed items along by force, and reconciled ones that came so', async () => {
    const tenant = aTenant();
    const file = `status,${table(`cleared,${BREAD}`, `reconciled,${SALARY}`)}`;
    const { body } = await send(file, { tenant_id: tenant });
    const [bread] = await itemsOf(api, tenant);
    await api.patch(`${ITEMS}/${bread.id}`, { notes: 'mine' });
    const stale = await api.delete(`${IMPORTS}/${body.id}?force=true`, { headers: { 'If-Match': '"2"' } });
    expect(outcome(stale)).toEqual([412, 'stale_version']);
    expect((await api.delete(`${IMPORTS}/${body.id}?force=true`)).status).toBe(204);
    expect([await itemsOf(api, tenant), await payeesOf(api, tenant)]).toEqual([[], []]);
    expect(outcome(await api.delete(`${IMPORTS}/${body.id}`))).toEqual([404, 'import_not_found']);
  });

  it('leaves payees that were changed since, or are of other items', async () => {
    const tenant = aTenant();
    const { body } = await send(table(BREAD, SALARY), { tenant_id: tenant });
    const baker = (await api.get(`${PAYEES}?tenant_id=${tenant}&name=Baker`)).body.items[0];
    await api.patch(`${PAYEES}/${baker.id}`, { email: 'a@example.com' });
    await anItem(api, { tenant_id: tenant, payor: 'Me', payee: 'Other' });
    expect((await api.delete(`${IMPORTS}/${body.id}`)).status).toBe(204);
    expect(await payeesOf(api, tenant)).toEqual(['Baker', 'Me', 'Other']);
  });
});
