import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import { eventually, TestApi } from '../api.js';
import { administer } from '../test-database.js';
import {
  aBudget,
  aCategory,
  aName,
  anItem,
  aTenant,
  BUDGETS,
  CATEGORIES,
  ITEMS,
  made,
  mistakes,
  outcome,
} from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const WAITING_FOR_LOCKS = `select from pg_locks where locktype = 'advisory' and not granted
  and database = (select oid from pg_database where datname = current_database())`;

const namesOf = async (query: string): Promise<string[]> =>
  (await api.get(`${CATEGORIES}?${query}`)).body.items.map(({ name }: any) => name);

const move = ({ id }: any, under: any, headers = {}) =>
  api.put(`${CATEGORIES}/${id}`, { parent_id: under?.id ?? null }, { headers });

/** A root with one below the other. */
async function aLine(length: number, body: object = {}): Promise<any[]> {
  const line: any[] = [];
  for (let depth = 0; depth < length; depth += 1)
    line.push(await aCategory(api, { ...body, ...(depth > 0 && { parent_id: line[depth - 1].id }) }));
  return line;
}

describe('a category', () => {
  it('is created, read, listed and changed', async () => {
    const tenant = aTenant();
    const root = await aCategory(api, { tenant_id: tenant, name: 'Food' });
    const reply = await api.post(CATEGORIES, { tenant_id: tenant, name: ' Groceries ', parent_id: root.id });
    expect([reply.status, reply.headers.get('etag'), reply.headers.get('location')]).toEqual([
      201,
      '"1"',
      `${CATEGORIES}/${reply.body.id}`,
    ]);
    expect(reply.body).toEqual({
      ...{ id: expect.any(String), tenant_id: tenant, version: 1, name: 'Groceries', parent_id: root.id },
      ...{ created_at: expect.any(String), updated_at: reply.body.created_at },
      ...{ created_by: 'anonymous', updated_by: 'anonymous' },
    });
    expect((await api.get(`${CATEGORIES}/${reply.body.id}`)).body).toEqual(reply.body);
    expect(await namesOf(`tenant_id=${tenant}&parent_id=${root.id}`)).toEqual(['Groceries']);
    expect(await namesOf(`tenant_id=${tenant}&root=true&q=FOO`)).toEqual(['Food']);
    expect(await namesOf(`tenant_id=${tenant}&root=false&name=groceries`)).toEqual(['Groceries']);
    const { id } = reply.body;
    const renamed = await api.patch(`${CATEGORIES}/${id}`, { name: 'Daily', change_reason: 'short' });
    expect([renamed.body.version, renamed.body.parent_id]).toEqual([2, root.id]);
    expect((await api.put(`${CATEGORIES}/${id}`, { name: 'Daily' })).body).toEqual(renamed.body);
    expect((await move({ id }, null, { 'If-Match': '"1"' })).status).toBe(412);
    expect((await move({ id }, null)).body).toMatchObject({ version: 3, parent_id: null });
    const back = await api.post(`${CATEGORIES}/${id}/rollback/1`, {});
    expect(back.body).toMatchObject({ version: 4, name: 'Groceries', parent_id: root.id });
    expect((await api.get(`${CATEGORIES}/${id}/versions/2/diff/3`)).body).toEqual([
      { op: 'replace', path: '/parent_id', value: null },
    ]);
  });

  it('is refused with everything that is wrong at once', async () => {
    expect(mistakes(await api.post(CATEGORIES, { name: '', parent_id: 'x', colour: 1 }))).toEqual([
      '/colour unknown_property',
      '/name too_short',
      '/parent_id pattern',
    ]);
    expect(mistakes(await api.post(CATEGORIES, { name: 'a\tb' }))).toEqual(['/name pattern']);
    const unknown = await api.post(CATEGORIES, { name: aName(), parent_id: randomUUID() });
    expect([unknown.status, mistakes(unknown)]).toEqual([422, ['/parent_id category_unknown']]);
    expect(outcome(await api.get(`${CATEGORIES}/${randomUUID()}`))).toEqual([404, 'category_not_found']);
    expect(mistakes(await api.get(`${CATEGORIES}?parent_id=x`))).toEqual(['/parent_id pattern']);
  });

  it('has a name of its own among its siblings, and may have an id of the caller', async () => {
    const root = await aCategory(api);
    const body = { id: randomUUID(), name: 'Fuel  Oil', parent_id: root.id };
    const replies = await Promise.all(Array.from({ length: 8 }, () => api.post(CATEGORIES, body)));
    expect(replies.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(1);
    expect(replies.every(({ status }) => status < 300)).toBe(true);
    expect(outcome(await api.post(CATEGORIES, { ...body, parent_id: null }))).toEqual([409, 'id_conflict']);
    const taken = await api.post(CATEGORIES, { name: 'FUEL oil', parent_id: root.id });
    expect([...outcome(taken), taken.body.conflicting_id]).toEqual([409, 'category_name_taken', body.id]);
    const roots = await Promise.all(
      Array.from({ length: 6 }, () => api.post(CATEGORIES, { name: `${root.name} 2` })),
    );
    expect(roots.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(1);
    const elsewhere = await aCategory(api, { name: 'fuel oil' });
    const clash = await move(elsewhere, root);
    expect([...outcome(clash), clash.body.conflicting_id]).toEqual([409, 'category_name_taken', body.id]);
    expect((await api.post(CATEGORIES, { name: 'fuel oil', tenant_id: aTenant() })).status).toBe(201);
  });

  it('does not go while others stand below it or items are of it', async () => {
    const [root, child] = await aLine(2);
    const item = await anItem(api, { category_id: child.id });
    const refused = await api.delete(`${CATEGORIES}/${root.id}`);
    expect([...outcome(refused), refused.body.categories, refused.body.items]).toEqual([
      409,
      'category_in_use',
      1,
      0,
    ]);
    const used = await api.delete(`${CATEGORIES}/${child.id}`);
    expect([...outcome(used), used.body.categories, used.body.items]).toEqual([409, 'category_in_use', 0, 1]);
    await api.patch(`${ITEMS}/${item.id}`, { category_id: null });
    expect((await api.delete(`${CATEGORIES}/${child.id}`)).status).toBe(204);
    expect((await api.delete(`${CATEGORIES}/${root.id}`)).status).toBe(204);
    const gone = await api.post(`${CATEGORIES}/${root.id}/rollback/1`, {});
    expect(outcome(gone)).toEqual([404, 'category_not_found']);
  });
});

describe('the tree of categories', () => {
  it('has at most ten levels, and nothing below itself', async () => {
    const line = await aLine(10);
    const [root, second] = line;
    const deep = await api.post(CATEGORIES, { name: aName(), parent_id: line[9].id });
    expect([...outcome(deep), mistakes(deep), deep.body.depth]).toEqual([
      422,
      'category_too_deep',
      ['/parent_id category_too_deep'],
      11,
    ]);
    for (const under of [root, second, line[9]]) {
      const cycle = await move(root, under);
      expect([cycle.status, mistakes(cycle)]).toEqual([422, ['/parent_id category_cycle']]);
    }
    expect(outcome(await move(second, (await aLine(2))[1]))).toEqual([422, 'category_too_deep']);
    expect((await move(second, null)).status).toBe(200);
    expect(outcome(await move(root, line[9]))).toEqual([200, undefined]);
  });

  it('takes changes of one category one after another', async () => {
    const category = await aCategory(api);
    const renaming = Array.from({ length: 12 }, (_, n) =>
      api.put(`${CATEGORIES}/${category.id}`, { name: `${category.name} ${n}` }),
    );
    expect((await Promise.all(renaming)).map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect((await api.get(`${CATEGORIES}/${category.id}`)).body.version).toBe(13);
  });

  it('stays a tree when two are put below each other at one moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [a, b] = [await aCategory(api), await aCategory(api)];
      const replies = await Promise.all([move(a, b), move(b, a)]);
      expect(replies.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 422]);
    }
  });

  it('has a tenant’s own below shared ones, and never the other way round', async () => {
    const [tenant, other] = [aTenant(), aTenant()];
    const key = await api.key('editor', tenant);
    const shared = await aCategory(api);
    const own = made(await api.post(CATEGORIES, { name: aName(), parent_id: shared.id }, { key }));
    expect([own.tenant_id, own.parent_id]).toEqual([tenant, shared.id]);
    expect(outcome(await move(shared, own))).toEqual([422, 'category_unknown']);
    const foreign = await aCategory(api, { tenant_id: other });
    expect(outcome(await api.put(`${CATEGORIES}/${own.id}`, { parent_id: foreign.id }, { key }))).toEqual([
      422,
      'category_unknown',
    ]);
    expect(outcome(await api.put(`${CATEGORIES}/${shared.id}`, { name: 'x' }, { key }))).toEqual([
      403,
      'tenant_forbidden',
    ]);
    expect(outcome(await api.delete(`${CATEGORIES}/${shared.id}`))).toEqual([409, 'category_in_use']);
    expect((await api.get(`${CATEGORIES}/${foreign.id}`, { key })).status).toBe(404);
  });

  it('has those budgets alone counted anew that count by what was or is above it', async () => {
    const tenant_id = aTenant();
    const [left, child] = await aLine(2, { tenant_id });
    const [entered, unrelated] = [await aCategory(api, { tenant_id }), await aCategory(api, { tenant_id })];
    const budgets: any[] = [];
    for (const { id } of [left, entered, unrelated])
      budgets.push(await aBudget(api, { tenant_id, scope: { category_ids: [id] } }));
    await anItem(api, { tenant_id, category_id: child.id, transaction_date: '2026-01-15' });
    const spent = () =>
      Promise.all(
        budgets.map(async ({ id }) => (await api.get(`${BUDGETS}/${id}/periods`)).body.items[0].spent),
      );
    expect(await spent()).toEqual(['12.34', '0.00', '0.00']);
    const read = jest.spyOn(api.part(Database), 'read');
    expect((await move(child, entered)).status).toBe(200);
    const counts = read.mock.calls.filter(([{ text }]) => /sum\(.* from budget\.item/s.test(text));
    read.mockRestore();
    expect(counts).toHaveLength(2);
    expect(await spent()).toEqual(['0.00', '12.34', '0.00']);
  });

  it('waits for who counts items without standing in its way', async () => {
    const [, child] = await aLine(2);
    const counter = new pg.Client({ connectionString: api.database.url });
    await counter.connect();
    try {
      await counter.query(`begin; select pg_advisory_xact_lock_shared(hashtextextended('budget-totals', 0))`);
      const moving = move(child, null);
      await eventually(
        () => administer(api.database.url, WAITING_FOR_LOCKS),
        (waiting) => waiting.length > 0,
      );
      const lock = `select pg_try_advisory_xact_lock_shared(hashtextextended('budget-totals/' || $1, 0)) as taken`;
      const { rows } = await counter.query(lock, [tenantColumn(null)]);
      expect(rows).toEqual([{ taken: true }]);
      await counter.query('commit');
      expect((await moving).status).toBe(200);
    } finally {
      await counter.end();
    }
  });

  it('is moved while items come to it', async () => {
    const [root, child] = await aLine(2);
    const other = await aCategory(api);
    const moves = [other, null, root, other].map((under) => () => move(child, under));
    const [moved, entered] = await Promise.all([
      (async () => {
        const statuses: number[] = [];
        for (const once of moves) statuses.push((await once()).status);
        return statuses;
      })(),
      Promise.all(Array.from({ length: 20 }, () => anItem(api, { category_id: child.id }))),
    ]);
    expect(moved).toEqual([200, 200, 200, 200]);
    const { body } = await api.get(`${ITEMS}?category_id=${child.id}&include_total=true`);
    expect(body.total).toBe(entered.length);
  });
});
