import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aKey, aNamespace, aTenant, Entries, ENTRIES, EVENTS } from '../metadata/entries.js';
import { eventPage } from './event-page.js';

let api: TestApi;
let replica: TestApi;
const entries = new Entries(() => api);

beforeAll(async () => {
  api = await TestApi.start();
  replica = await TestApi.start({ beside: api });
});

afterAll(async () => {
  await replica.stop();
  await api.stop();
});

const page = (query: Record<string, string>, from = api) => eventPage(from, query);

describe('an event', () => {
  it('is a CloudEvent that tells who changed what, in which request', async () => {
    const tenant = aTenant();
    const key = await api.key('editor', tenant);
    const headers = { 'X-Request-Id': `r-${randomUUID()}` };
    const name = aKey();
    const body = { namespace: 'production', key: name, value: { a: 1 }, change_reason: 'because' };
    const { body: entry } = await api.post(ENTRIES, body, { key, headers });
    const { items } = await page({ tenant_id: tenant, types: 'io.metastore.metadata.entry.created.v1' });
    expect(items).toEqual([
      {
        specversion: '1.0',
        id: `${tenant}-2-0`,
        source: `/metastore/${tenant}`,
        type: 'io.metastore.metadata.entry.created.v1',
        subject: `production/${name}`,
        time: entry.created_at,
        datacontenttype: 'application/json',
        sequence: '000000000000002.0000',
        partitionkey: entry.id,
        revision: 2,
        data: {
          id: entry.id,
          version: 1,
          actor: entry.created_by,
          change_reason: 'because',
          rolled_back_from: null,
          request_id: headers['X-Request-Id'],
          state: entry,
        },
      },
    ]);
  });

  it('keeps its id for ever, on every replica and however it is asked for', async () => {
    const tenant = aTenant();
    await entries.create({ tenant_id: tenant });
    const [first] = (await page({ tenant_id: tenant })).items;
    const [again] = (await page({ tenant_id: tenant, aggregate_id: first.data.id }, replica)).items;
    expect(again).toEqual(first);
  });

  it('has no state when the thing is gone', async () => {
    const tenant = aTenant();
    const { id } = await entries.create({ tenant_id: tenant });
    await api.delete(`${ENTRIES}/${id}`);
    const { items } = await page({ tenant_id: tenant });
    expect(items.map(({ type, data }) => [type, data.version, data.state === null])).toEqual([
      ['io.metastore.metadata.entry.created.v1', 1, false],
      ['io.metastore.metadata.entry.deleted.v1', 2, true],
    ]);
  });
});

