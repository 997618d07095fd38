import { InvalidInput } from '#shared-kernel';
import type { Brand } from '#shared-kernel';

export type WebhookId = Brand<string, 'WebhookId'>;
/** Of one event to one webhook: the `webhook-id` of all of its attempts. */
export type DeliveryId = Brand<string, 'DeliveryId'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** @throws InvalidInput */
export const webhookId = (text: string): WebhookId => checkedId(text) as WebhookId;
/** @throws InvalidInput */
export const deliveryId = (text: string): DeliveryId => checkedId(text) as DeliveryId;

function checkedId(text: string): string {
  const id = text.toLowerCase();
  if (!UUID.test(id)) throw InvalidInput.at('/id', 'pattern', 'An id is a UUID.');
  return id;
}
