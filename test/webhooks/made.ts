import { randomUUID } from 'node:crypto';
import { eventually } from '../api.js';
import type { Sent, TestApi } from '../api.js';
import { ENTRIES } from '../metadata/entries.js';
import { administer } from '../test-database.js';

export const WEBHOOKS = '/api/v1/webhooks';

/** A tenant that nobody else has. */
export const aTenant = (): string => `t-${randomUUID()}`;

/** A webhook that is told of one tenant. */
export async function aWebhook(
  api: TestApi,
  url: string,
  members: object = {},
  sent: Sent = {},
): Promise<any> {
  const reply = await api.post(WEBHOOKS, { url, ...members }, sent);
  if (reply.status !== 201) throw new Error(reply.text);
  return reply.body;
}

/** Makes an entry of metadata; `change` makes events of the same aggregate. */
export async function anEntry(api: TestApi, tenant: string | null, key: string): Promise<any> {
  const reply = await api.post(ENTRIES, { tenant_id: tenant, key, value: '0' });
  if (reply.status !== 201) throw new Error(reply.text);
  return reply.body;
}

export async function change(api: TestApi, id: string, times: number): Promise<void> {
  for (let count = 1; count <= times; count += 1) {
    const { status, text } = await api.put(`${ENTRIES}/${id}`, { value: `${count} ${randomUUID()}` });
    if (status !== 200) throw new Error(text);
  }
}

export const deliveriesOf = async (api: TestApi, id: string, query = ''): Promise<any[]> =>
  (await api.get(`${WEBHOOKS}/${id}/deliveries?${query}`)).body.items;

/** The deliveries of a webhook, once they are as wanted. */
export const deliveries = (api: TestApi, id: string, isWanted: (items: any[]) => boolean): Promise<any[]> =>
  eventually(() => deliveriesOf(api, id), isWanted);

/** As if the next attempts were due now. */
export const hasten = (api: TestApi, id: string): Promise<unknown> =>
  administer(
    api.database.url,
    `update webhooks.delivery set due_at = now() where webhook_id = '${id}' and due_at is not null`,
  );