describe('a page', () => {
  it('ends where a transaction ends, even when that makes it longer than asked for', async () => {
    const tenant = aTenant();
    const operations = [1, 2, 3].map((value) => ({
      op: 'create',
      tenant_id: tenant,
      key: `k${value}`,
      value,
    }));
    for (const round of [1, 2])
      await api.post(`${ENTRIES}/batch`, {
        operations: operations.map((operation) => ({ ...operation, key: `${operation.key}-${round}` })),
      });
    const first = await page({ tenant_id: tenant, limit: '1' });
    expect(first.items.map(({ id }) => id)).toEqual([0, 1, 2].map((sub) => `${tenant}-1-${sub}`));
    const second = await page({ tenant_id: tenant, limit: '4', after: first.next });
    expect(second.items.map(({ revision }) => revision)).toEqual([2, 2, 2]);
    expect(await page({ tenant_id: tenant, after: second.next })).toEqual({ items: [], next: '2' });
  });

  it('of a stream that never was begins at 0', async () => {
    expect(await page({ tenant_id: aTenant() })).toEqual({ items: [], next: '0' });
  });

  it.each(['-1', 'x', '1.2.3', '', '1'.repeat(16), '1.', '0x1'])('refuses the position %j', async (after) => {
    const { status, body } = await api.get(`${EVENTS}?after=${after}`);
    expect([status, body.errors[0].pointer]).toEqual([400, '/after']);
  });

  it('is refused to who is past the head of the stream, for all that will come up to there would be missed', async () => {
    const tenant = aTenant();
    await entries.create({ tenant_id: tenant });
    const refusalOf = async (query: string): Promise<unknown> => {
      const { status, body } = await api.get(`${EVENTS}?tenant_id=${tenant}&${query}`);
      return [status, body.errors?.map(({ pointer, code }: any) => [pointer, code])];
    };
    const beyond = [400, [['/after', 'beyond_head']]];
    expect(await page({ tenant_id: tenant, after: '1' })).toEqual({ items: [], next: '1' });
    expect(await refusalOf('after=2')).toEqual(beyond);
    expect(await refusalOf('after=2&prefix=nothing/')).toEqual(beyond);
    expect(await refusalOf('after=2.0&include_shared=true')).toEqual(beyond);
    expect(await refusalOf('after=0.999999999&include_shared=true&limit=1')).toEqual(beyond);
  });

  it.each([
    ['after=1.2', 'two numbers for one stream'],
    ['after=1.0&include_shared=true', 'two numbers where the shared rows are the stream'],
    [`tenant_id=${aTenant()}&after=1&include_shared=true`, 'one number for two streams'],
  ])('refuses the position in %s: %s', async (query) => {
    const { status, body } = await api.get(`${EVENTS}?${query}`);
    expect([status, body.errors[0].pointer, body.errors[0].code]).toEqual([400, '/after', 'pattern']);
  });

  it('begins at the beginning of both streams with the position 0', async () => {
    const query = { tenant_id: aTenant(), include_shared: 'true' };
    expect(await page({ ...query, after: '0' })).toEqual(await page(query));
  });

  it.each(['0', '1001', 'ten', '1.5'])('refuses the limit %j', async (limit) => {
    const { status, body } = await api.get(`${EVENTS}?limit=${limit}`);
    expect([status, body.errors[0].pointer]).toEqual([400, '/limit']);
  });
});

describe('filters', () => {
  const tenant = aTenant();
  let one: any;
  let other: any;

  beforeAll(async () => {
    await api.key('viewer', tenant);
    one = await entries.create({ tenant_id: tenant, namespace: 'production', key: 'app.one' });
    other = await entries.create({ tenant_id: tenant, namespace: 'staging', key: 'app.other' });
    await api.put(`${ENTRIES}/${one.id}`, { value: 2 });
    await api.put(`${ENTRIES}/${one.id}`, { key: 'app.renamed' });
    await api.delete(`${ENTRIES}/${other.id}`);
  });

  const revisionsOf = async (query: Record<string, string>): Promise<number[]> =>
    (await page({ tenant_id: tenant, ...query })).items.map(({ revision }) => revision);

  it.each([
    ['one type', { types: 'io.metastore.metadata.entry.deleted.v1' }, [6]],
    [
      'one of several types',
      { types: 'io.metastore.metadata.entry.deleted.v1,io.metastore.metadata.entry.created.v1' },
      [2, 3, 6],
    ],
    ['a type that is none of ours', { types: 'com.example.created' }, []],
    ['a kind of aggregate', { aggregate_type: 'platform.api_key' }, [1]],
    ['one of several kinds', { aggregate_type: 'platform.api_key,metadata.entry' }, [1, 2, 3, 4, 5, 6]],
    ['the beginning of the subject', { prefix: 'staging/app.' }, [3, 6]],
    ['a beginning that nothing has', { prefix: 'staging/app_' }, []],
    ['all together', { types: 'io.metastore.metadata.entry.created.v1', prefix: 'production/' }, [2]],
  ])('by %s', async (_, query, revisions) => {
    expect(await revisionsOf(query)).toEqual(revisions);
  });

  it('by an aggregate, and by one of several', async () => {
    expect(await revisionsOf({ aggregate_id: other.id })).toEqual([3, 6]);
    expect(await revisionsOf({ aggregate_id: `${one.id},${other.id}` })).toEqual([2, 3, 4, 5, 6]);
  });

  it('refuse what is no id', async () => {
    const { status, body } = await api.get(`${EVENTS}?aggregate_id=one,two&after=x&limit=0`);
    const pointers = new Set(body.errors.map(({ pointer }: any) => pointer));
    expect([status, pointers]).toEqual([400, new Set(['/after', '/aggregate_id', '/limit'])]);
  });

  it('let a reader advance over what it did not ask for', async () => {
    expect(await page({ tenant_id: tenant, prefix: 'nothing/' })).toEqual({ items: [], next: '6' });
    const { items, next } = await page({ tenant_id: tenant, aggregate_id: other.id, limit: '1' });
    expect([items.length, next]).toEqual([1, '3']);
    expect((await page({ tenant_id: tenant, aggregate_id: other.id, limit: '2', after: '3' })).next).toBe(
      '6',
    );
    await entries.create({ tenant_id: tenant, namespace: 'elsewhere' });
    expect(await page({ tenant_id: tenant, prefix: 'nothing/', after: '6' })).toEqual({
      items: [],
      next: '7',
    });
  });
});

