import { TestApi } from '../api.js';
import { ENTRIES } from './entries.js';
import { invalid, refusalIn, Written } from './written.js';

let api: TestApi;
let written: Written;
let entry: { id: string; key: string };
const NAMESPACE = 'pages';

beforeAll(async () => {
  api = await TestApi.start();
  written = new Written(api.database.url);
  entry = (await api.post(ENTRIES, { key: 'there', value: 1 })).body;
  await api.put(`${ENTRIES}/${entry.id}`, { value: 2 });
  for (const key of ['a', 'b', 'c'])
    await api.post(ENTRIES, { key, namespace: NAMESPACE, value: 1, tags: ['t'] });
});

afterAll(async () => {
  await written.close();
  await api.stop();
});

describe('a query', () => {
  it.each([
    ['limit=0', '/limit'],
    ['limit=-1', '/limit'],
    ['limit=1001', '/limit'],
    ['limit=1.5', '/limit'],
    ['limit=1e2', '/limit'],
    ['limit=0x10', '/limit'],
    ['limit=%201', '/limit'],
    ['limit=', '/limit'],
    ['limit=9007199254740993', '/limit'],
    ['limit=1&limit=2', '/limit'],
    ['cursor=', '/cursor'],
    ['cursor=a&cursor=b', '/cursor'],
    ['sort=', '/sort'],
    ['sort=value', '/sort'],
    ['sort=key;drop', '/sort'],
    ['sort=--key', '/sort'],
    ['sort=key,', '/sort'],
    ['sort=constructor', '/sort'],
    ['sort=toString', '/sort'],
    ['updated_since=0000-01-01T00:00:00Z', '/updated_since'],
    ['updated_since=9999-12-31T23:59:59-23:59', '/updated_since'],
    ['sort=__proto__', '/sort'],
    ['sort=key&sort=key', '/sort'],
    ['include_total=1', '/include_total'],
    ['include_total=constructor', '/include_total'],
    ['content_type=xml', '/content_type'],
    ['content_type=constructor', '/content_type'],
    ['updated_since=yesterday', '/updated_since'],
    ['updated_since=2027-02-30T00:00:00Z', '/updated_since'],
    ['q=', '/q'],
    [`q=${'x'.repeat(256)}`, '/q'],
    ['q=a&q=b', '/q'],
    ['q[]=a', '/q[]'],
    ['prefix=a&prefix=b', '/prefix'],
    ['tenant_id=A', '/tenant_id'],
    ['tenant_id=_shared', '/tenant_id'],
    ['tenant_id=', '/tenant_id'],
    ['tenant_id=a&tenant_id=b', '/tenant_id'],
    ['nothing=1', '/nothing'],
    ['toString=1', '/toString'],
    ['Limit=1', '/Limit'],
    ['reveal=true', '/reveal'],
  ])('of a list is refused with its place: %s', async (query, pointer) => {
    expect(refusalIn(await api.get(`${ENTRIES}?${query}`))).toEqual(invalid(pointer));
  });

  it.each(['q', 'prefix', 'namespace', 'tags', 'all_tags', 'tenant_id', 'sort', 'cursor'])(
    'is refused where there is a NUL in %s',
    async (name) => {
      const { status, pointers } = refusalIn(await api.get(`${ENTRIES}?${name}=a%00b`));
      expect([status, pointers]).toEqual([400, [`/${name}`]]);
    },
  );

  it.each(['q', 'prefix', 'namespace', 'tags'])('is refused where %s is not UTF-8', async (name) => {
    for (const bytes of ['%ff', '%c3', '%ed%a0%80']) {
      const reply = await api.get(`${ENTRIES}?${name}=${bytes}`);
      expect([bytes, refusalIn(reply).status]).toEqual([bytes, 400]);
    }
  });

  it.each([
    'q=%25',
    'q=_',
    'q=%5C',
    'q=%27',
    'prefix=%F4%8F%BF%BF',
    'prefix=%ED%9F%BF',
    'prefix=~',
    'namespace=',
    'tags=,',
  ])('that finds nothing, or all, is none the worse for it: %s', async (query) => {
    expect((await api.get(`${ENTRIES}?namespace=${NAMESPACE}&${query}`)).status).toBe(200);
  });

  it.each([
    ['key/there?nothing=1', '/nothing'],
    ['key/there?namespace=', '/namespace'],
    ['key/there?namespace=a%00', '/namespace'],
    ['key/there?namespace=a&namespace=b', '/namespace'],
    ['key/there?reveal=yes', '/reveal'],
    ['key/there?reveal=true&reveal=true', '/reveal'],
    ['key/there?tenant_id=A', '/tenant_id'],
    ['key/there?toString=1', '/toString'],
    ['key/there/raw?nothing=1', '/nothing'],
    ['tags?nothing=1', '/nothing'],
    ['tags?namespace=a%00', '/namespace'],
    ['namespaces?nothing=1', '/nothing'],
    ['export?nothing=1', '/nothing'],
    ['export?reveal=yes', '/reveal'],
    ['export?namespace=a%00', '/namespace'],
    ['export?namespace=a&namespace=b', '/namespace'],
  ])('of %s is refused with its place', async (path, pointer) => {
    expect(refusalIn(await api.get(`${ENTRIES}/${path}`))).toEqual(invalid(pointer));
  });

  it.each([
    ['?nothing=1', '/nothing'],
    ['?reveal=1', '/reveal'],
    ['?as_of=now', '/as_of'],
    ['?as_of=2027-02-30T00:00:00Z', '/as_of'],
    ['/versions?limit=0', '/limit'],
    ['/versions?nothing=1', '/nothing'],
    ['/versions/1?nothing=1', '/nothing'],
  ])('of one entry is refused with its place: %s', async (rest, pointer) => {
    expect(refusalIn(await api.get(`${ENTRIES}/${entry.id}${rest}`))).toEqual(invalid(pointer));
  });

  it('of a write is refused with its place, and nothing is written', async () => {
    const before = await written.mark();
    const headers = { 'Content-Type': 'application/x-ndjson' };
    const line = '{"key":"k","value":1}';
    expect(refusalIn(await api.put(`${ENTRIES}/key/k?nothing=1`, { value: 1 }))).toEqual(invalid('/nothing'));
    expect(refusalIn(await api.put(`${ENTRIES}/key/k?namespace=a&namespace=b`, { value: 1 }))).toEqual(
      invalid('/namespace'),
    );
    expect(refusalIn(await api.post(`${ENTRIES}/import?mode=constructor`, line, { headers }))).toEqual(
      invalid('/mode'),
    );
    expect(refusalIn(await api.post(`${ENTRIES}/import?dry_run=1`, line, { headers }))).toEqual(
      invalid('/dry_run'),
    );
    expect(refusalIn(await api.post(`${ENTRIES}/import?nothing=1`, line, { headers }))).toEqual(
      invalid('/nothing'),
    );
    expect(await written.mark()).toEqual(before);
  });
});

