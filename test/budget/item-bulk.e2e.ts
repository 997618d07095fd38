import { randomUUID } from 'node:crypto';
import { ItemMoves } from '../../libs/budget/application/item-moves.js';
import { ItemQueries } from '../../libs/budget/application/item.queries.js';
import type { ItemView } from '../../libs/budget/application/item.queries.js';
import { itemId, payeeId } from '../../libs/budget/domain/identity.js';
import { Item } from '../../libs/budget/domain/item.js';
import type { ItemContent, ItemState } from '../../libs/budget/domain/item.js';
import { ItemRepository } from '../../libs/budget/domain/item.repository.js';
import { currencyCode } from '../../libs/budget/domain/money.js';
import { periodIndexOf } from '../../libs/budget/domain/period.js';
import { spentBy } from '../../libs/budget/domain/scope.js';
import { budgetsToCount } from '../../libs/budget/infrastructure/budgets-to-count.js';
import { BUDGET_COLUMNS, toStoredBudget } from '../../libs/budget/infrastructure/budget.table.js';
import type { BudgetRecord } from '../../libs/budget/infrastructure/budget.table.js';
import { CallContext } from '#platform/context';
import { Database } from '#platform/database';
import type { Statement } from '#platform/database';
import { UnitOfWork } from '#shared-kernel';
import { TestApi } from '../api.js';
import { planted } from './counted.js';
import { aBudget, aCategory, aName, aPayee, aTenant, BUDGETS, ITEMS } from './made.js';

/** More than go into one statement. */
const COUNT = 2_300;

let api: TestApi;
let items: ItemRepository;

beforeAll(async () => {
  api = await TestApi.start();
  items = api.part(ItemRepository);
});

afterAll(() => api.stop());

const inOne = <T>(work: () => Promise<T>): Promise<T> =>
  api.part(CallContext).runAsSystem('test', () => api.part(UnitOfWork).run(work));

async function contentOf(tenant: string): Promise<ItemContent> {
  const [payor, payee] = [await aPayee(api, { tenant_id: tenant }), await aPayee(api, { tenant_id: tenant })];
  return {
    ...{ item: 'Bread "and" \\butter\n☕', amount: 9_007_199_254_740_993n, currency: currencyCode('USD') },
    ...{ flow: 'outflow', payorId: payeeId(payor.id), payeeId: payeeId(payee.id), categoryId: null },
    ...{ transactionDate: '0001-02-03', status: 'pending', teamId: null, environment: null, notes: null },
    labels: { trip: 'paris' },
  };
}

