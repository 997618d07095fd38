import type { DeliveryId } from '../domain/identity.js';
import type { DeliveryDetails } from './delivery.queries.js';

/** Delivers once more. An abstract class, so that it is also its injection token. */
export abstract class Redelivery {
  /**
   * Sends what was delivered or given up again, soon, under the same id and beside the order.
   * @throws DeliveryNotFound, DeliveryPending, WebhookDisabled, DeliveryEventRemoved, TenantForbidden
   */
  abstract redeliver(id: DeliveryId): Promise<DeliveryDetails>;
}
