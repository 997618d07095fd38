import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { ahead, eventually, TestApi } from '../api.js';
import type { Sent } from '../api.js';

const FLAGS = '/api/v1/feature-flags';
const BULK = '/ofrep/v1/evaluate/flags';

/** A stream as a client reads it. */
class Stream {
  text = '';
  isOver = false;

  private constructor(
    readonly response: IncomingMessage,
    private readonly sent: ClientRequest,
  ) {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => (this.text += chunk));
    response.on('error', () => undefined);
    response.once('close', () => (this.isOver = true));
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<Stream> {
    const sent = request(url, { headers, agent: false });
    sent.on('error', () => undefined);
    const stream = await new Promise<Stream>((resolve) => {
      sent.once('response', (response) => resolve(new Stream(response, sent)));
      sent.end();
    });
    if (stream.response.statusCode === 200)
      await eventually(
        async () => stream.text,
        (text) => text.includes('\n\n'),
      );
    return stream;
  }

  get events(): { id: string; type: string; etag: string; lastModified: number }[] {
    return [...this.text.matchAll(/id: (.*)\ndata: (.*)\n\n/g)].map(([, id, data]) => ({
      id: id ?? '',
      ...JSON.parse(data ?? ''),
    }));
  }

  /** What it would come back with. */
  get lastId(): string {
    return [...this.text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? '';
  }

  async event(count: number): Promise<void> {
    await eventually(
      async () => this.events,
      (events) => events.length >= count,
    );
  }

  close(): void {
    this.sent.destroy();
  }
}

let api: TestApi;
let streams: Stream[];

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(async () => {
  await api.stop();
});

beforeEach(() => {
  streams = [];
});

afterEach(() => {
  for (const stream of streams) stream.close();
});

async function aFlag(details: object = {}): Promise<string> {
  const { status, text, body } = await api.post(FLAGS, {
    ...{ name: `f-${randomUUID()}`, enabled: true, default_value: false },
    ...details,
  });
  if (status !== 201) throw new Error(text);
  return body.id;
}

const change = (id: string, details: object) => api.put(`${FLAGS}/${id}`, details);

async function uriFor(context: object = {}, sent: Sent = {}): Promise<string> {
  return (await api.post(BULK, { context }, sent)).body.eventStreams[0].endpoint.requestUri;
}

async function streamFor(context: object = {}, sent: Sent = {}): Promise<Stream> {
  const stream = await Stream.open(`${api.url}${await uriFor(context, sent)}`);
  streams.push(stream);
  return stream;
}

it('is opened by its URL alone, and kept by nobody on the way', async () => {
  const { response, text } = await streamFor();
  expect(response.statusCode).toBe(200);
  expect(response.headers).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  });
  expect(text).toMatch(/^retry: 3000\nid: .+\n\n$/);
});

it('has one URL for all who may see the same, whenever they ask', async () => {
  const uri = await uriFor({ targetingKey: 'u1' });
  expect(await uriFor({ targetingKey: 'u2' })).toBe(uri);
  expect(await uriFor({ environment: 'staging' })).not.toBe(uri);
  expect(await uriFor({ tenant_id: 'acme' })).not.toBe(uri);
  expect(await uriFor({}, { key: await api.key('client', null) })).not.toBe(uri);
});

it('opens to nobody else', async () => {
  const uri = await uriFor();
  for (const other of ['/ofrep/v1/stream', '/ofrep/v1/stream?token=1', `${uri}x`, uri.replace('.', '.A')]) {
    const { status, headers, body } = await api.get(other);
    expect([status, headers.get('content-type')]).toEqual([401, 'application/json; charset=utf-8']);
    expect(body).toEqual({ errorCode: 'GENERAL', errorDetails: expect.any(String) });
  }
  expect((await api.request('HEAD', uri)).status).toBe(204);
});

