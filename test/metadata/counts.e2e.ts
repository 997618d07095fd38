import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import type { Sent } from '../api.js';
import { expire } from './expired.js';

const PATH = '/api/v1/metadata';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const aKey = (): string => `k-${randomUUID()}`;
const aTenant = (): string => `t-${randomUUID()}`;
const aNamespace = (): string => `n-${randomUUID()}`;

async function create(body: object = {}): Promise<any> {
  const reply = await api.post(PATH, { key: aKey(), value: 1, ...body });
  expect(reply.status).toBe(201);
  return reply.body;
}

/** Words and their counts, in the order of the answer. */
async function counts(list: string, query: Record<string, string>, sent?: Sent): Promise<[string, number][]> {
  const { status, body } = await api.get(`${PATH}/${list}?${new URLSearchParams(query).toString()}`, sent);
  expect([status, Object.keys(body)]).toEqual([200, ['items']]);
  return body.items.map(({ name, entries }: any) => [name, entries]);
}

describe('the tags', () => {
  it('are counted, the most used first and then by name', async () => {
    const [tenant_id, namespace] = [aTenant(), aNamespace()];
    for (const tags of [['b', 'Common'], ['a', 'common'], ['common', 'c', 'a'], []]) {
      await create({ tenant_id, namespace, tags });
    }
    expect(await counts('tags', { tenant_id, namespace })).toEqual([
      ['common', 3],
      ['a', 2],
      ['b', 1],
      ['c', 1],
    ]);
  });

  it('follow every change', async () => {
    const [tenant_id, namespace, other] = [aTenant(), aNamespace(), aNamespace()];
    const tags = () => counts('tags', { tenant_id, namespace });
    const entry = await create({ tenant_id, namespace, tags: ['a', 'b'] });
    await api.put(`${PATH}/${entry.id}`, { tags: ['b', 'c'] });
    expect(await tags()).toEqual([
      ['b', 1],
      ['c', 1],
    ]);
    await api.put(`${PATH}/${entry.id}`, { value: 2 });
    expect(await tags()).toHaveLength(2);
    await api.post(`${PATH}/${entry.id}/rollback/1`, {});
    expect(await tags()).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    await api.put(`${PATH}/${entry.id}`, { namespace: other });
    expect(await tags()).toEqual([]);
    expect(await counts('tags', { tenant_id, namespace: other })).toHaveLength(2);
    await api.delete(`${PATH}/${entry.id}`);
    expect(await counts('tags', { tenant_id, namespace: other })).toEqual([]);
  });

  it('are of one namespace, or of all', async () => {
    const tenant_id = aTenant();
    const tag = `tag-${randomUUID()}`;
    for (const namespace of ['one', 'two', 'two']) await create({ tenant_id, namespace, tags: [tag] });
    expect(await counts('tags', { tenant_id, namespace: 'two' })).toContainEqual([tag, 2]);
    expect(await counts('tags', { tenant_id })).toContainEqual([tag, 3]);
    expect(await counts('tags', { tenant_id, namespace: 'tw' })).toEqual([]);
  });

  it('are those of the tenant’s own entries and of the shared ones', async () => {
    const [tenant_id, namespace] = [aTenant(), aNamespace()];
    await create({ tenant_id, namespace, tags: ['both', 'own'] });
    await create({ namespace, tags: ['both', 'shared'] });
    await create({ tenant_id: aTenant(), namespace, tags: ['both', 'foreign'] });
    const [own, shared] = [
      [
        ['both', 2],
        ['own', 1],
        ['shared', 1],
      ],
      [
        ['both', 1],
        ['shared', 1],
      ],
    ];
    const key = await api.key('viewer', tenant_id);
    expect(await counts('tags', { tenant_id, namespace })).toEqual(own);
    expect(await counts('tags', { namespace }, { key })).toEqual(own);
    expect(await counts('tags', { namespace })).toEqual(shared);
    const refusal = await api.get(`${PATH}/tags?tenant_id=${aTenant()}`, { key });
    expect([refusal.status, refusal.body.code]).toEqual([403, 'tenant_forbidden']);
  });

  it('leave out entries whose time is over', async () => {
    const [tenant_id, namespace] = [aTenant(), aNamespace()];
    await expire(api, (await create({ tenant_id, namespace, tags: ['a', 'over'] })).id);
    await create({ tenant_id, namespace, tags: ['a'], expires_at: '2099-01-01T00:00:00Z' });
    expect(await counts('tags', { tenant_id, namespace })).toEqual([['a', 1]]);
  });
});

describe('the namespaces', () => {
  it('are counted, by name', async () => {
    const tenant_id = aTenant();
    const [first, second] = [`A.${randomUUID()}`, `b.${randomUUID()}`];
    for (const namespace of [second, first, second]) await create({ tenant_id, namespace });
    await expire(api, (await create({ tenant_id, namespace: second })).id);
    const own = (await counts('namespaces', { tenant_id })).filter(([name]) =>
      [first, second].includes(name),
    );
    expect(own).toEqual([
      [first, 1],
      [second, 2],
    ]);
  });

  it('are those of the tenant’s own entries and of the shared ones', async () => {
    const tenant_id = aTenant();
    const [both, shared, foreign] = [aNamespace(), aNamespace(), aNamespace()];
    await create({ tenant_id, namespace: both });
    await create({ namespace: both });
    await create({ namespace: shared });
    await create({ tenant_id: aTenant(), namespace: foreign });
    const key = await api.key('viewer', tenant_id);
    for (const found of [
      await counts('namespaces', { tenant_id }),
      await counts('namespaces', {}, { key }),
    ]) {
      expect(found).toEqual(
        expect.arrayContaining([
          [both, 2],
          [shared, 1],
        ]),
      );
      expect(found.map(([name]) => name)).not.toContain(foreign);
    }
    expect(await counts('namespaces', {})).toContainEqual([both, 1]);
    const refusal = await api.get(`${PATH}/namespaces?tenant_id=${aTenant()}`, { key });
    expect([refusal.status, refusal.body.code]).toEqual([403, 'tenant_forbidden']);
  });

  it('go with their last entry', async () => {
    const [tenant_id, namespace] = [aTenant(), aNamespace()];
    const { id } = await create({ tenant_id, namespace });
    expect(await counts('namespaces', { tenant_id })).toContainEqual([namespace, 1]);
    await api.delete(`${PATH}/${id}`);
    expect((await counts('namespaces', { tenant_id })).map(([name]) => name)).not.toContain(namespace);
  });
});

describe('both', () => {
  it.each(['tags', 'namespaces'])('refuse what they do not know, and who may not read: %s', async (list) => {
    const unknown = await api.get(`${PATH}/${list}?prefix=a`);
    expect([unknown.status, unknown.body.errors[0].pointer]).toEqual([400, '/prefix']);
    const slug = await api.get(`${PATH}/${list}?tenant_id=No`);
    expect([slug.status, slug.body.errors[0].pointer]).toEqual([400, '/tenant_id']);
    const key = await api.key('client', aTenant());
    expect((await api.get(`${PATH}/${list}`, { key })).status).toBe(403);
  });
});
