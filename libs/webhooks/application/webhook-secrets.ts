import type { WebhookState } from '../domain/webhook.js';

export const OVERLAP_SECONDS_DEFAULT = 86_400;
export const OVERLAP_SECONDS_MAX = 604_800;

/**
 * What deliveries are signed by: `whsec_` and 32 random bytes in base64. Kept sealed, and told once each. An abstract class,
 * so that it is also its injection token.
 */
export abstract class WebhookSecrets {
  /** The first secret of a webhook, in the open unit of work. */
  abstract begin(webhook: WebhookState): Promise<string>;

  /**
   * A new one, in the open unit of work; deliveries are signed by the earlier ones, too, for so many seconds. Of very many
   * in a short time the latest five are kept.
   */
  abstract rotate(webhook: WebhookState, overlapSeconds: number): Promise<string>;
}
