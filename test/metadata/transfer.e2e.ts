import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import type { Reply, Sent } from '../api.js';

const PATH = '/api/v1/metadata';
const NDJSON = 'application/x-ndjson';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const aKey = (): string => `k-${randomUUID()}`;
const aTenant = (): string => `t-${randomUUID()}`;
const line = (entry: object): string => `${JSON.stringify(entry)}\n`;
/** What an import said, without where. */
const NOTHING = { dry_run: false, created: 0, updated: 0, unchanged: 0, deleted: 0, failed: 0, errors: [] };

async function create(body: object = {}): Promise<any> {
  const reply = await api.post(PATH, { key: aKey(), value: 1, ...body });
  expect(reply.status).toBe(201);
  return reply.body;
}

function send(query: Record<string, string>, body: string | Uint8Array, sent: Sent = {}): Promise<Reply> {
  const headers = { 'Content-Type': NDJSON, ...sent.headers };
  return api.post(`${PATH}/import?${new URLSearchParams(query).toString()}`, body, { ...sent, headers });
}

/** An import that was taken; gives what it says. */
async function imported(query: Record<string, string>, body: string | Uint8Array): Promise<any> {
  const reply = await send(query, body);
  expect(reply.status).toBe(200);
  return reply.body;
}

const exported = async (query: Record<string, string>): Promise<string> =>
  (await api.get(`${PATH}/export?${new URLSearchParams(query).toString()}`)).text;

const linesOf = async (query: Record<string, string>): Promise<any[]> =>
  (await exported(query))
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text));

/** An export that says nothing of the tenant, so that it fits into any. */
const ofNoTenant = async (query: { tenant_id: string } & Record<string, string>): Promise<string> =>
  (await exported(query)).replaceAll(`"tenant_id":"${query.tenant_id}",`, '');

/** What two entries of different tenants can have in common. */
const portable = ({
  id: _,
  tenant_id: __,
  version: ___,
  created_at: ____,
  updated_at: _____,
  ...rest
}: any) => rest;

describe('what was exported', () => {
  const VALUES = [
    { value: { z: 1.5, a: [null, true, 'ä\u2028'] }, tags: ['b', 'a'], description: 'with "quotes"\n' },
    { value: 'a: &x 1\nb: *x\n', content_type: 'yaml' },
    { value: 'line\r\nline\n', content_type: 'text', expires_at: '2099-01-01T00:00:00.000Z' },
    { value: 'AAEC/w==', content_type: 'binary', namespace: 'b' },
    { value: null, is_encrypted: true, namespace: 'c.d' },
    { value: '', content_type: 'text' },
  ];

  it('makes the same entries in another tenant', async () => {
    const [from, to] = [aTenant(), aTenant()];
    for (const value of VALUES) await create({ tenant_id: from, ...value });
    const report = await imported({ tenant_id: to }, await ofNoTenant({ tenant_id: from }));
    expect(report).toEqual({ ...NOTHING, created: VALUES.length });
    const [before, after] = [await linesOf({ tenant_id: from }), await linesOf({ tenant_id: to })];
    expect(after.map(portable)).toEqual(before.map(portable));
    expect(new Set([...before, ...after].map(({ id }) => id)).size).toBe(2 * VALUES.length);
    expect(after.every((entry) => entry.tenant_id === to && entry.version === 1)).toBe(true);
  });

  it('makes the same values to the byte', async () => {
    const [from, to] = [aTenant(), aTenant()];
    const value = '{"z": 1.50,"a":[1E2,12345678901234567890],"\\u00e4":"\\/"}';
    await api.post(PATH, `{"tenant_id":"${from}","key":"k","value":${value}}`);
    await imported({ tenant_id: to }, await ofNoTenant({ tenant_id: from }));
    expect((await api.get(`${PATH}/key/k/raw?tenant_id=${to}`)).text).toBe(value);
  });

  it('comes back also when a value was written on several lines', async () => {
    const [from, to] = [aTenant(), aTenant()];
    await api.post(PATH, `{"tenant_id":"${from}","key":"k","value":{\n  "a": 1\n}}`);
    const report = await imported({ tenant_id: to }, await ofNoTenant({ tenant_id: from }));
    expect(report).toEqual({ ...NOTHING, created: 1 });
    expect((await api.get(`${PATH}/key/k?tenant_id=${to}`)).body.value).toEqual({ a: 1 });
  });

  it('changes nothing where it came from, however often', async () => {
    const tenant_id = aTenant();
    for (const value of VALUES) await create({ tenant_id, ...value });
    const before = await exported({ tenant_id });
    for (const mode of ['merge', 'replace']) {
      expect(await imported({ tenant_id, mode }, before)).toEqual({ ...NOTHING, unchanged: VALUES.length });
    }
    expect(await exported({ tenant_id })).toBe(before);
  });

  it('goes into another namespace when the lines say so', async () => {
    const tenant_id = aTenant();
    const entry = await create({ tenant_id, namespace: 'one', tags: ['t'] });
    const { namespace: _, ...rest } = entry;
    expect(await imported({ tenant_id, namespace: 'two' }, line(rest))).toEqual({ ...NOTHING, created: 1 });
    const [copy] = await linesOf({ tenant_id, namespace: 'two' });
    expect(portable(copy)).toEqual({ ...portable(entry), namespace: 'two' });
    const other = await imported({ tenant_id, namespace: 'two' }, line(entry));
    expect([other.failed, other.errors[0].errors]).toEqual([
      1,
      [{ pointer: '/namespace', code: 'other_namespace', detail: expect.any(String) }],
    ]);
  });

  it('stays with its tenant', async () => {
    const [from, to] = [aTenant(), aTenant()];
    const entry = await create({ tenant_id: from });
    const key = await api.key('editor', to);
    const reply = await send({}, line({ ...entry, value: 2 }), { key });
    expect([reply.status, reply.body.created, reply.body.failed]).toEqual([200, 0, 1]);
    expect(reply.body.errors[0].errors).toEqual([
      { pointer: '/tenant_id', code: 'other_tenant', detail: `The import is for the tenant "${to}".` },
    ]);
    expect((await api.get(`${PATH}/${entry.id}`)).body).toEqual(entry);
    expect(await linesOf({ tenant_id: to })).toEqual([]);
    const refusal = await send({ tenant_id: from }, line(entry), { key });
    expect([refusal.status, refusal.body.code]).toEqual([403, 'tenant_forbidden']);
  });
});

