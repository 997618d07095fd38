import { randomUUID } from 'node:crypto';
import { ApiKeys, parseApiKey } from '#platform/auth';
import { CallContext } from '#platform/context';
import { eventually, TestApi } from '../api.js';
import { aTenant, Entries } from '../metadata/entries.js';
import { ask, HeardStream } from '../supervisor-requests/asked.js';

const SIGNED = '/api/v1/signed-urls';
const STREAM = '/api/v1/events/stream';

let api: TestApi;
let closed: TestApi;
const streams: HeardStream[] = [];
const entries = new Entries(() => api);

beforeAll(async () => {
  api = await TestApi.start();
  closed = await TestApi.start({ beside: api, env: { APP_ENV: 'production' } });
});

afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});

afterAll(async () => {
  await closed.stop();
  await api.stop();
});

async function sign(url: string, key: string, details: object = {}): Promise<string> {
  const { status, body } = await closed.post(SIGNED, { url, ...details }, { key });
  expect(status).toBe(201);
  return body.url;
}

async function open(path: string, headers: Record<string, string> = {}, from = closed): Promise<HeardStream> {
  const stream = await HeardStream.open(from, path, { headers });
  streams.push(stream);
  return stream;
}

const codeOf = async (path: string, method = 'GET'): Promise<unknown[]> => {
  const { status, body } = await closed.request(method, path);
  return [status, body?.code];
};

const revoke = (token: string): Promise<unknown> =>
  api.part(CallContext).runAsSystem('test', () => api.part(ApiKeys).revoke(parseApiKey(token)?.id ?? ''));

