import { randomUUID } from 'node:crypto';
import { SecurityAudit } from '#platform/auth';
import { TestApi } from '../api.js';
import { aTenant, Entries, ENTRIES } from '../metadata/entries.js';

const AUDIT = '/api/v1/audit';

let api: TestApi;
const entries = new Entries(() => api);

beforeAll(async () => {
  api = await TestApi.start({ env: { APP_ENV: 'development' } });
});

afterAll(async () => {
  await api.stop();
});

async function trail(query: Record<string, string>, key?: string): Promise<any> {
  const sent = key === undefined ? {} : { key };
  const { status, body } = await api.get(`${AUDIT}?${new URLSearchParams(query).toString()}`, sent);
  expect([status, body.code]).toEqual([200, undefined]);
  return body;
}

const idOf = (key: string): string => key.split('_')[1] ?? '';

it('an item says who did what, when, why and in which request, and no state', async () => {
  const tenant = aTenant();
  const key = await api.key('admin', tenant);
  const headers = {
    'X-Request-Id': `r-${randomUUID()}`,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  const body = {
    namespace: 'production',
    key: 'k',
    value: 'hidden',
    is_secret: true,
    change_reason: 'because',
  };
  const entry = (await api.post(ENTRIES, body, { key, headers })).body;
  const { items } = await trail({ tenant_id: tenant, aggregate_id: entry.id });
  expect(items).toEqual([
    {
      ...{ id: `${tenant}-2-0`, tenant_id: tenant, revision: 2, sub: 0, occurred_at: entry.created_at },
      ...{ actor: `key:${idOf(key)}`, type: 'io.metastore.metadata.entry.created.v1' },
      ...{ aggregate_type: 'metadata.entry', aggregate_id: entry.id, version: 1 },
      ...{
        subject: 'production/k',
        previous_subject: null,
        change_reason: 'because',
        rolled_back_from: null,
      },
      ...{ request_id: headers['X-Request-Id'], trace_id: '0af7651916cd43dd8448eb211c80319c', count: 1 },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  ]);
});

describe('the trail has', () => {
  it('secrets that were shown, by who looked', async () => {
    const tenant = aTenant();
    const key = await api.key('admin', tenant);
    const { body } = await api.post(ENTRIES, { key: 's', value: 'hidden', is_secret: true }, { key });
    await api.get(`${ENTRIES}/${body.id}?reveal=true`, { key });
    const { items } = await trail({ tenant_id: tenant, types: 'io.metastore.metadata.entry.revealed.v1' });
    expect(items.map(({ actor, version, aggregate_id }: any) => [actor, version, aggregate_id])).toEqual([
      [`key:${idOf(key)}`, 0, body.id],
    ]);
  });

  it('calls that were refused, by who tried, with how often', async () => {
    const tenant = aTenant();
    const key = await api.key('viewer', tenant);
    for (let time = 0; time < 3; time += 1) await api.post(ENTRIES, { key: 'k', value: 1 }, { key });
    await api.part(SecurityAudit).flush();
    const { items } = await trail({ tenant_id: tenant, actor: `key:${idOf(key)}` });
    expect(items.map(({ type, subject, count }: any) => [type, subject, count])).toEqual([
      ['io.metastore.platform.access.denied.v1', 'POST /api/v1/metadata', 3],
    ]);
  });

  it('keys of the installation in a stream of their own', async () => {
    const key = await api.key('viewer', null);
    const { items } = await trail({ stream: 'platform', aggregate_type: 'platform.api_key' });
    expect(items.map(({ tenant_id }: any) => tenant_id)).toContain(null);
    expect(items.some(({ subject }: any) => String(subject).includes(idOf(key)))).toBe(true);
  });
});

describe('a filter', () => {
  it('of several kinds takes what fits all of them, and of several values what fits any', async () => {
    const tenant = aTenant();
    const keys = await Promise.all(['admin', 'editor'].map((role) => api.key(role as never, tenant)));
    const made: any[] = [];
    for (const key of keys)
      for (const name of ['a', 'b'])
        made.push((await api.post(ENTRIES, { key: `${name}${idOf(key)}`, value: 1 }, { key })).body);
    const [one, two, three] = made;
    const idsFor = async (query: Record<string, string>): Promise<string[]> =>
      (await trail({ tenant_id: tenant, ...query })).items.map(({ aggregate_id }: any) => aggregate_id);
    const actors = keys.map((key) => `key:${idOf(key)}`);
    const type = { aggregate_type: 'metadata.entry' };
    expect(await idsFor({ actor: actors[0] ?? '' })).toEqual([two.id, one.id]);
    expect(await idsFor({ actor: actors.join(','), ...type })).toEqual(made.map(({ id }) => id).reverse());
    expect(await idsFor({ actor: actors[1] ?? '', aggregate_id: `${one.id},${three.id}` })).toEqual([
      three.id,
    ]);
    expect(await idsFor({ actor: actors[0] ?? '', aggregate_type: 'flags.flag' })).toEqual([]);
    expect(await idsFor({ ...type, from: two.created_at })).toContain(two.id);
    expect(await idsFor({ ...type, until: one.created_at })).toEqual([]);
    expect(await idsFor({ ...type, until: three.created_at })).not.toContain(three.id);
  });

  it.each([
    ['from=x&until=2026-02-30T00:00:00Z', ['/from']],
    [
      'from=2026-02-30T00:00:00Z&until=2026-02-31T00:00:00Z&aggregate_id=x',
      ['/from', '/until', '/aggregate_id'],
    ],
    ['from=2026-02-02T00:00:00Z&until=2026-02-02T00:00:00Z', ['/until']],
    ['limit=0', ['/limit']],
    ['tenant_id=acme&stream=shared', ['/stream']],
    ['state=1', ['/state']],
  ])('%s is refused with all that is wrong', async (query, pointers) => {
    const { status, body } = await api.get(`${AUDIT}?${query}`);
    expect([status, body.errors.map(({ pointer }: any) => pointer)]).toEqual([400, pointers]);
  });
});

describe('who may look', () => {
  it('is whoever has audit:read, and at its own tenant alone', async () => {
    const tenant = aTenant();
    const [admin, editor] = [await api.key('admin', tenant), await api.key('editor', tenant)];
    const other = await entries.create({ tenant_id: aTenant() });
    expect((await trail({}, admin)).items.every((item: any) => item.tenant_id === tenant)).toBe(true);
    expect((await trail({ aggregate_id: other.id }, admin)).items).toEqual([]);
    expect((await api.get(AUDIT, { key: editor })).body.code).toBe('permission_denied');
    for (const query of [`tenant_id=${other.tenant_id}`, 'stream=shared', 'stream=platform'])
      expect((await api.get(`${AUDIT}?${query}`, { key: admin })).body.code).toBe('tenant_forbidden');
  });
});

describe('a page', () => {
  it.each<Record<string, string>>([
    {},
    { types: 'io.metastore.metadata.entry.created.v1' },
    { actor: 'anonymous' },
  ])('goes on where the last one ended, newest first, with %j', async (filter) => {
    const tenant = aTenant();
    const operations = Array.from({ length: 5 }, (_, n) => ({
      op: 'create',
      tenant_id: tenant,
      key: `k${n}`,
      value: 1,
    }));
    await entries.batch('atomic', operations);
    for (let time = 0; time < 4; time += 1) await entries.create({ tenant_id: tenant });
    const places: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: any = await trail({
        tenant_id: tenant,
        limit: '2',
        ...filter,
        ...(cursor && { cursor }),
      });
      places.push(...page.items.map(({ revision, sub }: any) => [revision, sub]));
      expect(page.has_more).toBe(page.next_cursor !== null);
      cursor = page.next_cursor;
    }
    const batch = [4, 3, 2, 1, 0].map((sub) => [1, sub]);
    expect(places).toEqual([[5, 0], [4, 0], [3, 0], [2, 0], ...batch]);
  });

  it('is refused with the cursor of another question', async () => {
    const tenant = aTenant();
    for (let time = 0; time < 2; time += 1) await entries.create({ tenant_id: tenant });
    const { next_cursor: cursor } = await trail({ tenant_id: tenant, limit: '1' });
    const { status, body } = await api.get(`${AUDIT}?tenant_id=${tenant}&actor=a&cursor=${cursor}`);
    expect([status, body.code]).toEqual([400, 'invalid_cursor']);
  });
});
