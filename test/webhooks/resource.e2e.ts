import pg from 'pg';
import { eventually, TestApi } from '../api.js';
import { finderOf } from '../marker.js';
import { explained, indexesOf, wholeTables } from '../plan.js';
import { DUE, WITH_DUE } from '../../libs/webhooks/infrastructure/delivery-statements.js';
import { aTenant, anEntry, aWebhook, change, deliveries, WEBHOOKS } from './made.js';
import { Receiver } from './receiver.js';

let api: TestApi;
let owner: pg.Pool;

beforeAll(async () => {
  api = await TestApi.start({ env: { WEBHOOK_ALLOW_PRIVATE: 'true' } });
  owner = new pg.Pool({ connectionString: api.database.url });
});
afterAll(async () => {
  await owner.end();
  await api.stop();
});

const URL = 'https://hooks.example.com/a';

it('tells the secret once, and nowhere else', async () => {
  const tenant = aTenant();
  const receiver = await Receiver.start();
  const made = await api.post(WEBHOOKS, { url: receiver.url, tenant_id: tenant });
  expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
  const { id, secret } = made.body;
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const rotated = (await api.post(`${WEBHOOKS}/${id}/rotate-secret`, {})).body.secret;
  await receiver.until(2);
  const [delivery] = await deliveries(api, id, ([one]) => one?.status === 'delivered');
  const { rows } = await owner.query<{ text: string }>(
    `select t::text as text from webhooks.secret t union all select t::text from webhooks.webhook t
     union all select t::text from webhooks.delivery t union all select t::text from platform.change_log t`,
  );
  const paths = [
    WEBHOOKS,
    `${WEBHOOKS}/${id}`,
    `${WEBHOOKS}/${id}/versions/1`,
    `${WEBHOOKS}/${id}/versions/1/diff/2`,
  ];
  const shown = [
    ...paths,
    `${WEBHOOKS}/${id}/deliveries`,
    `${WEBHOOKS}/deliveries/${delivery.id}`,
    '/metrics',
  ];
  shown.push(`/api/v1/events?tenant_id=${tenant}`);
  const texts = await Promise.all(shown.map(async (path) => (await api.get(path)).text));
  texts.push(
    ...rows.map(({ text }) => text),
    ...api.log,
    ...receiver.received.map((one) => JSON.stringify(one)),
  );
  for (const one of [secret, rotated]) {
    const finds = finderOf(one.slice('whsec_'.length, -1));
    expect(texts.filter(finds)).toEqual([]);
    expect(finds(JSON.stringify(made.body) + rotated)).toBe(true);
  }
  await receiver.stop();
});

it('takes the same again under its own id, without the secret', async () => {
  const body = { id: '01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e77', url: URL, enabled: false };
  const [first, again] = [await api.post(WEBHOOKS, body), await api.post(WEBHOOKS, body)];
  expect([first.status, again.status, again.body.secret]).toEqual([201, 200, undefined]);
  expect((await api.post(WEBHOOKS, { ...body, url: `${URL}b` })).body.code).toBe('id_conflict');
});

it('tells all mistakes at once', async () => {
  const bad = {
    ...{ url: 'https://user:pw@example.com/#x', types: ['created', 7], aggregate_types: ['x'], prefix: '' },
    ...{ aggregate_ids: ['x'], enabled: 'yes', secret: 'whsec_x' },
  };
  const { status, body } = await api.post(WEBHOOKS, bad);
  expect(status).toBe(400);
  expect(new Set(body.errors.map(({ pointer }: any) => pointer))).toEqual(
    new Set(['/url', '/types/1', '/aggregate_types/0', '/aggregate_ids/0', '/prefix', '/enabled', '/secret']),
  );
  expect((await api.post(WEBHOOKS, {})).body.errors).toMatchObject([{ pointer: '/url' }]);
});

it.each([
  ...[
    'ftp://example.com',
    'example.com',
    'https://',
    'https:///x',
    'http://a b/',
    'https://example.com:99999/',
  ],
  ...[
    'https://example.com/#f',
    'https://@example.com/',
    'javascript:alert(1)',
    'http://[::1',
    'https:\\\\x',
    '',
  ],
])('has no URL like %j', async (url) => {
  const { status, body } = await api.post(WEBHOOKS, { url });
  expect([status, body.errors?.[0]?.pointer]).toEqual([400, '/url']);
});