describe('a cursor', () => {
  const refused = { status: 400, code: 'invalid_cursor', pointers: ['/cursor'] };
  const list = (query: string) => api.get(`${ENTRIES}?${query}`);
  const first = async (): Promise<string> => (await list(`namespace=${NAMESPACE}&limit=1`)).body.next_cursor;

  it('serves the list that it is of', async () => {
    const reply = await list(`namespace=${NAMESPACE}&limit=2&cursor=${await first()}`);
    expect([reply.status, reply.body.items.map(({ key }: { key: string }) => key)]).toEqual([
      200,
      ['b', 'c'],
    ]);
  });

  it('serves no other list', async () => {
    const cursor = await first();
    const versions = (await api.get(`${ENTRIES}/${entry.id}/versions?limit=1`)).body.next_cursor;
    expect(versions).toEqual(expect.any(String));
    const others = [
      `cursor=${cursor}`,
      `namespace=other&cursor=${cursor}`,
      `namespace=${NAMESPACE}&tags=t&cursor=${cursor}`,
      `namespace=${NAMESPACE}&sort=-key&cursor=${cursor}`,
      `namespace=${NAMESPACE}&tenant_id=acme&cursor=${cursor}`,
      `namespace=${NAMESPACE}&cursor=${versions}`,
    ];
    for (const query of others) expect([query, refusalIn(await list(query))]).toEqual([query, refused]);
    const other = await api.post(ENTRIES, { key: 'other', value: 1 });
    for (const [id, foreign] of [
      [entry.id, cursor],
      [other.body.id, versions],
    ]) {
      expect(refusalIn(await api.get(`${ENTRIES}/${id}/versions?cursor=${foreign}`))).toEqual(refused);
    }
  });

  it('serves nothing once a character of it is another, or one is missing or too many', async () => {
    const cursor = await first();
    const changed = [...cursor].map(
      (char, at) => cursor.slice(0, at) + (char === 'A' ? 'B' : 'A') + cursor.slice(at + 1),
    );
    const others = [
      ...changed,
      cursor.slice(1),
      cursor.slice(0, -1),
      `${cursor}A`,
      `${cursor}%3D`,
      `${cursor}.`,
      `${cursor}%0A`,
    ];
    for (const other of others) {
      expect([other, refusalIn(await list(`namespace=${NAMESPACE}&cursor=${other}`))]).toEqual([
        other,
        refused,
      ]);
    }
  });

  it('of another server, or of nobody, serves nothing', async () => {
    const made = Buffer.from(JSON.stringify(['x'.repeat(12), 'b', entry.id])).toString('base64url');
    for (const other of ['x', 'AAAA', made, `${'A'.repeat(22)}${made}`, 'a'.repeat(4_096), 'ä', '%00']) {
      const { status, pointers } = refusalIn(await list(`namespace=${NAMESPACE}&cursor=${other}`));
      expect([other, status, pointers]).toEqual([other, 400, ['/cursor']]);
    }
  });
});