describe('streams', () => {
  it('are those of one tenant: a credential never reads another one', async () => {
    const [acme, globex] = [aTenant(), aTenant()];
    const key = await api.key('viewer', acme);
    await entries.create({ tenant_id: acme });
    await entries.create({ tenant_id: globex });
    const { body } = await api.get(EVENTS, { key });
    expect(new Set(body.items.map(({ source }: any) => source))).toEqual(new Set([`/metastore/${acme}`]));
    expect(body.items).toHaveLength(2);
    const refused = await api.get(`${EVENTS}?tenant_id=${globex}`, { key });
    expect([refused.status, refused.body.code]).toEqual([403, 'tenant_forbidden']);
  });

  it('of the shared rows are read by who names no tenant and is bound to none', async () => {
    const entry = await entries.create({ tenant_id: null });
    const { items } = await page({ aggregate_id: entry.id });
    expect(items.map(({ source }) => source)).toEqual(['/metastore/shared']);
  });

  it('are read two at a time with include_shared, and the position says where in each', async () => {
    const tenant = aTenant();
    const namespace = aNamespace();
    const query = { tenant_id: tenant, include_shared: 'true', prefix: `${namespace}/` };
    const start = (await page({ ...query, prefix: 'nothing/' })).next;
    expect(start).toMatch(/^0\.\d+$/);
    const own = await entries.create({ tenant_id: tenant, namespace });
    const shared = await entries.create({ tenant_id: null, namespace });
    const both = await page({ ...query, after: start });
    expect(both.items.map(({ data }) => data.id)).toEqual([own.id, shared.id]);
    expect(both.items.map(({ source }) => source)).toEqual([`/metastore/${tenant}`, '/metastore/shared']);
    expect(await page({ ...query, after: both.next })).toEqual({ items: [], next: both.next });
    const ownOnly = await page({ ...query, after: start, limit: '1' });
    expect(ownOnly.items.map(({ data }) => data.id)).toEqual([own.id]);
    const rest = await page({ ...query, after: ownOnly.next, limit: '1' });
    expect(rest.items.map(({ data }) => data.id)).toEqual([shared.id]);
  });

  it('tell a tenant of the shared rows, too, when it asks for them', async () => {
    const tenant = aTenant();
    const key = await api.key('viewer', tenant);
    const shared = await entries.create({ tenant_id: null });
    const { body } = await api.get(`${EVENTS}?include_shared=true&aggregate_id=${shared.id}`, { key });
    expect(body.items.map(({ data }: any) => data.id)).toEqual([shared.id]);
  });
});
