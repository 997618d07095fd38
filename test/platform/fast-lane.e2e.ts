import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { CallContext } from '#platform/context';
import { Admission, ApiKeys } from '#platform/auth';
import { eventually, TestApi } from '../api.js';
import { aKey, ENTRIES } from '../metadata/entries.js';

interface RawReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const pathOf = (key: string, rest = ''): string => `${ENTRIES}/key/${key}${rest}`;

async function anEntry(rest: object = {}): Promise<string> {
  const key = aKey();
  expect((await api.post(ENTRIES, { key, value: { text: 'ä' }, ...rest })).status).toBe(201);
  return key;
}

/** Everything that comes back, as it comes. */
function raw(path: string, headers: Record<string, string> = {}): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const sent = request(`${api.url}${path}`, { headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', reject).end();
  });
}

/** The first answer comes the long way, the third the short one. */
async function bothWays(path: string, headers: Record<string, string> = {}): Promise<RawReply[]> {
  const replies = [await raw(path, headers), await raw(path, headers), await raw(path, headers)];
  return replies.map((reply) => ({ ...reply, headers: { ...reply.headers, date: 'then' } }));
}

it('answers to the byte and to the header what the long way answers', async () => {
  const path = pathOf(await anEntry());
  const conditions: Record<string, string>[] = [
    {},
    { 'If-None-Match': '"1"' },
    { 'If-None-Match': '"7", W/"1"' },
    { 'If-None-Match': '"2"' },
  ];
  for (const headers of conditions) {
    const [first, second, third] = await bothWays(path, { 'X-Request-Id': 'the-same', ...headers });
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    expect(first?.headers['x-request-id']).toBe('the-same');
  }
});

it('is the way that a second read takes: the hooks of the framework do not see it, the metrics do', async () => {
  const path = pathOf(await anEntry());
  await raw(path);
  await raw(path);
  const before = await reads();
  const admitted = jest.spyOn(api.part(Admission), 'admit');
  await raw(path);
  expect(admitted).not.toHaveBeenCalled();
  await raw(`${path}?tenant_id=acme`);
  expect(admitted).toHaveBeenCalledTimes(1);
  admitted.mockRestore();
  expect(await reads()).toBe(before + 2);
});

async function reads(): Promise<number> {
  const { text } = await api.get('/metrics');
  const seen =
    /^metastore_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/metadata\/key\/:key",status="200"\} (\d+)$/m;
  return Number(seen.exec(text)?.[1] ?? 0);
}

it('logs a line with request id, trace, caller and route', async () => {
  const path = pathOf(await anEntry());
  const trace = '0af7651916cd43dd8448eb211c80319c';
  for (const id of ['lane-1', 'lane-2', 'lane-3'])
    await raw(path, { 'X-Request-Id': id, traceparent: `00-${trace}-b7ad6b7169203331-01` });
  const lines = api.log.filter((line) => /"lane-[123]"/.test(line)).map((line) => JSON.parse(line));
  expect(lines.map(({ requestId }) => requestId)).toEqual(['lane-1', 'lane-2', 'lane-3']);
  for (const line of lines)
    expect(line).toMatchObject({
      method: 'GET',
      route: '/api/v1/metadata/key/:key',
      status: 200,
      actor: 'anonymous',
      tenant: null,
      traceId: trace,
    });
});

it('sees a change, a rename, a delete and the entry that a tenant makes of its own', async () => {
  const key = await anEntry({ value: 1 });
  const path = pathOf(key, '?tenant_id=acme');
  const valueAt = async (): Promise<unknown> => {
    const { status, text } = await raw(path);
    return status === 200 ? JSON.parse(text).value : status;
  };
  expect([await valueAt(), await valueAt()]).toEqual([1, 1]);
  await api.put(pathOf(key), { value: 2 });
  expect([await valueAt(), await valueAt()]).toEqual([2, 2]);
  const own = await api.post(ENTRIES, { key, value: 3, tenant_id: 'acme' });
  expect([await valueAt(), await valueAt()]).toEqual([3, 3]);
  await api.delete(`${ENTRIES}/${own.body.id}`);
  expect([await valueAt(), await valueAt()]).toEqual([2, 2]);
  const shared = (await api.get(pathOf(key))).body.id;
  await api.patch(`${ENTRIES}/${shared}`, { key: `${key}-renamed` });
  expect([await valueAt(), await valueAt()]).toEqual([404, 404]);
});

it('has no memory of secrets, of looks that are written down, and of what is over', async () => {
  const secret = pathOf(await anEntry({ value: 'hidden', is_secret: true }));
  for (let look = 0; look < 3; look += 1) {
    expect((await raw(secret)).text).not.toContain('hidden');
    const revealed = await raw(`${secret}?reveal=true`);
    expect([revealed.text.includes('hidden'), revealed.headers['cache-control']]).toEqual([true, 'no-store']);
  }
  const soon = pathOf(await anEntry({ expires_at: new Date(Date.now() + 1_500).toISOString() }));
  await raw(soon);
  await eventually(
    () => raw(soon),
    ({ status }) => status === 404,
  );
});

it('lets nobody in whom the long way would turn away', async () => {
  const closed = await TestApi.start({ beside: api, env: { APP_ENV: 'production' } });
  try {
    const path = pathOf(await anEntry({ tenant_id: 'acme' }), '?tenant_id=acme');
    const [own, foreign, device] = [
      await api.key('viewer', 'acme'),
      await api.key('viewer', 'globex'),
      await api.key('device', 'acme'),
    ];
    const ask = async (key?: string) => (await closed.get(path, key === undefined ? {} : { key })).status;
    expect([await ask(own), await ask(own), await ask(own)]).toEqual([200, 200, 200]);
    expect([await ask(foreign), await ask(foreign)]).toEqual([403, 403]);
    expect([await ask(device), await ask(device)]).toEqual([403, 403]);
    expect([await ask(), await ask('mst_nonsense')]).toEqual([401, 401]);
    const withBoth = await closed.get(path, { key: own, headers: { 'X-API-Key': foreign } });
    expect(withBoth.status).toBe(200);
    const id = own.split('_')[1] ?? '';
    await api.part(CallContext).runAsSystem('test', () => api.part(ApiKeys).revoke(id));
    await eventually(
      () => ask(own),
      (status) => status === 401,
    );
  } finally {
    await closed.stop();
  }
});

it('leaves other methods, bodies and other hosts to the long way', async () => {
  const path = pathOf(await anEntry());
  await bothWays(path);
  const head = await api.request('HEAD', path);
  expect([head.status, head.text]).toEqual([200, '']);
  expect((await api.delete(path)).status).toBe(405);
  expect((await raw(path, { Host: 'evil.example' })).status).toBe(401);
  expect((await raw(path, { Expect: '100-continue' })).status).toBe(200);
});