describe('a signed URL', () => {
  it('opens its stream without a header, for what its signer may see', async () => {
    const [acme, globex] = [aTenant(), aTenant()];
    const key = await api.key('viewer', acme);
    const { status, body, headers } = await closed.post(SIGNED, { url: STREAM }, { key });
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(body.url).toMatch(/^\/api\/v1\/events\/stream\?token=[\w-]+\.[\w-]{43}$/);
    expect(Math.abs(Date.parse(body.expires_at) - Date.now() - 3_600_000)).toBeLessThan(60_000);
    const stream = await (await open(body.url)).begun();
    await entries.create({ tenant_id: globex });
    const mine = await entries.create({ tenant_id: acme });
    expect((await stream.until(1)).map(({ data }) => data.data.id)).toEqual([mine.id]);
    stream.close();
    const later = await entries.create({ tenant_id: acme });
    const again = await open(body.url, { 'Last-Event-ID': stream.lastId });
    expect((await again.until(1)).map(({ data }) => data.data.id)).toEqual([later.id]);
    expect((await closed.request('HEAD', body.url)).status).toBe(200);
  });

  it('opens the streams of supervisor requests, too, for a supervisor', async () => {
    const key = await api.key('supervisor', null);
    const { id } = await ask(api, { store_id: 'a b' });
    for (const path of [
      `/api/v1/supervisor-requests/${id}/events`,
      '/api/v1/stores/a%20b/supervisor-requests/events?after=0',
    ]) {
      const stream = await open(await sign(path, key));
      expect((await stream.until(1))[0]?.data.data.id).toBe(id);
    }
    const { status, body } = await closed.post(SIGNED, { url: STREAM }, { key });
    expect([status, body.code, body.permission]).toEqual([403, 'stream_forbidden', 'events:read']);
  });

  it('is taken as browsers send it', async () => {
    const key = await api.key('viewer', null);
    const signed = await sign(`${STREAM}?prefix=é "x'`, key);
    expect(signed).toContain('?prefix=%C3%A9%20%22x%27&token=');
    expect((await open(signed)).status).toBe(200);
  });

  it('opens nothing else, however it is bent', async () => {
    const key = await api.key('viewer', null);
    const signed = await sign(`${STREAM}?after=0&prefix=a`, key);
    const [, query = ''] = signed.split('?');
    const token = query.split('token=')[1] ?? '';
    const other = (await sign(`${STREAM}?after=0`, key)).split('token=')[1] ?? '';
    const [payload = '', mac = ''] = token.split('.');
    const lasting = Buffer.from(JSON.stringify([9_999_999_999_999, 'key:x'])).toString('base64url');
    const invalid = [401, 'signed_url_invalid'];
    for (const bent of [
      `${STREAM}?prefix=a&after=0&token=${token}`,
      `${STREAM}?after=0&token=${token}`,
      `${STREAM}?after=0&prefix=b&token=${token}`,
      `${STREAM}?after=0&prefix=a&include_shared=true&token=${token}`,
      `${STREAM}?after=0&prefix=a&token=${other}`,
      `${STREAM}?after=0&prefix=a&token=${token}&token=${token}`,
      `${STREAM}?after=0&prefix=a&token=${token}&%74oken=x`,
      `${STREAM}?after=0&prefix=a&token=${payload}.${mac.slice(1)}${mac[0]}`,
      `${STREAM}?after=0&prefix=a&token=${lasting}.${mac}`,
      `${STREAM}?after=0&prefix=a&token=`,
      `${STREAM}?after=0&prefix=a&token=x.y`,
      `/api/v1/stores/s/supervisor-requests/events?after=0&prefix=a&token=${token}`,
    ])
      expect([bent, ...(await codeOf(bent))]).toEqual([bent, ...invalid]);
    expect(await codeOf(`/api/v1/events?after=0&prefix=a&token=${token}`)).toEqual([
      401,
      'credential_missing',
    ]);
    expect((await codeOf(signed, 'POST'))[0]).toBe(405);
    expect((await open(`${STREAM}?after=0&token=${token}&prefix=a`)).status).toBe(200); // Where it stands says nothing.
  });

  it('ends with the key that signed it, and the streams that it opened end, too', async () => {
    const key = await api.key('viewer', aTenant());
    const signed = await sign(STREAM, key);
    const [here, there] = [await (await open(signed)).begun(), await (await open(signed, {}, api)).begun()];
    await revoke(key);
    await Promise.all([here.end(), there.end()]);
    expect(await codeOf(signed)).toEqual([401, 'credential_invalid']);
    expect((await closed.post(SIGNED, { url: STREAM }, { key })).status).toBe(401);
  });

  it('ends with its time', async () => {
    const key = await api.key('viewer', null);
    const signed = await sign(STREAM, key, { expires_in_seconds: 1 });
    const codes = await eventually(
      () => codeOf(signed),
      ([status]) => status === 401,
    );
    expect(codes).toEqual([401, 'signed_url_expired']);
  });

  it('holds no longer than the key that signs it', async () => {
    const expiresAt = new Date(Date.now() + 600_000);
    const request = { name: 'short', role: 'viewer' as const, tenant: null, expiresAt };
    const { token } = await api
      .part(CallContext)
      .runAsSystem('test', () => api.part(ApiKeys).create(request));
    const { body } = await closed.post(SIGNED, { url: STREAM, expires_in_seconds: 86_400 }, { key: token });
    expect(body.expires_at).toBe(expiresAt.toISOString());
  });

  it('is signed for the administrator of development, and is worth nothing anywhere else', async () => {
    const { body } = await api.post(SIGNED, { url: STREAM });
    expect((await open(body.url, {}, api)).status).toBe(200);
    expect(await codeOf(body.url)).toEqual([401, 'credential_invalid']);
  });

  it('stands in no log line, and is told to no other site', async () => {
    const key = await api.key('viewer', null);
    const signed = await sign(STREAM, key);
    const token = signed.split('token=')[1] ?? '';
    const { headers } = await closed.request('HEAD', signed);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    await closed.get(`${signed}x`);
    await closed.get(`${signed}&after=x`);
    expect(closed.log.filter((line) => line.includes(token.slice(0, 20)))).toEqual([]);
  });
});

it.each([
  [{ url: 'https://example.com/api/v1/events/stream' }, '/url pattern'],
  [{ url: '//example.com/api/v1/events/stream' }, '/url pattern'],
  [{ url: '/\\example.com/api/v1/events/stream' }, '/url pattern'],
  [{ url: `${STREAM}#x` }, '/url pattern'],
  [{ url: `${STREAM}?token=x` }, '/url reserved'],
  [{ url: `${STREAM}?%74oken=x` }, '/url reserved'],
  [{ url: `${STREAM}?%zz=x` }, ' invalid_utf8'],
  [{ url: '/api/v1/events' }, '/url not_a_stream'],
  [{ url: `${STREAM}/` }, '/url not_a_stream'],
  [{ url: '/api/v1/nothing' }, '/url not_a_stream'],
  [{ url: `/api/v1/metadata/${randomUUID()}` }, '/url not_a_stream'],
  [{ url: STREAM, expires_in_seconds: 86_401 }, '/expires_in_seconds too_large'],
  [{ url: STREAM, expires_in_seconds: 0 }, '/expires_in_seconds too_small'],
  [
    { url: 1, expires_in_seconds: 'x', scope: 'all' },
    '/expires_in_seconds type|/scope unknown_property|/url type',
  ],
])('%j is not signed', async (asked, mistakes) => {
  const { status, body } = await api.post(SIGNED, asked);
  const told = body.errors?.map(({ pointer, code }: any) => `${pointer} ${code}`).sort();
  expect([status, told]).toEqual([400, mistakes.split('|')]);
});
