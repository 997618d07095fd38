import type { WebhookId } from './identity.js';
import type { Webhook } from './webhook.js';
import type { WebhookContent } from './webhook-content.js';

/** The webhooks of the caller. An abstract class, so that it is also its injection token. */
export abstract class WebhookRepository {
  /**
   * The webhook, kept for this unit of work: nobody else changes it meanwhile.
   * @throws WebhookNotFound, TenantForbidden for one that belongs to all
   */
  abstract get(id: WebhookId): Promise<Webhook>;

  /** The tenant's own webhook by its id, kept likewise; null when there is none. */
  abstract findOwn(tenant: string | null, id: WebhookId): Promise<Webhook | null>;

  /**
   * What it was like in a version.
   * @throws VersionNotFound, also for the version that removed it
   */
  abstract contentAt(id: WebhookId, version: number): Promise<WebhookContent>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: WebhookId): Promise<boolean>;

  /**
   * Stores the webhook and its row in the change log: both, or neither. Nothing happened, nothing is stored.
   * @throws IdConflict, StaleVersion
   */
  abstract save(webhook: Webhook): Promise<void>;
}