it('tells of each change of a flag, with the ETag of the flags and the time in seconds', async () => {
  const stream = await streamFor();
  const before = Math.floor(Date.now() / 1_000);
  const id = await aFlag();
  await stream.event(1);
  await change(id, { enabled: false });
  await stream.event(2);
  await api.delete(`${FLAGS}/${id}`);
  await stream.event(3);
  expect(stream.events).toHaveLength(3);
  for (const event of stream.events) {
    expect(event).toEqual({
      ...{ id: expect.any(String), type: 'refetchEvaluation', etag: `"${event.id}"` },
      lastModified: expect.any(Number),
    });
    expect(event.lastModified).toBeGreaterThanOrEqual(before - 1);
  }
  expect(new Set(stream.events.map(({ id }) => id)).size).toBe(3);
});

it('tells nothing of anything else', async () => {
  const stream = await streamFor();
  await api.post('/api/v1/metadata', { key: `k-${randomUUID()}`, value: 1 });
  await aFlag({ tenant_id: 'globex' });
  await aFlag();
  await stream.event(1);
  expect(stream.events).toHaveLength(1);
});

it('tells a tenant of its own flags and of the shared ones', async () => {
  const [acme, globex] = [await streamFor({ tenant_id: 'acme' }), await streamFor({ tenant_id: 'globex' })];
  await aFlag({ tenant_id: 'acme' });
  await acme.event(1);
  await aFlag();
  await acme.event(2);
  await globex.event(1);
  expect([acme.events.length, globex.events.length]).toEqual([2, 1]);
});

it('tells a browser of what it sees, also when it is hidden from it', async () => {
  const browser = await streamFor({}, { key: await api.key('client', null) });
  const server = await streamFor();
  const id = await aFlag();
  await change(id, { enabled: false });
  await server.event(2);
  expect(browser.events).toHaveLength(0);
  await change(id, { client_visible: true });
  await browser.event(1);
  await change(id, { client_visible: false });
  await browser.event(2);
  await change(id, { enabled: true });
  await server.event(5);
  expect(browser.events).toHaveLength(2);
});

it('tells when time changes a flag', async () => {
  const { stream, at } = await ahead(
    2_500,
    async (lead) => {
      const stream = await streamFor();
      const at = Date.now() + lead;
      await aFlag({ expires_at: new Date(at).toISOString() });
      await stream.event(1);
      return { stream, at, left: at - Date.now() };
    },
    ({ left }) => left > 1_200,
  );
  await eventually(
    async () => stream.events,
    (events) => events.some(({ lastModified }) => lastModified >= Math.floor((at - 100) / 1_000)), // In whole seconds.
  );
  expect(Date.now()).toBeGreaterThanOrEqual(at - 100);
});

it('tells who comes back what was missed, and nothing to who missed nothing', async () => {
  const first = await streamFor();
  const uri = await uriFor();
  const back = async (lastId: string): Promise<Stream> => {
    const stream = await Stream.open(`${api.url}${uri}`, { 'Last-Event-ID': lastId });
    streams.push(stream);
    return stream;
  };
  expect((await back(first.lastId)).events).toHaveLength(0);
  const { lastId } = first;
  await aFlag();
  expect((await back(lastId)).events).toHaveLength(1);
});

it('tells on another replica what was changed on this one', async () => {
  const other = await TestApi.start({ beside: api });
  try {
    const stream = await Stream.open(`${other.url}${await uriFor()}`);
    await aFlag();
    await stream.event(1);
    stream.close();
  } finally {
    await other.stop();
  }
});

it('ends with the service, with a time to come back', async () => {
  const other = await TestApi.start({ beside: api });
  const uri = await uriFor();
  const stream = await Stream.open(`${other.url}${uri}`);
  await other.stop();
  await eventually(async () => stream.isOver, Boolean);
  expect(stream.text).toMatch(/\nretry: \d{4}\n\n$/);
  const [line] = other.log.filter((text) => text.includes('/ofrep/v1/stream"'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ route: '/ofrep/v1/stream', status: 200 });
  expect(other.log.some((text) => text.includes(uri.split('=')[1] ?? ''))).toBe(false);
});

it('is forgotten when the client goes', async () => {
  const open = async () =>
    Number(/^metastore_flag_streams (\d+)$/m.exec((await api.get('/metrics')).text)?.[1]);
  await eventually(open, (count) => count === 0);
  const many = await Promise.all(Array.from({ length: 50 }, () => streamFor()));
  expect(await open()).toBe(50);
  for (const stream of many) stream.close();
  await eventually(open, (count) => count === 0);
});