describe('a secret', () => {
  const SECRETS = [
    { content_type: 'json', value: { password: 'p' } },
    { content_type: 'text', value: 'p' },
    { content_type: 'yaml', value: 'password: p' },
    { content_type: 'binary', value: 'AAEC' },
  ];

  it.each(SECRETS)('that is redacted in the import stays what it is: %j', async (secret) => {
    const tenant_id = aTenant();
    const entry = await create({ tenant_id, ...secret, is_secret: true, description: 'old' });
    const text = await exported({ tenant_id });
    expect(await imported({ tenant_id }, text)).toEqual({ ...NOTHING, unchanged: 1 });
    const described = text.replace('"description":"old"', '"description":"new"');
    expect(await imported({ tenant_id }, described)).toEqual({ ...NOTHING, updated: 1 });
    const { body } = await api.get(`${PATH}/${entry.id}?reveal=true`);
    expect(body).toMatchObject({ version: 2, value: secret.value, description: 'new', is_secret: true });
  });

  it.each(SECRETS)('that is redacted makes no entry where there is none: %j', async (secret) => {
    const [from, to] = [aTenant(), aTenant()];
    await create({ tenant_id: from, ...secret, is_secret: true });
    const report = await imported({ tenant_id: to }, await ofNoTenant({ tenant_id: from }));
    expect([report.created, report.failed]).toEqual([0, 1]);
    expect(report.errors).toMatchObject([{ line: 1, errors: [{ pointer: '/value', code: 'redacted' }] }]);
    expect(await linesOf({ tenant_id: to })).toEqual([]);
  });

  it('that is revealed goes along', async () => {
    const [from, to] = [aTenant(), aTenant()];
    for (const secret of SECRETS) await create({ tenant_id: from, ...secret, is_secret: true });
    const text = await ofNoTenant({ tenant_id: from, reveal: 'true' });
    expect(await imported({ tenant_id: to }, text)).toEqual({ ...NOTHING, created: SECRETS.length });
    const hidden = await linesOf({ tenant_id: to });
    expect(new Set(hidden.map(({ value }) => value))).toEqual(new Set(['***REDACTED***']));
    const shown = await linesOf({ tenant_id: to, reveal: 'true' });
    expect(shown.map(portable)).toEqual(
      text
        .trimEnd()
        .split('\n')
        .map((each) => portable(JSON.parse(each))),
    );
  });

  it('that only mentions what redacted ones look like is a value as any other', async () => {
    const tenant_id = aTenant();
    const named = { tenant_id, key: 'k', is_secret: true };
    await create({ ...named, value: { note: 'old' } });
    const value = { note: 'shown as ***REDACTED***' };
    expect(await imported({ tenant_id }, line({ ...named, value }))).toEqual({ ...NOTHING, updated: 1 });
    expect((await api.get(`${PATH}/key/k?tenant_id=${tenant_id}&reveal=true`)).body.value).toEqual(value);
  });
});
