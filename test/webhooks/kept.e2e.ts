import { eventually, TestApi } from '../api.js';
import { DeliveryCleaner } from '../../libs/webhooks/infrastructure/delivery-cleaner.js';
import { CallContext } from '#platform/context';
import { administer } from '../test-database.js';
import { aTenant, anEntry, aWebhook, change, deliveries, WEBHOOKS } from './made.js';
import { Receiver, TELLING_ENV } from './receiver.js';

let api: TestApi;
let receiver: Receiver;

beforeAll(async () => {
  api = await TestApi.start({ env: TELLING_ENV });
  receiver = await Receiver.start();
});
afterAll(async () => {
  await api.stop();
  await receiver.stop();
});

const FILTER = { aggregate_types: ['metadata.entry'] };
const clean = (): Promise<void> =>
  api.part(CallContext).runAsSystem('test', () => api.part(DeliveryCleaner).clean());
const idsOf = async (webhookId: string): Promise<string[]> =>
  (
    await administer<{ subject: string }>(
      api.database.url,
      `select subject from webhooks.delivery where webhook_id = '${webhookId}' order by seq`,
    )
  ).map(({ subject }) => subject.split('/').at(-1) ?? '');

it('of deliveries those of the last days, and what waits however long, and nothing of what is deleted', async () => {
  const tenant = aTenant();
  const { id } = await aWebhook(api, receiver.url, { tenant_id: tenant, ...FILTER });
  const gone = await aWebhook(api, receiver.url, { tenant_id: tenant, ...FILTER });
  const keys = ['delivered-6', 'delivered-8', 'failed-29', 'failed-31', 'pending-99'];
  for (const key of keys) await anEntry(api, tenant, key);
  for (const each of [id, gone.id])
    await deliveries(api, each, (items) => items.filter(({ status }) => status === 'delivered').length === 5);
  for (const [status, days] of keys.map((key) => key.split('-')))
    await administer(
      api.database.url,
      `update webhooks.delivery set status = '${status}', created_at = now() - interval '${days} days',
         over_at = case when '${status}' <> 'pending' then now() - interval '${days} days' end
       where webhook_id = '${id}' and subject like '%/${status}-${days}'`,
    );
  await clean();
  expect(await idsOf(id)).toEqual(['delivered-6', 'failed-29', 'pending-99']);
  expect(await idsOf(gone.id)).toHaveLength(5);
  await api.delete(`${WEBHOOKS}/${gone.id}`);
  await clean();
  expect([await idsOf(gone.id), (await idsOf(id)).length]).toEqual([[], 3]);
});

it('tells what was removed while it was disabled, and goes on after it', async () => {
  const tenant = aTenant();
  const { id } = await aWebhook(api, receiver.url, { tenant_id: tenant, ...FILTER });
  const entry = await anEntry(api, tenant, 'kept');
  await deliveries(api, id, (items) => items.length === 1 && items[0].status === 'delivered');
  await api.post(`${WEBHOOKS}/${id}/disable`);
  const [at] = await administer<{ at: string }>(
    api.database.url,
    `select positions ->> '${tenant}' as at from webhooks.progress where webhook_id = '${id}'`,
  );
  await change(api, entry.id, 3);
  const [head] = await administer<{ until: string }>(
    api.database.url,
    `update platform.stream_head set compacted_revision = revision - 1 where tenant = '${tenant}'
     returning compacted_revision as until`,
  );
  const enabled = await api.post(`${WEBHOOKS}/${id}/enable`);
  expect(enabled.body.gaps).toEqual([
    { tenant_id: tenant, after: Number(at?.at), until: Number(head?.until) },
  ]);
  await eventually(
    async () => receiver.events.filter(({ data }) => data.id === entry.id).map(({ data }) => data.version),
    (versions) => versions.join() === '1,4',
  );
  expect((await api.post(`${WEBHOOKS}/${id}/enable`)).body.gaps).toEqual([]);
});

it('steps over what was removed before it was told, and says so', async () => {
  const tenant = aTenant();
  const { id } = await aWebhook(api, receiver.url, { tenant_id: tenant, enabled: false, ...FILTER });
  const entry = await anEntry(api, tenant, 'stepped');
  await change(api, entry.id, 2);
  await api.post(`${WEBHOOKS}/${id}/enable`);
  // As after a restore of only a part: the checkpoint is older than what the log has.
  await administer(
    api.database.url,
    `update platform.stream_head set compacted_revision = revision where tenant = '${tenant}';
     update platform.sink_checkpoint set revision = 1 where sink = 'webhook:${id}';
     update platform.sink set holder = null, held_until = null, term = term + 1 where name = 'webhook:${id}'`,
  );
  const sink = await eventually(
    () => api.get(`/api/v1/admin/sinks/webhook:${id}`),
    ({ body }) => body.last_error !== null,
  );
  expect(sink.body.last_error.reason).toMatch(
    /^Revisions 2 to \d+ of .* were removed before they were told\.$/,
  );
  await change(api, entry.id, 1);
  await eventually(
    async () => receiver.events.filter(({ data }) => data.id === entry.id).map(({ data }) => data.version),
    (versions) => versions.join() === '4',
  );
});
