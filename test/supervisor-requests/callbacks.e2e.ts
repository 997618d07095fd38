import { createHmac, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { ahead, eventually, TestApi } from '../api.js';
import { administer } from '../test-database.js';
import { ask, respond } from './asked.js';
import {
  CALLING_ENV,
  callbackOf as callbackAt,
  deliveryOf,
  hastenCallbacks,
  ok,
  Receiver,
  verified,
} from './receiver.js';
import type { Received } from './receiver.js';
import { aStore, aTenant, REQUESTS } from './sown.js';

let api: TestApi;
let beside: TestApi;
let receivers: Receiver[];

beforeAll(async () => {
  api = await TestApi.start({ env: CALLING_ENV });
  beside = await TestApi.start({ env: CALLING_ENV, beside: api });
});

afterAll(async () => {
  await beside.stop();
  await api.stop();
});

beforeEach(() => {
  receivers = [];
});

afterEach(async () => {
  for (const receiver of receivers) await receiver.stop();
});

async function receive(answer: (reply: ServerResponse, count: number) => void = ok): Promise<Receiver> {
  const receiver = await Receiver.start(answer);
  receivers.push(receiver);
  return receiver;
}

const callbackOf = (id: string): Promise<any> => callbackAt(api, id);

const delivery = (id: string, isWanted: (delivery: any) => boolean): Promise<any> =>
  deliveryOf(api, id, isWanted);

const hasten = (id: string): Promise<unknown> => hastenCallbacks(api, id);

it('tells the end of a request once, signed by a secret that only the asker got', async () => {
  const receiver = await receive();
  const reply = await api.post(REQUESTS, {
    ...{ store_id: aStore(), kind: 'question', question: 'May we?' },
    callback_url: `${receiver.url}/answers?for=us`,
  });
  const { id, callback_secret: secret } = reply.body;
  expect([reply.status, reply.headers.get('cache-control')]).toEqual([201, 'no-store']);
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(await callbackOf(id)).toEqual({ callback_url: `${receiver.url}/answers?for=us`, deliveries: [] });
  await api.patch(`${REQUESTS}/${id}`, { priority: 1 });
  await respond(beside, id, 'Go on');
  const [received] = (await receiver.until(1)) as [Received];
  expect(received.path).toBe('/answers?for=us');
  const event = verified(received, secret);
  expect(event).toEqual((await api.get(`/api/v1/events?aggregate_id=${id}`)).body.items.at(-1));
  expect(event.data.state).toMatchObject({ status_code: 'response_received', response: { text: 'Go on' } });
  const {
    'webhook-id': messageId,
    'webhook-timestamp': at,
    'webhook-signature': signature,
  } = received.headers;
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signed = createHmac('sha256', key).update(`${String(messageId)}.${String(at)}.${received.text}`);
  expect(signature).toBe(`v1,${signed.digest('base64')}`);
  const told = await delivery(id, ({ status }) => status === 'delivered');
  expect(told).toEqual({
    ...{ id: messageId, version: 3, status: 'delivered', attempts: 1 },
    ...{ last_attempt_at: expect.any(String), last_error: null, next_attempt_at: null },
  });
  expect(receiver.received).toHaveLength(1);
  for (const text of [(await api.get(`${REQUESTS}/${id}`)).text, api.log.join(''), received.text])
    expect(text).not.toContain(secret.slice('whsec_'.length));
  expect(() => verified(received, `whsec_${Buffer.alloc(32).toString('base64')}`)).toThrow();
});

it('has a secret of its own for each request, which a repeated creation gives only to who lost the first answer', async () => {
  const body = {
    id: randomUUID(),
    store_id: 's',
    kind: 'question',
    question: 'May we?',
    callback_url: 'https://a.example/',
  };
  const headers = { 'Idempotency-Key': randomUUID() };
  const first = await api.post(REQUESTS, body, { headers });
  const replayed = await beside.post(REQUESTS, body, { headers });
  expect([replayed.status, replayed.body.callback_secret]).toEqual([201, first.body.callback_secret]);
  expect(replayed.headers.get('cache-control')).toBe('no-store');
  const again = await api.post(REQUESTS, body);
  expect([again.status, 'callback_secret' in again.body]).toEqual([200, false]);
  const other = await ask(api, { callback_url: 'https://a.example/' });
  expect(other.callback_secret).not.toBe(first.body.callback_secret);
  expect('callback_secret' in (await ask(api))).toBe(false);
});

it('tells a cancellation and a timeout, and a late response by itself', async () => {
  const receiver = await receive();
  const cancelled = await ask(api, { callback_url: receiver.url });
  await api.post(`${REQUESTS}/${cancelled.id}/cancel`);
  const [first] = (await receiver.until(1)) as [Received];
  expect(verified(first, cancelled.callback_secret).data.state.status_code).toBe('cancelled');
  const { late } = await ahead(
    1_000,
    async (lead) => {
      const late = await ask(api, { callback_url: receiver.url, allow_late_response: true });
      const expires_at = new Date(Date.now() + lead).toISOString();
      return { late, status: (await api.patch(`${REQUESTS}/${late.id}`, { expires_at })).status };
    },
    ({ status }) => status === 200,
  );
  await delivery(late.id, ({ status }) => status === 'delivered');
  await respond(api, late.id, 'At last');
  await eventually(
    async () => (await callbackOf(late.id)).deliveries,
    (all) => all.length === 2 && all.every(({ status }: any) => status === 'delivered'),
  );
  const messages = receiver.received.slice(-2);
  expect(messages.map((each) => verified(each, late.callback_secret).type)).toEqual([
    'io.metastore.supervisor.request.timed_out.v1',
    'io.metastore.supervisor.request.responded_late.v1',
  ]);
  expect(new Set(messages.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
});

it('comes again after a failure, the same message under the same id', async () => {
  const receiver = await receive((reply, count) => void reply.writeHead(count === 1 ? 500 : 200).end('{}'));
  const { id, callback_secret: secret } = await ask(api, { callback_url: receiver.url });
  await respond(api, id);
  const failed = await delivery(id, ({ last_error }) => last_error !== null);
  expect(failed).toMatchObject({ status: 'pending', attempts: 1, last_error: 'status_500' });
  const pause = Date.parse(failed.next_attempt_at) - Date.parse(failed.last_attempt_at);
  expect(pause).toBeGreaterThan(4_000);
  await hasten(id);
  expect(await delivery(id, ({ status }) => status === 'delivered')).toMatchObject({
    attempts: 2,
    last_error: null,
  });
  const [one, other] = receiver.received as [Received, Received];
  expect([other.text, other.headers['webhook-id']]).toEqual([one.text, one.headers['webhook-id']]);
  expect([verified(one, secret).id, verified(other, secret).id]).toEqual([
    verified(one, secret).id,
    expect.any(String),
  ]);
});

it('follows no redirect, waits for nobody for ever, and comes no more to what is gone', async () => {
  const elsewhere = await receive();
  const redirects = await receive((reply) => void reply.writeHead(307, { location: elsewhere.url }).end());
  const hangs = await receive(() => undefined);
  const gone = await receive((reply) => void reply.writeHead(410).end());
  const talks = await receive((reply) => {
    reply.writeHead(200);
    const more = (): void => {
      while (reply.write('x'.repeat(16_384)));
    };
    reply.on('drain', more);
    more();
  });
  const trails = await receive((reply) => void reply.writeHead(200).write('To be continued'));
  const asked = [];
  for (const { url } of [redirects, hangs, gone, talks, trails]) {
    const request = await ask(api, { callback_url: url });
    await respond(api, request.id);
    asked.push(
      await delivery(request.id, ({ status, last_error }) => status !== 'pending' || last_error !== null),
    );
  }
  expect(asked.map(({ status, last_error }) => [status, last_error])).toEqual([
    ['pending', 'redirected'],
    ['pending', 'timed_out'],
    ['failed', 'gone'],
    ['delivered', null],
    ['delivered', null],
  ]);
  expect(elsewhere.received).toHaveLength(0);
});

it('gives up after the last attempt', async () => {
  const receiver = await receive((reply) => void reply.writeHead(503).end());
  const { id } = await ask(api, { callback_url: receiver.url });
  await respond(api, id);
  await delivery(id, ({ last_error }) => last_error !== null);
  await administer(
    api.database.url,
    `update supervisor.callback set attempts = 9 where request_id = '${id}'`,
  );
  await hasten(id);
  expect(await delivery(id, ({ status }) => status !== 'pending')).toMatchObject({
    ...{ status: 'failed', attempts: 10, last_error: 'status_503', next_attempt_at: null },
  });
});

it('of many that fall due at once on two replicas each is sent by one of them, a few at a time', async () => {
  let [open, most] = [0, 0];
  const receiver = await receive((reply) => {
    most = Math.max(most, (open += 1));
    setImmediate(() => {
      open -= 1;
      ok(reply);
    });
  });
  const asked = await Promise.all(Array.from({ length: 60 }, () => ask(api, { callback_url: receiver.url })));
  await administer(
    api.database.url,
    `alter table supervisor.callback alter due_at set default now() + interval '1 hour'`,
  );
  await Promise.all(asked.map(({ id }) => respond(api, id)));
  const ids = asked.map(({ id }) => `'${id}'`).join(',');
  await administer(
    api.database.url,
    `alter table supervisor.callback alter due_at set default clock_timestamp();
     update supervisor.callback set due_at = now() where request_id in (${ids})`,
  );
  const kicks = await Promise.all([ask(api), ask(beside)]);
  await Promise.all([respond(api, kicks[0].id), respond(beside, kicks[1].id)]);
  await eventually(
    () =>
      administer<any>(
        api.database.url,
        `select attempts from supervisor.callback where request_id in (${ids}) and delivered_at is not null`,
      ),
    (rows) => rows.length === asked.length && rows.every(({ attempts }) => attempts === 1),
  );
  expect(receiver.received).toHaveLength(asked.length);
  expect(most).toBeLessThanOrEqual(8); // Four of each replica.
});

it('one receiver that hangs holds up no other', async () => {
  const hangs = await receive(() => undefined);
  const quick = await receive();
  const stuck = await Promise.all(Array.from({ length: 40 }, () => ask(api, { callback_url: hangs.url })));
  await Promise.all(stuck.map(({ id }) => respond(api, id)));
  await hangs.until(1);
  const { id } = await ask(api, { callback_url: quick.url });
  await respond(api, id);
  await quick.until(1);
  const open = stuck.map(({ id: each }) => callbackOf(each));
  const tried = (await Promise.all(open)).filter(({ deliveries }) => deliveries[0].last_error !== null);
  expect(tried.length).toBeLessThan(40);
  await administer(api.database.url, `delete from supervisor.callback where receiver = '${hangs.url}'`);
});

it('is told of a request that was deleted meanwhile, and then forgotten', async () => {
  const receiver = await receive((reply, count) => void reply.writeHead(count === 1 ? 500 : 200).end());
  const { id, callback_secret: secret } = await ask(api, { callback_url: receiver.url });
  await respond(api, id);
  await delivery(id, ({ last_error }) => last_error !== null);
  expect((await api.delete(`${REQUESTS}/${id}`)).status).toBe(204);
  expect((await api.get(`${REQUESTS}/${id}/callback`)).status).toBe(404);
  await hasten(id);
  const [, second] = (await receiver.until(2)) as [Received, Received];
  expect(verified(second, secret).data.state.status_code).toBe('response_received');
  await eventually(
    () => administer(api.database.url, `select from supervisor.callback where request_id = '${id}'`),
    (rows) => rows.length === 0,
  );
});

it('is shown to nobody of another tenant', async () => {
  const tenant = aTenant();
  const { id } = await ask(api, { tenant_id: tenant, callback_url: 'https://a.example/' });
  const [own, foreign] = [await api.key('viewer', tenant), await api.key('viewer', aTenant())];
  expect((await api.get(`${REQUESTS}/${id}/callback`, { key: own })).status).toBe(200);
  expect((await api.get(`${REQUESTS}/${id}/callback`, { key: foreign })).status).toBe(404);
});