async function everything(tenant: string): Promise<ItemView[]> {
  const all: ItemView[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.part(ItemQueries).page({ tenant }, { limit: 1_000, cursor });
    all.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}

const entered = (tenant: string, content: ItemContent): Item =>
  Item.enter({ id: itemId(randomUUID()), tenant }, content);
const read = (tenant: string): Promise<ItemView[]> =>
  api.part(CallContext).runAsSystem('test', () => everything(tenant));

describe('many items at once', () => {
  it('are stored as one by one: rows, labels, versions and their past', async () => {
    const tenant = aTenant();
    const content = await contentOf(tenant);
    const all = Array.from({ length: COUNT }, () => entered(tenant, content));
    await inOne(() => items.saveAll(all));
    const stored = await read(tenant);
    expect(stored).toHaveLength(COUNT);
    for (const view of stored) expect(view).toMatchObject({ ...content, version: 1 });
    const { body } = await api.get(
      `${ITEMS}?tenant_id=${tenant}&selector=trip%3Dparis&include_total=true&limit=1`,
    );
    expect(body.total).toBe(COUNT);

    const [first, second, third, ...rest] = all.map(({ snapshot }) => Item.restore(snapshot)) as [
      Item,
      Item,
      Item,
    ];
    first.revise({ amount: 1n, labels: {} }, 'Less.');
    second.delete('Gone.');
    const fresh = entered(tenant, content);
    await inOne(() => items.saveAll([first, second, third, fresh, ...rest]));
    const now = new Map((await read(tenant)).map((view) => [view.id, view]));
    expect(now.size).toBe(COUNT);
    expect(now.get(first.snapshot.id)).toMatchObject({ amount: 1n, version: 2, labels: {} });
    expect(now.has(second.snapshot.id)).toBe(false);
    expect(now.get(third.snapshot.id)?.version).toBe(1);
    const past = async ({ snapshot }: Item): Promise<unknown[]> =>
      (await api.get(`${ITEMS}/${snapshot.id}/versions`)).body.items.map(
        ({ version, type, change_reason }: any) => [version, type, change_reason],
      );
    expect(await past(first)).toEqual([
      [2, 'updated', 'Less.'],
      [1, 'created', null],
    ]);
    expect(await past(second)).toEqual([
      [2, 'deleted', 'Gone.'],
      [1, 'created', null],
    ]);
    expect((await api.get(`${ITEMS}/${first.snapshot.id}/versions/1`)).body.state).toMatchObject({
      ...{ amount: '90071992547409.93', item: content.item, labels: { trip: 'paris' } },
    });
  });

  it('are stored all or none: a newer version of one, or an id that is used, refuses the lot', async () => {
    const tenant = aTenant();
    const content = await contentOf(tenant);
    const [one, two] = [entered(tenant, content), entered(tenant, content)];
    await inOne(() => items.saveAll([one, two]));
    const stale = [one, two].map(({ snapshot }) => Item.restore(snapshot)) as [Item, Item];
    await api.patch(`${ITEMS}/${two.snapshot.id}`, { item: 'Tea' });
    for (const item of stale) item.revise({ amount: 1n }, null);
    await expect(inOne(() => items.saveAll(stale))).rejects.toMatchObject({
      ...{ code: 'stale_version', currentVersion: 2 },
    });
    const again = Item.enter({ id: one.snapshot.id, tenant }, content);
    await expect(inOne(() => items.saveAll([entered(tenant, content), again]))).rejects.toMatchObject({
      code: 'id_conflict',
    });
    const gone = entered(tenant, { ...content, payeeId: payeeId(randomUUID()) });
    await expect(inOne(() => items.saveAll([gone]))).rejects.toMatchObject({ code: 'payee_unknown' });
    expect((await read(tenant)).map(({ amount, version }) => [amount, version])).toEqual(
      expect.arrayContaining([
        [content.amount, 1],
        [content.amount, 2],
      ]),
    );
    expect(await read(tenant)).toHaveLength(2);
  });

  it('move from one payee to another, and all of them', async () => {
    const tenant = aTenant();
    const content = await contentOf(tenant);
    const other = payeeId((await aPayee(api, { tenant_id: tenant })).id);
    const all = Array.from({ length: COUNT }, (_, n) =>
      entered(
        tenant,
        n % 2 === 0 ? content : { ...content, payorId: content.payeeId, payeeId: content.payorId },
      ),
    );
    await inOne(() => items.saveAll(all));
    const moved = await inOne(() =>
      api.part(ItemMoves).moveParty(content.payeeId, other, 'One and the same.'),
    );
    expect(moved).toBe(COUNT);
    const sides = (await read(tenant)).map(({ payorId, payeeId: id, version }) => [
      [payorId, id].sort(),
      version,
    ]);
    expect(new Set(sides.map((each) => JSON.stringify(each)))).toEqual(
      new Set([JSON.stringify([[content.payorId, other].sort(), 2])]),
    );
  });

  it('count for budgets of their own tenants alone, also where one batch is of several', async () => {
    const tenants = [aTenant(), aTenant(), null];
    const budgets = await Promise.all(tenants.map((tenant_id) => aBudget(api, { tenant_id, name: aName() })));
    const operations = tenants.map((tenant_id, n) => ({
      ...{ op: 'create', tenant_id, item: 'Bread', amount: `${n + 1}.00`, currency: 'USD', flow: 'outflow' },
      ...{ payor: aName(), payee: aName(), transaction_date: '2026-01-15' },
    }));
    expect((await api.post(`${ITEMS}/batch`, { mode: 'atomic', operations })).status).toBe(200);
    const spent = budgets.map(
      async ({ id }) => (await api.get(`${BUDGETS}/${id}/periods`)).body.items[0].spent,
    );
    expect(await Promise.all(spent)).toEqual(['1.00', '2.00', '3.00']);
  });
});

describe('the budgets that are read for an item', () => {
  const budgetsBy = (statement: Statement): Promise<BudgetRecord[]> =>
    inOne(() => api.part(Database).read<BudgetRecord>(statement));

  /** One for each way to be of a team, an environment, categories and a time. */
  const plant = (tenant: string, teams: string, categories: string): Promise<void> =>
    planted(
      api,
      `insert into budget.budget (id, tenant, version, name, scope, currency, limit_amount, period, start_date, end_date,
         time_zone, rollover, thresholds, search_text, created_at, created_by, updated_at, updated_by)
       select gen_random_uuid(), '${tenant}', 1, gen_random_uuid()::text, json_build_object('team_id', team, 'environment',
         environment, 'category_ids', categories::json, 'selector', null), 'USD', 1, 'monthly', first, until, 'UTC', 'none',
         '[]', '', now(), 'a', now(), 'a'
       from unnest(${teams}) as team, unnest(array[null, 'production', 'test']) as environment,
         unnest(array[${categories}]) as categories,
         (values (date '2026-02-01', date '2026-03-01'), ('2026-02-01', null), ('2027-01-01', null)) as d (first, until)`,
    );

  it('are those that count it, and no others', async () => {
    const [tenant, mine, other] = [aTenant(), randomUUID(), randomUUID()];
    const root = await aCategory(api, { tenant_id: tenant });
    const leaf = await aCategory(api, { tenant_id: tenant, parent_id: root.id });
    const lists = [[], [root.id], [leaf.id], [randomUUID(), root.id], [randomUUID()]];
    await plant(
      tenant,
      `array[null, '${mine}', '${other}']`,
      lists.map((ids) => `'${JSON.stringify(ids)}'`).join(),
    );
    const text = `select ${BUDGET_COLUMNS} from budget.budget t where t.tenant = $1 order by t.id`;
    const all = (await budgetsBy({ text, values: [tenant] })).map(toStoredBudget);
    const lines = new Map([[leaf.id as string, [leaf.id, root.id] as string[]]]);
    const content = await contentOf(tenant);
    for (const teamId of [null, mine])
      for (const environment of [null, 'production'])
        for (const categoryId of [null, root.id, leaf.id, randomUUID()])
          for (const transactionDate of [
            '2026-01-31',
            '2026-02-01',
            '2026-02-28',
            '2026-03-01',
            '9999-12-31',
          ]) {
            const state: ItemState = {
              ...entered(tenant, content).snapshot,
              ...{ teamId, environment, categoryId, transactionDate },
            };
            const counting = all.filter(
              (budget) =>
                spentBy(state, budget, lines) !== null && periodIndexOf(budget, transactionDate) !== null,
            );
            const read = await budgetsBy(budgetsToCount([state]));
            expect(read.map(({ id }) => id)).toEqual(counting.map(({ id }) => id));
          }
  });
});
