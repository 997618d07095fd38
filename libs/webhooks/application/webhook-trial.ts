import type { WebhookId } from '../domain/identity.js';

/** How a test went. */
export interface TrialOutcome {
  readonly isDelivered: boolean;
  /** Of HTTP; null where there was no answer. */
  readonly status: number | null;
  /** Null: it was taken. */
  readonly reason: string | null;
  readonly durationMs: number;
  /** The `webhook-id` that the receiver got. */
  readonly messageId: string;
}

/** Tries a webhook out. An abstract class, so that it is also its injection token. */
export abstract class WebhookTrial {
  /**
   * Sends an event of its own kind, which is in no log, now and once, also where the webhook is disabled.
   * @throws WebhookNotFound, TenantForbidden, WebhookTestsBusy
   */
  abstract run(id: WebhookId): Promise<TrialOutcome>;
}