it('has a history, is found, and goes back without being turned on', async () => {
  const tenant = aTenant();
  const { id } = await aWebhook(api, URL, { tenant_id: tenant, description: 'Order copy' });
  await api.put(`${WEBHOOKS}/${id}`, { description: 'Other', enabled: false });
  const listed = async (query: string): Promise<unknown[]> =>
    (await api.get(`${WEBHOOKS}?tenant_id=${tenant}&${query}`)).body.items.filter(
      (one: any) => one.tenant_id === tenant,
    );
  expect(await listed('enabled=true')).toHaveLength(0);
  expect(await listed('enabled=false&q=OTHER')).toHaveLength(1);
  const back = await api.post(`${WEBHOOKS}/${id}/rollback/1`);
  expect(back.body).toMatchObject({
    version: 3,
    description: 'Order copy',
    enabled: false,
    disabled_reason: 'by_hand',
  });
  const stale = await api.post(`${WEBHOOKS}/${id}/enable`, undefined, { headers: { 'If-Match': '"1"' } });
  expect([stale.status, stale.body.current_version]).toEqual([412, 3]);
  expect((await api.delete(`${WEBHOOKS}/${id}`)).status).toBe(204);
  expect((await api.get(`${WEBHOOKS}/${id}/deliveries`)).body.code).toBe('webhook_not_found');
});

it('shows another tenant neither deliveries nor lets it ask for them', async () => {
  const receiver = await Receiver.start();
  const tenant = aTenant();
  const { id } = await aWebhook(api, receiver.url, { tenant_id: tenant });
  await receiver.until(1);
  const [delivery] = await deliveries(api, id, ([one]) => one?.status === 'delivered');
  const key = await api.key('admin', aTenant());
  const path = `${WEBHOOKS}/deliveries/${delivery.id}`;
  const asked = [
    await api.get(`${WEBHOOKS}/${id}/deliveries`, { key }),
    await api.get(path, { key }),
    await api.post(`${path}/redeliver`, undefined, { key }),
    await api.post(`${WEBHOOKS}/${id}/test`, undefined, { key }),
  ];
  expect(asked.map(({ body }) => body.code)).toEqual([
    ...['webhook_not_found', 'delivery_not_found', 'delivery_not_found', 'webhook_not_found'],
  ]);
  expect(receiver.received).toHaveLength(1);
  await receiver.stop();
});

it('goes on with another replica when the one that told is gone, and sends again what was under way', async () => {
  const tenant = aTenant();
  let isUp = false;
  const receiver = await Receiver.start((reply) => (isUp ? void reply.writeHead(204).end() : undefined));
  const own = await TestApi.start({ env: { WEBHOOK_ALLOW_PRIVATE: 'true', WEBHOOK_TIMEOUT_MS: '60000' } });
  const { id } = await aWebhook(own, receiver.url, {
    tenant_id: tenant,
    aggregate_types: ['metadata.entry'],
  });
  const entry = await anEntry(own, tenant, 'moved');
  await change(own, entry.id, 3);
  await receiver.until(1);
  isUp = true;
  const next = await TestApi.start({ beside: own, env: { WEBHOOK_ALLOW_PRIVATE: 'true' } });
  const ended = new pg.Pool({ connectionString: own.database.url });
  // As if the holder had hung: nobody renews for it, and its attempt never ends.
  await ended.query(`update platform.sink set holder = null, held_until = null, term = term + 1`);
  await eventually(
    async () => receiver.events,
    (events) => events.length >= 4,
  );
  expect(receiver.events.map(({ data }) => data.version)).toEqual([1, 2, 3, 4]);
  expect(receiver.received[1]?.headers['webhook-id']).toBe(receiver.received[0]?.headers['webhook-id']);
  await deliveries(next, id, (all) => all.every(({ status }) => status === 'delivered'));
  await ended.end();
  await receiver.stop();
  await next.stop();
  await own.stop();
});

it('finds what is due by index, however much waits', async () => {
  const { id } = await aWebhook(api, URL, { tenant_id: aTenant(), enabled: false });
  await owner.query(
    `insert into webhooks.delivery (id, tenant, webhook_id, stream, revision, sub, event_type, aggregate_id, subject, body, due_at)
     select gen_random_uuid(), 'x', case when i % 2 = 0 then $1::uuid else gen_random_uuid() end, 'x', i, 0, 'a.b.c', gen_random_uuid(), 's', '{}',
       case when i % 10 = 0 then now() end from generate_series(1, 20000) i`,
    [id],
  );
  await owner.query('analyze webhooks.delivery');
  for (const sent of [
    { text: DUE, values: [id, 8, []] },
    { text: WITH_DUE, values: [[id]] },
  ]) {
    const plan = await explained(owner, sent, '*');
    expect([indexesOf(plan), wholeTables(plan)]).toEqual([['delivery_due'], []]);
  }
});
