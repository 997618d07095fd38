import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { eventually, TestApi } from '../api.js';
import { administer } from '../test-database.js';
import { aTenant, anEntry, aWebhook, change, deliveries, deliveriesOf, hasten, WEBHOOKS } from './made.js';
import { ok, Receiver, TELLING_ENV } from './receiver.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start({ env: TELLING_ENV });
});
afterAll(() => api.stop());

const FILTER = { aggregate_types: ['metadata.entry'] };

/** One that does to the connection whatever it likes. */
async function rude(act: (socket: Socket) => void): Promise<{ url: string; stop: () => void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => act(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/`, stop };
}

it('is held up by nobody: not by who fails, hangs, redirects, resets, dribbles or never ends', async () => {
  const tenant = aTenant();
  const trap = await Receiver.start();
  const healthy = await Receiver.start();
  const answering = (text: string) => rude((socket) => void socket.write(text));
  const bad = {
    status_500: await Receiver.start((reply) => void reply.writeHead(500).end()),
    redirected: await Receiver.start((reply) => void reply.writeHead(307, { Location: trap.url }).end()),
    timed_out: await Receiver.start(() => undefined),
    unreachable: await rude((socket) => void socket.resetAndDestroy()),
  };
  const strange = [
    await answering('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx'), // Dribbles, and never ends.
    await rude((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const pour = (): void => {
        while (!socket.destroyed && socket.write(`4000\r\n${'x'.repeat(0x4000)}\r\n`));
        socket.once('drain', pour);
      };
      pour();
    }),
  ];
  const told: Record<string, string> = {};
  for (const [reason, { url }] of Object.entries(bad))
    for (let count = 0; count < 5; count += 1)
      told[(await aWebhook(api, url, { tenant_id: tenant, ...FILTER })).id] = reason;
  const taking = [];
  for (const { url } of strange) taking.push((await aWebhook(api, url, { tenant_id: tenant, ...FILTER })).id);
  await aWebhook(api, healthy.url, { tenant_id: tenant, ...FILTER });
  const entries = [await anEntry(api, tenant, 'a'), await anEntry(api, tenant, 'b')];
  await Promise.all(entries.map(({ id }) => change(api, id, 9)));
  await eventually(
    async () => healthy.events,
    (events) => events.length >= 20,
  );
  for (const { id } of entries) {
    const versions = healthy.events.filter(({ data }) => data.id === id).map(({ data }) => data.version);
    expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  }
  for (const [id, reason] of Object.entries(told)) {
    const all = await deliveries(api, id, (items) => items.some((item) => item.last_reason === reason));
    expect(all).toHaveLength(20);
    expect(all.every(({ status }) => status === 'pending')).toBe(true);
  }
  for (const id of taking)
    await deliveries(api, id, (items) => items.some((item) => item.status === 'delivered'));
  expect(trap.received).toHaveLength(0);
  for (const one of [trap, healthy, ...Object.values(bad), ...strange]) await one.stop();
});

it('is given up after the last try, and the next of the aggregate goes on', async () => {
  const tenant = aTenant();
  const down = await Receiver.start((reply) => void reply.writeHead(503).end());
  const { id } = await aWebhook(api, down.url, { tenant_id: tenant, ...FILTER });
  const entry = await anEntry(api, tenant, 'given-up');
  await change(api, entry.id, 1);
  await deliveries(api, id, (items) => items.some(({ attempts }) => attempts > 0));
  await administer(
    api.database.url,
    `update webhooks.delivery set tries = 9 where webhook_id = '${id}' and attempts > 0`,
  );
  await hasten(api, id);
  await deliveries(api, id, ([, first]) => first?.status === 'failed');
  await deliveries(api, id, ([second]) => second?.attempts > 0);
  expect((await api.get(`${WEBHOOKS}/${id}`)).body.enabled).toBe(true);
  await down.stop();
});

it('honours Retry-After', async () => {
  const tenant = aTenant();
  const busy = await Receiver.start((reply) => void reply.writeHead(429, { 'Retry-After': '7200' }).end());
  const { id } = await aWebhook(api, busy.url, { tenant_id: tenant, ...FILTER });
  await anEntry(api, tenant, 'later');
  const [item] = await deliveries(api, id, ([one]) => one?.attempts === 1);
  expect(item.last_reason).toBe('status_429');
  const waits = Date.parse(item.next_attempt_at) - Date.parse(item.last_attempt_at);
  expect(waits).toBeGreaterThanOrEqual(7_200_000);
  expect(waits).toBeLessThan(7_300_000);
  await busy.stop();
});

it('disables who took nothing for three days, and says so in the log', async () => {
  const tenant = aTenant();
  const down = await Receiver.start((reply) => void reply.writeHead(500).end());
  const { id } = await aWebhook(api, down.url, { tenant_id: tenant, ...FILTER });
  await administer(
    api.database.url,
    `update webhooks.progress set failing_since = now() - interval '73 h' where webhook_id = '${id}'`,
  );
  await api.put(`${WEBHOOKS}/${id}`, { description: 'Looked at anew' });
  await anEntry(api, tenant, 'never');
  const ended = await eventually(
    async () => (await api.get(`${WEBHOOKS}/${id}`)).body,
    ({ enabled }) => !enabled,
  );
  expect(ended.disabled_reason).toBe('failing');
  const { items } = (await api.get(`/api/v1/events?tenant_id=${tenant}&aggregate_type=webhooks.webhook`))
    .body;
  expect(items.at(-1)).toMatchObject({ type: 'io.metastore.webhooks.webhook.disabled.v1' });
  expect(items.at(-1).data).toMatchObject({
    actor: 'system:webhooks',
    state: { disabled_reason: 'failing' },
  });
  expect((await deliveriesOf(api, id))[0].status).toBe('pending');
  await down.stop();
});

it('is not disabled for what was over before it failed once more', async () => {
  const tenant = aTenant();
  const moody = await Receiver.start(
    (reply, _, count) => void reply.writeHead(count === 1 ? 204 : 500).end(),
  );
  const { id } = await aWebhook(api, moody.url, { tenant_id: tenant, ...FILTER });
  await administer(
    api.database.url,
    `update webhooks.progress set failing_since = now() - interval '73 h' where webhook_id = '${id}'`,
  );
  await api.put(`${WEBHOOKS}/${id}`, { description: 'Looked at anew' });
  const entry = await anEntry(api, tenant, 'taken');
  await deliveries(api, id, ([one]) => one?.status === 'delivered');
  await eventually(
    () =>
      administer<any>(
        api.database.url,
        `select failing_since from webhooks.progress where webhook_id = '${id}'`,
      ),
    ([progress]) => progress?.failing_since === null,
  );
  await change(api, entry.id, 1);
  await deliveries(api, id, ([last]) => last?.attempts === 1);
  await hasten(api, id);
  await deliveries(api, id, ([last]) => last?.attempts === 2); // What the first failure led to is over.
  expect((await api.get(`${WEBHOOKS}/${id}`)).body.enabled).toBe(true);
  await moody.stop();
});

describe('what waits for a day is sent at once', () => {
  const later = (id: string): Promise<unknown> =>
    administer(
      api.database.url,
      `update webhooks.delivery set due_at = now() + interval '1 day' where webhook_id = '${id}'`,
    );
  /** A webhook with something that was not taken, and is tried again tomorrow. */
  const waiting = async (receiver: Receiver, tenant: string): Promise<string> => {
    const { id } = await aWebhook(api, receiver.url, { tenant_id: tenant, ...FILTER });
    await anEntry(api, tenant, 'waiting');
    await deliveries(api, id, ([one]) => one?.attempts > 0);
    await later(id);
    return id;
  };
  const areDelivered = (items: any[]): boolean => items.every(({ status }) => status === 'delivered');
  const moodyReceiver = async (): Promise<[Receiver, () => void]> => {
    let isUp = false;
    const receiver = await Receiver.start((reply) => (isUp ? ok(reply) : void reply.writeHead(500).end()));
    return [receiver, () => (isUp = true)];
  };

  it('when the webhook goes elsewhere', async () => {
    const [down] = await moodyReceiver();
    const healthy = await Receiver.start();
    const id = await waiting(down, aTenant());
    await api.put(`${WEBHOOKS}/${id}`, { url: healthy.url });
    await deliveries(api, id, areDelivered);
    await Promise.all([down.stop(), healthy.stop()]);
  });

  it('when somebody enables it', async () => {
    const [receiver, heal] = await moodyReceiver();
    const id = await waiting(receiver, aTenant());
    await api.post(`${WEBHOOKS}/${id}/disable`);
    heal();
    await api.post(`${WEBHOOKS}/${id}/enable`);
    await deliveries(api, id, areDelivered);
    await receiver.stop();
  });

  it('when something is taken by a receiver that was failing before another replica began to tell it', async () => {
    const tenant = aTenant();
    const [receiver, heal] = await moodyReceiver();
    const id = await waiting(receiver, tenant);
    const sink = `webhook:${id}`;
    await administer(
      api.database.url,
      `update platform.sink set holder = null, held_until = null, term = term + 1 where name = '${sink}'`,
    );
    heal();
    await eventually(
      () =>
        administer<any>(api.database.url, `select term, holder from platform.sink where name = '${sink}'`),
      ([held]) => held?.holder !== null && Number(held?.term) >= 3,
    );
    await anEntry(api, tenant, 'new');
    await deliveries(api, id, (items) => items.length === 2 && areDelivered(items));
    await receiver.stop();
  });
});

it('goes nowhere in our own network unless that is allowed', async () => {
  const trap = await Receiver.start(ok);
  const closed = await TestApi.start({ beside: api, env: { WEBHOOK_TIMEOUT_MS: '300' } });
  const { port } = new URL(trap.url);
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '0x7f.1', '10.0.0.1']) {
    const url = `http://${host}:${port}/`;
    const { id } = await aWebhook(closed, url, { tenant_id: aTenant(), enabled: false });
    const { status, body } = await closed.post(`${WEBHOOKS}/${id}/test`);
    expect([host, status, body.delivered, body.reason, body.status]).toEqual([
      host,
      200,
      false,
      'address_not_allowed',
      null,
    ]);
  }
  expect(trap.received).toHaveLength(0);
  await closed.stop();
  await trap.stop();
});
