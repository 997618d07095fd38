import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import type { Sent } from '../api.js';
import { expire } from './expired.js';

const PATH = '/api/v1/metadata';
const EXPORT = `${PATH}/export`;
const REDACTED = '***REDACTED***';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const aKey = (): string => `k-${randomUUID()}`;
const aTenant = (): string => `t-${randomUUID()}`;

/** The ids, in an order that says nothing. */
const idsOf = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id).toSorted();

async function create(body: object = {}): Promise<any> {
  const reply = await api.post(PATH, { key: aKey(), value: 1, ...body });
  expect(reply.status).toBe(201);
  return reply.body;
}

/** The lines of an export, each ended; a line is what JSON.parse takes. */
async function exported(query: Record<string, string>, sent?: Sent): Promise<any[]> {
  const reply = await api.get(`${EXPORT}?${new URLSearchParams(query).toString()}`, sent);
  expect([reply.status, reply.headers.get('content-type')]).toEqual([
    200,
    expect.stringMatching(/^application\/x-ndjson/),
  ]);
  if (reply.text === '') return [];
  expect(reply.text.endsWith('\n')).toBe(true);
  return reply.text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('the export', () => {
  it('is one entry a line, all of it, by namespace and key', async () => {
    const tenant_id = aTenant();
    const entries = [
      await create({ tenant_id, namespace: 'b', key: 'a', tags: ['x', 'y'], description: 'd' }),
      await create({ tenant_id, namespace: 'a', key: 'b.c', value: 'a: 1', content_type: 'yaml' }),
      await create({ tenant_id, namespace: 'a', key: 'b-c', value: 'AAEC', content_type: 'binary' }),
      await create({ tenant_id, namespace: 'a', key: 'B', value: 'ä\n\r\u2028"', content_type: 'text' }),
      await create({ tenant_id, namespace: 'a', key: 'b', is_encrypted: true, value: { deep: [null] } }),
      await create({ tenant_id, namespace: 'a.b', key: 'z', expires_at: '2099-01-01T00:00:00.000Z' }),
    ];
    const lines = await exported({ tenant_id });
    expect(lines.map(({ namespace, key }) => `${namespace}/${key}`)).toEqual([
      'a/B',
      'a/b',
      'a/b-c',
      'a/b.c',
      'a.b/z',
      'b/a',
    ]);
    for (const entry of entries) expect(lines).toContainEqual(entry);
  });

  it('gives values as they were written', async () => {
    const tenant = aTenant();
    const value = '{"z":1.50,"a":[1E2,12345678901234567890,-0.0],"\\u00e4":"\\u00e4"}';
    await api.post(PATH, `{"tenant_id":"${tenant}","key":"k","value":${value}}`);
    const { text } = await api.get(`${EXPORT}?tenant_id=${tenant}`);
    expect(text).toContain(`"value":${value}`);
  });

  it('keeps an entry on its line also when its value was written on several', async () => {
    const tenant = aTenant();
    await api.post(PATH, `{"tenant_id":"${tenant}","key":"k","value":{\n  "a": 1,\r\n\t"b": [\n2\n]\n}}`);
    const { text } = await api.get(`${EXPORT}?tenant_id=${tenant}`);
    expect(text.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(text).value).toEqual({ a: 1, b: [2] });
  });

  it('is of one namespace where one is named, and empty where there is nothing', async () => {
    const tenant_id = aTenant();
    const one = await create({ tenant_id, namespace: 'one' });
    await create({ tenant_id, namespace: 'one.more' });
    expect(await exported({ tenant_id, namespace: 'one' })).toEqual([one]);
    expect(await exported({ tenant_id, namespace: 'none' })).toEqual([]);
    expect(await exported({ tenant_id: aTenant() })).toEqual([]);
  });

  it('is of the tenant’s own entries, or of the shared ones alone', async () => {
    const [tenant_id, namespace] = [aTenant(), aKey()];
    const own = await create({ tenant_id, namespace });
    const shared = await create({ namespace });
    const foreign = await create({ tenant_id: aTenant(), namespace });
    const key = await api.key('viewer', tenant_id);
    expect(await exported({ tenant_id, namespace })).toEqual([own]);
    expect(await exported({ namespace })).toEqual([shared]);
    expect(await exported({ namespace }, { key })).toEqual([own]);
    const refusal = await api.get(`${EXPORT}?tenant_id=${foreign.tenant_id}`, { key });
    expect([refusal.status, refusal.body.code]).toEqual([403, 'tenant_forbidden']);
  });

  it('leaves out what has been deleted and whose time is over', async () => {
    const tenant_id = aTenant();
    const gone = await create({ tenant_id });
    await api.delete(`${PATH}/${gone.id}`);
    await expire(api, (await create({ tenant_id })).id);
    const left = await create({ tenant_id });
    expect(await exported({ tenant_id })).toEqual([left]);
  });

  it('shows secrets only to whoever may see them and asks, and writes that down', async () => {
    const tenant_id = aTenant();
    const secrets = [
      await create({ tenant_id, value: 'marker', is_secret: true }),
      await create({ tenant_id, value: 'marker', is_secret: true, content_type: 'text' }),
    ];
    const hidden = await exported({ tenant_id });
    expect(hidden.map(({ value }) => value)).toEqual([REDACTED, REDACTED]);
    const key = await api.key('editor', tenant_id);
    expect((await api.get(`${EXPORT}?tenant_id=${tenant_id}&reveal=true`, { key })).status).toBe(403);
    const shown = await api.get(`${EXPORT}?tenant_id=${tenant_id}&reveal=true`);
    expect(shown.headers.get('cache-control')).toBe('no-store');
    expect(shown.text.match(/"value":"marker"/g)).toHaveLength(2);
    const events = await api.get(`/api/v1/events?tenant_id=${tenant_id}`);
    const revealed = events.body.items.filter(({ type }: any) => type.includes('.revealed.'));
    expect(idsOf(revealed.map(({ data }: any) => data))).toEqual(idsOf(secrets));
    expect(events.text).not.toContain('marker');
  });

  it('has every entry once, however many there are', async () => {
    const tenant_id = aTenant();
    const keys: string[] = [];
    for (const namespace of ['a', 'b', 'c']) {
      const operations = Array.from({ length: 400 }, (_, index) => {
        keys.push(`${namespace}/k${index}`);
        return { op: 'create', tenant_id, namespace, key: `k${index}`, value: index };
      });
      expect((await api.post(`${PATH}/batch`, { operations })).status).toBe(200);
    }
    const lines = await exported({ tenant_id });
    expect(lines.map(({ namespace, key }) => `${namespace}/${key}`)).toEqual(keys.sort());
    expect(await exported({ tenant_id, namespace: 'b' })).toHaveLength(400);
  });

  it('takes no parameter that it does not know', async () => {
    const { status, body } = await api.get(`${EXPORT}?prefix=a`);
    expect([status, body.errors[0].pointer]).toEqual([400, '/prefix']);
  });
});
