import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
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

type Query = Readonly<Record<string, string>>;

const ask = (query: Query): Promise<Reply> => api.get(`${PATH}?${new URLSearchParams(query).toString()}`);

/** All pages of a list; between two of them something may happen. */
async function pages(
  query: Query,
  between: () => Promise<unknown> = async () => undefined,
): Promise<any[][]> {
  const all: any[][] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { status, body }: Reply = await ask({ ...query, ...(cursor !== '' && { cursor }) });
    expect([status, body.has_more]).toEqual([200, body.next_cursor !== null]);
    all.push(body.items);
    cursor = body.next_cursor;
    if (cursor !== null) await between();
  }
  return all;
}

/** Compares as the sort says; the id decides between equals, in the direction of the first term. */
function order(sort: string): (a: any, b: any) => number {
  const terms = [...sort.split(','), sort.startsWith('-') ? '-id' : 'id'];
  return (a, b) => {
    for (const term of terms) {
      const [name, sign] = term.startsWith('-') ? [term.slice(1), -1] : [term, 1];
      if (a[name] !== b[name]) return a[name] < b[name] ? -sign : sign;
    }
    return 0;
  };
}

describe('the order of a list', () => {
  const [tenant_id, namespace] = [aTenant(), aNamespace()];
  let entries: any[];

  beforeAll(async () => {
    // Of one transaction, so that many have the same time; some keys twice, once shared.
    for (const tenant of [tenant_id, null]) {
      const operations = Array.from({ length: 12 }, (_, index) => ({
        op: 'create',
        tenant_id: tenant,
        namespace,
        key: `${'aBc'.charAt(index % 3)}${index}`,
        value: index,
      }));
      expect((await api.post(`${PATH}/batch`, { operations })).status).toBe(200);
    }
    const { body } = await ask({ tenant_id, namespace });
    for (const { id } of body.items.filter((_: any, index: number) => index % 4 === 0)) {
      await api.put(`${PATH}/${id}`, { value: 'changed' });
    }
    entries = (await ask({ tenant_id, namespace })).body.items;
    expect(entries).toHaveLength(24);
  });

  it.each([
    'key',
    '-key',
    'created_at',
    '-created_at',
    'updated_at',
    '-updated_at',
    'created_at,key',
    '-created_at,key',
    '-updated_at,-key',
    'key,-updated_at',
    '-key,created_at,-updated_at',
  ])('is that of the sort, with the id between equals, on every page: %s', async (sort) => {
    const sorted = entries.toSorted(order(sort)).map(({ id }) => id);
    const cut = await pages({ tenant_id, namespace, sort, limit: '5' });
    expect(cut.map((page) => page.length)).toEqual([5, 5, 5, 5, 4]);
    expect(cut.flat().map(({ id }) => id)).toEqual(sorted);
  });

  it('is by key where nothing is said', async () => {
    expect(entries.map(({ id }) => id)).toEqual(entries.toSorted(order('key')).map(({ id }) => id));
  });
});

