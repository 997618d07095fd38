import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { ahead, eventually, TestApi } from '../api.js';
import { ask, gauge, HeardStream, respond } from './asked.js';
import { aStore, aTenant, REQUESTS, sow, storeOf } from './sown.js';

let here: TestApi;
let there: TestApi;
let streams: HeardStream[];

beforeAll(async () => {
  here = await TestApi.start();
  there = await TestApi.start({ beside: here });
});

afterAll(async () => {
  await there.stop();
  await here.stop();
});

beforeEach(() => {
  streams = [];
});

afterEach(() => {
  for (const stream of streams) stream.close();
});

async function open(
  api: TestApi,
  path: string,
  sent: Parameters<typeof HeardStream.open>[2] = {},
): Promise<HeardStream> {
  const stream = await HeardStream.open(api, path, sent);
  streams.push(stream);
  return stream.status === 200 ? stream.begun() : stream;
}

const eventsOf = (id: string): string => `${REQUESTS}/${id}/events`;
const back = (lastId: string) => ({ headers: { 'Last-Event-ID': lastId } });

describe('the stream of a store', () => {
  it('tells on every replica what becomes of its requests, in the words of the change log', async () => {
    const store = aStore();
    const stream = await open(there, storeOf(store, '/events'));
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    expect(stream.text).toMatch(/^retry: 3000\nid: \d+\n\n$/);
    const { id } = await ask(here, { store_id: store });
    await here.post(`${REQUESTS}/${id}/claim`, {});
    await respond(here, id);
    const heard = await stream.until(3);
    expect(stream.types).toEqual(['created', 'claimed', 'responded']);
    const logged = await here.get(`/api/v1/events?aggregate_id=${id}`);
    expect(heard.map(({ data }) => data)).toEqual(logged.body.items);
    expect(heard.map(({ data, id: position }) => String(data.revision) === position)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('tells nothing of another store, and nothing of what was before', async () => {
    const store = `${aStore()}/ä b`;
    const before = await ask(here, { store_id: store });
    const stream = await open(here, storeOf(store, '/events'));
    await ask(here, { store_id: `${store}c` });
    const after = await ask(here, { store_id: store });
    const heard = await stream.until(1);
    expect(heard.map(({ data }) => data.data.id)).toEqual([after.id]);
    expect(before.id).not.toBe(after.id);
  });

  it('who comes back at any moment hears each event once and in its order', async () => {
    const store = aStore();
    const first = await open(here, storeOf(store, '/events'));
    const asked: string[] = [];
    const heard: string[] = [];
    let lastId = first.lastId;
    for (let round = 0; round < 6; round += 1) {
      const stream = await open(round % 2 ? here : there, storeOf(store, '/events'), back(lastId));
      const many = await Promise.all(Array.from({ length: 5 }, () => ask(here, { store_id: store })));
      asked.push(...many.map(({ id }) => id));
      const some = await stream.until(1 + (round % 5));
      stream.close();
      heard.push(...some.map(({ data }) => data.data.id));
      lastId = some.at(-1)?.id ?? lastId;
    }
    const rest = await open(here, storeOf(store, `/events?after=${lastId}`));
    await eventually(
      async () => heard.length + rest.events.length,
      (count) => count >= asked.length,
    );
    const all = [...heard, ...rest.events.map(({ data }) => data.data.id)];
    expect(all).toHaveLength(asked.length);
    expect(new Set(all)).toEqual(new Set(asked));
  });

  it('goes on in the middle of a transaction', async () => {
    const store = aStore();
    const begun = await open(here, storeOf(store, '/events'));
    const escalation = [
      { after_seconds: 1, priority: 2 },
      { after_seconds: 2, priority: 1 },
    ];
    const [id = ''] = await sow(here, [{ store, escalation, made: -10, due: -8 }]);
    const heard = await begun.until(2);
    expect(heard.map(({ data }) => [data.data.id, data.data.state.escalated])).toEqual([
      [id, 1],
      [id, 2],
    ]);
    expect(heard[0]?.data.revision).toBe(heard[1]?.data.revision);
    const again = await open(there, storeOf(store, '/events'), back(heard[0]?.id ?? ''));
    expect((await again.until(1)).map(({ data }) => data.data.state.escalated)).toEqual([2]);
    const done = await open(there, storeOf(store, '/events'), back(heard[1]?.id ?? ''));
    const next = await ask(here, { store_id: store });
    expect((await done.until(1)).map(({ data }) => data.data.id)).toEqual([next.id]);
  });

  it('tells a tenant of its own requests and of the shared ones, at one position of both', async () => {
    const [store, acme, umbra] = [aStore(), aTenant(), aTenant()];
    const key = await here.key('viewer', acme);
    const stream = await open(there, storeOf(store, '/events'), { key });
    expect(stream.lastId).toMatch(/^\d+\.\d+$/);
    const own = await ask(here, { store_id: store, tenant_id: acme });
    await ask(here, { store_id: store, tenant_id: umbra });
    const shared = await ask(here, { store_id: store });
    const heard = await stream.until(2);
    expect(new Set(heard.map(({ data }) => data.data.id))).toEqual(new Set([own.id, shared.id]));
    const again = await open(here, storeOf(store, '/events'), { key, ...back(heard[0]?.id ?? '') });
    expect((await again.until(1)).map(({ data }) => data.data.id)).toEqual([heard[1]?.data.data.id]);
    const foreign = await open(here, storeOf(store, `/events?tenant_id=${umbra}`), { key });
    expect(foreign.status).toBe(403);
  });
});

describe('the stream of a request', () => {
  it('begins with what it is, ends with it, and is not opened again', async () => {
    const { id } = await ask(here);
    await here.patch(`${REQUESTS}/${id}`, { priority: 1 });
    const stream = await open(there, eventsOf(id));
    const [snapshot] = await stream.until(1);
    expect([snapshot?.type, snapshot?.data.data.version, snapshot?.data.data.state.priority]).toEqual([
      ...['snapshot', 2, 1],
    ]);
    await ask(here);
    await respond(here, id);
    await stream.end();
    expect(stream.types).toEqual(['snapshot', 'responded']);
    expect((await open(there, eventsOf(id), back(stream.lastId))).status).toBe(204);
    const missed = await open(there, eventsOf(id), back(snapshot?.id ?? ''));
    await missed.end();
    expect(missed.types).toEqual(['responded']);
    const late = await open(here, eventsOf(id));
    await late.end();
    expect(late.types).toEqual(['snapshot']);
  });

  it('ends with the timeout, unless a late response may come', async () => {
    const soon = (details: object) =>
      ahead(
        1_500,
        async (lead) => {
          const { id } = await ask(here, details);
          const at = new Date(Date.now() + lead).toISOString();
          const { status } = await here.patch(`${REQUESTS}/${id}`, { expires_at: at });
          return { id, status };
        },
        ({ status }) => status === 200,
      );
    const [one, other] = await Promise.all([soon({}), soon({ allow_late_response: true })]);
    const [ends, stays] = [await open(there, eventsOf(one.id)), await open(there, eventsOf(other.id))];
    await ends.end();
    expect(ends.types.at(-1) === 'snapshot' || ends.types.at(-1) === 'timed_out').toBe(true);
    await eventually(
      async () => stays.events.map(({ data }) => data.data.state.status_code),
      (codes) => codes.includes('timeout'),
    );
    expect(stays.isOver).toBe(false);
    await respond(here, other.id, 'At last');
    await stays.end();
    expect(stays.types.at(-1)).toBe('responded_late');
  });

  it('is nobody else’s', async () => {
    const { id } = await ask(here, { tenant_id: aTenant() });
    const key = await here.key('viewer', aTenant());
    expect((await open(here, eventsOf(id), { key })).status).toBe(404);
    expect((await open(here, eventsOf(randomUUID()))).status).toBe(404);
  });
});

it.each([
  ['/events?after=x', {}, '/after pattern'],
  ['/events?after=1.2', {}, '/after pattern'],
  ['/events?after=999999999', {}, '/after beyond_head'],
  ['/events', { 'Last-Event-ID': '-1' }, '/Last-Event-ID pattern'],
  ['/events?since=1', {}, '/since unknown_property'],
])('%s with %j is refused before a stream is begun', async (path, headers, mistake) => {
  const { status, body } = await here.get(storeOf('s', path), { headers: headers as Record<string, string> });
  expect([status, body.errors.map(({ pointer, code }: any) => `${pointer} ${code}`)]).toEqual([
    400,
    [mistake],
  ]);
});

it('a head is no stream', async () => {
  const { id } = await ask(here);
  for (const path of [storeOf('s', '/events'), eventsOf(id)]) {
    const { status, headers } = await here.request('HEAD', path);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  }
});

it('a change is read once, however many follow', async () => {
  const store = aStore();
  const many = await Promise.all(Array.from({ length: 100 }, () => open(there, storeOf(store, '/events'))));
  await eventually(
    () => gauge(there, 'metastore_event_streams'),
    (count) => count >= 100,
  );
  const { id } = await ask(here, { store_id: store });
  await Promise.all(many.map((stream) => stream.until(1)));
  expect(new Set(many.map((stream) => stream.text.slice(stream.text.indexOf('event:')))).size).toBe(1);
  expect(many[0]?.events[0]?.data.data.id).toBe(id);
  for (const stream of many) stream.close();
  await eventually(
    () => gauge(there, 'metastore_event_streams'),
    (count) => count === 0,
  );
});

it('a client that does not read is cut off, and hears the rest when it comes back', async () => {
  const store = aStore();
  const first = await open(here, storeOf(store, '/events'));
  const { lastId } = first;
  first.close();
  const { hostname, port } = new URL(there.url);
  const lazy = connect(Number(port), hostname.replace(/^\[|\]$/g, ''));
  lazy.pause();
  const path = storeOf(store, '/events');
  lazy.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  lazy.on('error', () => undefined);
  await eventually(
    () => gauge(there, 'metastore_event_streams'),
    (count) => count === 1,
  );
  const details = { padding: 'x'.repeat(30_000) };
  let asked = 0;
  await eventually(
    async () => {
      await Promise.all(Array.from({ length: 10 }, () => ask(here, { store_id: store, details })));
      asked += 10;
      return gauge(there, 'metastore_event_streams');
    },
    (count) => count === 0,
  );
  lazy.destroy();
  const again = await open(there, path, back(lastId));
  expect(await again.until(asked)).toHaveLength(asked);
});

it('ends with the service, with a time to come back', async () => {
  const third = await TestApi.start({ beside: here });
  const { id } = await ask(here);
  const both = [await open(third, storeOf('s', '/events')), await open(third, eventsOf(id))];
  await third.stop();
  for (const stream of both) {
    await stream.end();
    expect(stream.text).toMatch(/\nretry: \d{4}\n\n$/);
  }
});
