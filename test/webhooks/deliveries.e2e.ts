import { eventually, TestApi } from '../api.js';
import { aTenant, anEntry, aWebhook, change, deliveries, deliveriesOf, hasten, WEBHOOKS } from './made.js';
import { ok, Receiver, verified } from './receiver.js';

let api: TestApi;
let receiver: Receiver;

beforeAll(async () => {
  api = await TestApi.start({ env: { WEBHOOK_ALLOW_PRIVATE: 'true' } }); // Nobody here is slow: each message comes once.
});
beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(() => receiver.stop());
afterAll(() => api.stop());

const FILTER = { aggregate_types: ['metadata.entry'] };

it('tells of everything that happens, signed, as the feed shows it', async () => {
  const tenant = aTenant();
  const { id, secret } = await aWebhook(api, receiver.url, { tenant_id: tenant, ...FILTER });
  const entry = await anEntry(api, tenant, 'app.pool');
  await change(api, entry.id, 2);
  const received = await receiver.until(3);
  const feed = (await api.get(`/api/v1/events?tenant_id=${tenant}&aggregate_type=metadata.entry`)).body.items;
  expect(received.map((message) => verified(message, secret))).toEqual(feed);
  expect(received.map(({ headers }) => headers['content-type'])).toEqual(
    Array(3).fill('application/cloudevents+json; charset=utf-8'),
  );
  const items = await deliveries(api, id, (all) => all.every(({ status }) => status === 'delivered'));
  expect(items.map(({ event_id: event }) => event)).toEqual(feed.map((each: any) => each.id).reverse());
  expect(items.map((item) => item.id).reverse()).toEqual(
    received.map(({ headers }) => headers['webhook-id']),
  );
  expect(items[0]).toMatchObject({
    ...{ webhook_id: id, tenant_id: tenant, aggregate_id: entry.id, subject: feed[2].subject },
    ...{ event_type: 'io.metastore.metadata.entry.updated.v1', attempts: 1, next_attempt_at: null },
    ...{ last_status: 204, last_reason: null },
  });
});

it('tells what the filters let through, and of what is shared where that is wanted', async () => {
  const tenant = aTenant();
  const all = await Receiver.start();
  const filters = { types: ['io.metastore.metadata.entry.updated.v1'], prefix: 'default/app.' };
  await aWebhook(api, receiver.url, { tenant_id: tenant, ...filters });
  await aWebhook(api, all.url, { tenant_id: tenant, include_shared: true, ...FILTER });
  const [own, other] = [await anEntry(api, tenant, 'app.one'), await anEntry(api, tenant, 'two')];
  const shared = await anEntry(api, null, `app.three-${tenant}`);
  for (const { id } of [own, other, shared]) await change(api, id, 1);
  await all.until(6);
  await receiver.until(1);
  expect(new Set(all.received.map(({ event }) => event.subject)).size).toBe(3);
  expect(receiver.received.map(({ event }) => event.subject)).toEqual(
    [own].map(({ namespace }) => `${namespace}/app.one`),
  );
  await all.stop();
});

it('tries again what was not taken, in order per aggregate, while others go on', async () => {
  const tenant = aTenant();
  let isUp = false;
  const moody = await Receiver.start((reply, { event }) =>
    isUp || event.subject.endsWith('good') ? ok(reply) : void reply.writeHead(500).end(),
  );
  const { id } = await aWebhook(api, moody.url, { tenant_id: tenant, ...FILTER });
  const bad = await anEntry(api, tenant, 'bad');
  const good = await anEntry(api, tenant, 'good');
  await change(api, bad.id, 2);
  await change(api, good.id, 2);
  await deliveries(api, id, (all) => all.filter(({ status }) => status === 'delivered').length === 3);
  const pending = await deliveriesOf(api, id, 'status=pending');
  expect(pending.map(({ attempts }) => attempts > 0)).toEqual([false, false, true]);
  expect(pending.map(({ next_attempt_at: next }) => next === null)).toEqual([true, true, false]);
  expect(pending[2]).toMatchObject({ last_status: 500, last_reason: 'status_500' });
  isUp = true;
  await hasten(api, id);
  await deliveries(api, id, (all) => all.every(({ status }) => status === 'delivered'));
  const taken = moody.received.filter(({ event }) => event.subject.endsWith('bad'));
  expect([...new Set(taken.map(({ event }) => event.data.version))]).toEqual([1, 2, 3]);
  expect(taken.at(0)?.headers['webhook-id']).toBe(pending[2].id);
  await moody.stop();
});

it('delivers once more under the same id, what was taken and what was given up', async () => {
  const tenant = aTenant();
  const { id, secret } = await aWebhook(api, receiver.url, { tenant_id: tenant, ...FILTER });
  await anEntry(api, tenant, 'once');
  const [delivery] = await deliveries(api, id, ([one]) => one?.status === 'delivered');
  const path = `${WEBHOOKS}/deliveries/${delivery.id}`;
  expect((await api.post(`${path}/redeliver`)).status).toBe(202);
  const [first, second] = await receiver.until(2);
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  expect(verified(second as any, secret)).toEqual(first?.event);
  const { attempt_log: log } = await eventually(
    async () => (await api.get(path)).body,
    ({ status }) => status === 'delivered',
  );
  expect(log).toHaveLength(2);
  await api.post(`${WEBHOOKS}/${id}/disable`);
  expect((await api.post(`${path}/redeliver`)).body.code).toBe('webhook_disabled');
});

it('ends with a receiver that is gone, and goes on from there once it is enabled', async () => {
  const tenant = aTenant();
  let isGone = true;
  const leaving = await Receiver.start((reply) => (isGone ? void reply.writeHead(410).end() : ok(reply)));
  const { id } = await aWebhook(api, leaving.url, { tenant_id: tenant, ...FILTER });
  const entry = await anEntry(api, tenant, 'left');
  const ended = await eventually(
    async () => (await api.get(`${WEBHOOKS}/${id}`)).body,
    ({ enabled }) => !enabled,
  );
  expect(ended).toMatchObject({ disabled_reason: 'gone', version: 2, updated_by: 'system:webhooks' });
  await change(api, entry.id, 2);
  expect(leaving.received).toHaveLength(1);
  isGone = false;
  const { status, body } = await api.post(`${WEBHOOKS}/${id}/enable`);
  expect([status, body.enabled, body.gaps]).toEqual([200, true, []]);
  await leaving.until(4);
  expect(leaving.received.map(({ event }) => event.data.version)).toEqual([1, 1, 2, 3]);
  await leaving.stop();
});

it('signs by the old and the new secret for a while', async () => {
  const tenant = aTenant();
  const { id, secret } = await aWebhook(api, receiver.url, { tenant_id: tenant, ...FILTER });
  const entry = await anEntry(api, tenant, 'signed');
  await receiver.until(1);
  const rotated = await api.post(`${WEBHOOKS}/${id}/rotate-secret`, {});
  expect([rotated.status, rotated.headers.get('cache-control'), rotated.body.version]).toEqual([
    200,
    'no-store',
    2,
  ]);
  await change(api, entry.id, 1);
  const [, both] = await receiver.until(2);
  for (const each of [secret, rotated.body.secret]) expect(verified(both as any, each).data.version).toBe(2);
  const last = await api.post(`${WEBHOOKS}/${id}/rotate-secret`, { overlap_seconds: 0 });
  await change(api, entry.id, 1);
  const [, , alone] = await receiver.until(3);
  expect(verified(alone as any, last.body.secret).data.version).toBe(3);
  for (const each of [secret, rotated.body.secret]) expect(() => verified(alone as any, each)).toThrow();
});
