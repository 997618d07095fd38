import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import type { Reply, Sent } from '../api.js';
import { aNamespace, aTenant, Entries, ENTRIES, idsOf } from './entries.js';

let api: TestApi;
const entries = new Entries(() => api);

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const ask = (query: Record<string, string> | string, sent?: Sent): Promise<Reply> =>
  api.get(`${ENTRIES}?${typeof query === 'string' ? query : new URLSearchParams(query).toString()}`, sent);

/** The keys of a list, in its order. */
async function keys(query: Record<string, string> | string, sent?: Sent): Promise<string[]> {
  const { status, body } = await ask(query, sent);
  expect(status).toBe(200);
  return body.items.map((item: any) => item.key);
}

const pointers = ({ status, body }: Reply): unknown[] => [
  status,
  body.code,
  body.errors.map((error: any) => error.pointer),
];

describe('a filter', () => {
  const tenant_id = aTenant();
  const FILTERED = [
    { key: 'app.a', namespace: 'one', tags: ['red', 'round'], description: 'First of all' },
    { key: 'app.b', namespace: 'one', tags: ['red'], content_type: 'text', value: 'x' },
    { key: 'app', namespace: 'two', tags: ['blue', 'round'], content_type: 'yaml', value: 'a: 1' },
    { key: 'apq', namespace: 'two', tags: [], content_type: 'binary', value: 'AAEC' },
    { key: 'App.A', namespace: 'three', tags: ['red', 'blue', 'round'], is_secret: true },
    { key: 'Zoo', namespace: 'three', description: 'last' },
  ];

  beforeAll(async () => {
    for (const entry of FILTERED) await entries.create({ tenant_id, value: 1, ...entry });
  });

  it.each([
    ['', ['App.A', 'Zoo', 'app', 'app.a', 'app.b', 'apq']],
    ['namespace=one', ['app.a', 'app.b']],
    ['namespace=one,two', ['app', 'app.a', 'app.b', 'apq']],
    ['namespace=one&namespace=three', ['App.A', 'Zoo', 'app.a', 'app.b']],
    ['namespace=none', []],
    ['prefix=app', ['app', 'app.a', 'app.b']],
    ['prefix=app.', ['app.a', 'app.b']],
    ['prefix=App', ['App.A']],
    ['prefix=%25', []],
    ['prefix=_', []],
    ['prefix=', ['App.A', 'Zoo', 'app', 'app.a', 'app.b', 'apq']],
    ['tags=red', ['App.A', 'app.a', 'app.b']],
    ['tags=%20RED%20', ['App.A', 'app.a', 'app.b']],
    ['tags=red,blue', ['App.A', 'app', 'app.a', 'app.b']],
    ['tags=red&tags=blue', ['App.A', 'app', 'app.a', 'app.b']],
    ['tags=re', []],
    ['all_tags=red,round', ['App.A', 'app.a']],
    ['all_tags=Red&all_tags=BLUE&all_tags=round', ['App.A']],
    ['all_tags=red,none', []],
    ['all_tags=round&tags=blue', ['App.A', 'app']],
    ['content_type=json', ['App.A', 'Zoo', 'app.a']],
    ['content_type=text,yaml', ['app', 'app.b']],
    ['content_type=application/octet-stream', ['apq']],
    ['content_type=text/plain&content_type=binary', ['app.b', 'apq']],
    ['q=first', ['app.a']],
    ['q=APP.', ['App.A', 'app.a', 'app.b']],
    ['q=p', ['App.A', 'app', 'app.a', 'app.b', 'apq']],
    ['q=st', ['Zoo', 'app.a']],
    ['namespace=one&tags=round', ['app.a']],
    ['namespace=one,two&prefix=app&content_type=yaml,text', ['app', 'app.b']],
    ['namespace=three&prefix=App&tags=red&all_tags=blue,round&content_type=json&q=app', ['App.A']],
    ['namespace=two&q=first', []],
  ])('finds what it says, and several all hold: %s', async (query, expected) => {
    expect(await keys(`tenant_id=${tenant_id}&${query}`)).toEqual(expected);
    const { body } = await ask(`tenant_id=${tenant_id}&include_total=true&limit=1&${query}`);
    expect([body.total, body.items.length]).toEqual([expected.length, Math.min(1, expected.length)]);
  });

  it.each([
    ['content_type=xml', '/content_type'],
    ['content_type=json,xml', '/content_type'],
    ['tenant_id=No Slug', '/tenant_id'],
    ['updated_since=yesterday', '/updated_since'],
    ['updated_since=2025-13-01T00:00:00Z', '/updated_since'],
    ['q=', '/q'],
    [`q=${'x'.repeat(256)}`, '/q'],
    [`prefix=${'x'.repeat(256)}`, '/prefix'],
    ['limit=0', '/limit'],
    ['limit=1001', '/limit'],
    ['limit=-1', '/limit'],
    ['limit=1.5', '/limit'],
    ['limit=many', '/limit'],
    ['limit=1&limit=2', '/limit'],
    ['include_total=maybe', '/include_total'],
    ['sort=value', '/sort'],
    ['sort=-', '/sort'],
    ['sort=', '/sort'],
    ['sort=key,,created_at', '/sort'],
    ['key=a', '/key'],
    ['Namespace=a', '/Namespace'],
  ])('that there is not, or not so, is refused: %s', async (query, pointer) => {
    expect(pointers(await ask(query))).toEqual([400, 'invalid_input', [pointer]]);
  });

  it.each(['toString', '-constructor', '__proto__'])('has no sort that is only a word: %s', async (sort) => {
    const { status, body } = await ask({ sort });
    expect([status, body.code]).toEqual([400, 'invalid_input']);
  });

  it('tells every mistake at once', async () => {
    const reply = await ask('limit=0&content_type=xml&what=1');
    expect([reply.status, reply.body.errors.map((error: any) => error.pointer).sort()]).toEqual([
      400,
      ['/content_type', '/limit', '/what'],
    ]);
  });
});