describe('pages', () => {
  it.each(['key', '-key', 'created_at', '-created_at', '-created_at,key'])(
    'hold each entry once while others come and go: %s',
    async (sort) => {
      const [tenant_id, namespace] = [aTenant(), aNamespace()];
      const coming = ['A', 'k-0', 'k-8', 'z', 'B', 'k-1', 'k-9', 'y', 'C', 'k-2', 'k-a', 'x'];
      const staying: string[] = [];
      const going: any[] = [];
      for (let index = 0; index < 30; index += 1) {
        const entry = await create({ tenant_id: index % 2 === 0 ? tenant_id : null, namespace });
        if (index % 3 === 0) going.push(entry);
        else staying.push(entry.id);
      }
      const seen = (
        await pages({ tenant_id, namespace, sort, limit: '4' }, async () => {
          for (const key of coming.splice(0, 3)) await create({ tenant_id, namespace, key });
          const gone = going.pop();
          if (gone) await api.delete(`${PATH}/${gone.id}`);
        })
      )
        .flat()
        .map(({ id }) => id);
      expect(new Set(seen).size).toBe(seen.length);
      for (const id of staying) expect(seen).toContain(id);
    },
    30_000,
  );

  it('go on after an entry that is gone by then', async () => {
    const [tenant_id, namespace] = [aTenant(), aNamespace()];
    for (const key of ['a', 'b', 'c', 'd']) await create({ tenant_id, namespace, key });
    const { body } = await ask({ tenant_id, namespace, limit: '2' });
    for (const { id } of body.items) await api.delete(`${PATH}/${id}`);
    const next = await ask({ tenant_id, namespace, limit: '2', cursor: body.next_cursor });
    expect(next.body.items.map(({ key }: any) => key)).toEqual(['c', 'd']);
    expect([next.body.has_more, next.body.next_cursor]).toEqual([false, null]);
  });

  it('say their limit, whether there is more, and the total where it is asked for', async () => {
    const [tenant_id, namespace] = [aTenant(), aNamespace()];
    for (const key of ['a', 'b', 'c']) await create({ tenant_id, namespace, key });
    await create({ namespace, key: 'shared' });
    await expire(api, (await create({ tenant_id, namespace, key: 'over' })).id);
    const shape = async (query: Query): Promise<unknown[]> => {
      const { body } = await ask({ tenant_id, namespace, ...query });
      return [body.limit, body.items.length, body.has_more, body.next_cursor === null, body.total];
    };
    expect(await shape({})).toEqual([100, 4, false, true, undefined]);
    expect(await shape({ limit: '1' })).toEqual([1, 1, true, false, undefined]);
    expect(await shape({ limit: '3', include_total: 'true' })).toEqual([3, 3, true, false, 4]);
    expect(await shape({ limit: '4', include_total: 'true' })).toEqual([4, 4, false, true, 4]);
    expect(await shape({ limit: '1000', include_total: 'false' })).toEqual([1000, 4, false, true, undefined]);
    expect(await shape({ q: 'none', include_total: 'true' })).toEqual([100, 0, false, true, 0]);
  });

  it('may change their size, and count on any of them', async () => {
    const [tenant_id, namespace] = [aTenant(), aNamespace()];
    for (const key of ['a', 'b', 'c', 'd']) await create({ tenant_id, namespace, key });
    const { body } = await ask({ tenant_id, namespace, limit: '1' });
    const query = { tenant_id, namespace, cursor: body.next_cursor, limit: '2', include_total: 'true' };
    const next = await ask(query);
    expect([next.body.items.map(({ key }: any) => key), next.body.total]).toEqual([['b', 'c'], 4]);
  });
});

describe('a cursor', () => {
  const [tenant_id, namespace] = [aTenant(), aNamespace()];
  let cursor: string;

  beforeAll(async () => {
    for (const key of ['a', 'b', 'c']) await create({ tenant_id, namespace, key, tags: ['t'] });
    cursor = (await ask({ tenant_id, namespace, limit: '1' })).body.next_cursor;
  });

  it.each<[string, Query]>([
    ['namespace', { tenant_id, namespace: `${namespace}x` }],
    ['no namespace', { tenant_id }],
    ['a tag', { tenant_id, namespace, tags: 't' }],
    ['all tags', { tenant_id, namespace, all_tags: 't' }],
    ['a prefix', { tenant_id, namespace, prefix: 'a' }],
    ['a search', { tenant_id, namespace, q: 'a' }],
    ['a content type', { tenant_id, namespace, content_type: 'json' }],
    ['a time', { tenant_id, namespace, updated_since: '2020-01-01T00:00:00Z' }],
    ['an order', { tenant_id, namespace, sort: '-key' }],
    ['no tenant', { namespace }],
    ['another tenant', { tenant_id: aTenant(), namespace }],
  ])('is of its own list alone: %s', async (_, query) => {
    const { status, body } = await ask({ ...query, cursor });
    expect([status, body.code]).toEqual([400, 'invalid_cursor']);
  });

  it('cannot be made or changed by hand', async () => {
    const bytes = Buffer.from(cursor, 'base64url');
    const flipped = [0, 15, 16, bytes.length - 1].map((place) => {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(copy.readUInt8(place) ^ 1, place);
      return copy.toString('base64url');
    });
    const tampered = [
      ...flipped,
      cursor.slice(0, -2),
      `${cursor}A`,
      `${cursor}=`,
      'x',
      `${cursor.slice(0, 5)}!`,
    ];
    for (const each of tampered) {
      const { status, body } = await ask({ tenant_id, namespace, cursor: each });
      expect([each, status, body.code]).toEqual([each, 400, 'invalid_cursor']);
    }
    expect((await ask({ tenant_id, namespace, cursor })).body.items).toHaveLength(2);
  });
});