describe('updated_since', () => {
  it('finds what changed at that instant or after it', async () => {
    const tenant_id = aTenant();
    const [a, b] = [await entries.create({ tenant_id }), await entries.create({ tenant_id })];
    await api.put(`${ENTRIES}/${a.id}`, { value: 2 });
    const { body: changed } = await api.put(`${ENTRIES}/${a.id}`, { value: 3 });
    const at = new Date(changed.updated_at).getTime();
    const since = (ms: number) => ({ tenant_id, updated_since: new Date(ms).toISOString() });
    expect(await keys(since(at))).toContain(a.key);
    expect(await keys(since(at + 1))).toEqual([]);
    expect(new Set(await keys(since(new Date(b.updated_at).getTime())))).toEqual(new Set([a.key, b.key]));
    const offset = new Date(at + 3_600_000).toISOString().replace('Z', '+01:00');
    expect(await keys({ tenant_id, updated_since: offset })).toContain(a.key);
  });
});

describe('q', () => {
  const tenant_id = aTenant();
  const DESCRIPTIONS: Readonly<Record<string, string>> = {
    percent: '100 % sure',
    underscore: 'snake_case',
    backslash: 'C:\\temp',
    quote: `it's "quoted"`,
    umlaut: 'Äpfel und Öl',
    eszett: 'Straße',
    greek: 'ΣΊΣΥΦΟΣ',
    emoji: 'done 🎉',
    spaces: 'two  spaces',
  };

  beforeAll(async () => {
    for (const [key, description] of Object.entries(DESCRIPTIONS))
      await entries.create({ tenant_id, key, description });
  });

  it.each([
    ['%', ['percent']],
    ['0 % s', ['percent']],
    ['_', ['underscore']],
    ['e_c', ['underscore']],
    ['\\', ['backslash']],
    ['c:\\TEMP', ['backslash']],
    ['\\\\', []],
    ['%_', []],
    [`'s "`, ['quote']],
    ['straße', ['eszett']],
    ['🎉', ['emoji']],
    ['  ', ['spaces']],
    ['UNDER', ['underscore']],
  ])('finds its text anywhere and takes every character as it is: %s', async (q, expected) => {
    expect(await keys({ tenant_id, q })).toEqual(expected);
  });

  it.each([
    ['Äpfel', ['umlaut']],
    ['äpfel', ['umlaut']],
    ['ÄPFEL UND ö', ['umlaut']],
    ['STRAßE', ['eszett']],
    ['ΊΣΥ', ['greek']],
  ])('knows the case of every alphabet: %s', async (q, expected) => {
    expect(await keys({ tenant_id, q })).toEqual(expected);
  });

  it('looks into the key and into the description, not across both', async () => {
    expect(await keys({ tenant_id, q: 'percent 100' })).toEqual([]);
  });

  it('does not look into values, tags or namespaces', async () => {
    const marker = `m${randomUUID()}`;
    await entries.create({ tenant_id, namespace: marker, value: marker, tags: [marker] });
    expect(await keys({ tenant_id, q: marker })).toEqual([]);
  });
});

describe('whose rows a list shows', () => {
  it('is the tenant’s own and the shared ones, with both where both have the key', async () => {
    const [tenant_id, namespace] = [aTenant(), aNamespace()];
    const own = await entries.create({ tenant_id, namespace, key: 'same' });
    const shared = await entries.create({ namespace, key: 'same' });
    await entries.create({ tenant_id: aTenant(), namespace, key: 'same' });
    const ids = async (query: object, sent?: Sent): Promise<string[]> =>
      idsOf((await ask({ namespace, ...query }, sent)).body.items);
    const both = idsOf([own, shared]);
    expect(await ids({ tenant_id })).toEqual(both);
    expect(await ids({})).toEqual([shared.id]);
    expect(await ids({ tenant_id: aTenant() })).toEqual([shared.id]);
    const key = await api.key('viewer', tenant_id);
    expect(await ids({}, { key })).toEqual(both);
    expect(await ids({ tenant_id }, { key })).toEqual(both);
    expect(await ids({ q: 'same' }, { key })).toEqual(both);
    const refusal = await ask({ tenant_id: aTenant() }, { key });
    expect([refusal.status, refusal.body.code]).toEqual([403, 'tenant_forbidden']);
  });

  it('has secrets without their values, and no way to reveal them', async () => {
    const tenant_id = aTenant();
    await entries.create({ tenant_id, key: 's', value: 'marker', is_secret: true });
    const { text, body } = await ask({ tenant_id, prefix: 's' });
    expect([body.items[0].value, text.includes('marker')]).toEqual(['***REDACTED***', false]);
    expect(pointers(await ask({ tenant_id, reveal: 'true' }))).toEqual([400, 'invalid_input', ['/reveal']]);
  });

  it('has the entries as they are by id', async () => {
    const tenant_id = aTenant();
    const entry = await entries.create({ tenant_id, namespace: aNamespace(), value: { a: 1 }, tags: ['x'] });
    const { text, body } = await ask({ tenant_id, namespace: entry.namespace });
    expect(body).toEqual({ items: [entry], limit: 100, has_more: false, next_cursor: null });
    expect(text).toContain('"value":{"a":1}');
  });
});
