import type { WebhookState } from '../domain/webhook.js';

/** Events of one stream that the log does not have any more: after `after`, up to `until`. */
export interface Gap {
  /** Null: what belongs to all. */
  readonly tenant: string | null;
  readonly after: number;
  readonly until: number;
}

/** Begins and ends that webhooks are told. An abstract class, so that it is also its injection token. */
export abstract class WebhookTelling {
  /**
   * In the open unit of work: from now on it is told as it is after its change. One that is enabled again goes on from where
   * it stopped; what was removed from the log since is given.
   * @param before null: it is new
   */
  abstract follow(before: WebhookState | null, after: WebhookState): Promise<readonly Gap[]>;

  /** In the open unit of work: it is told nothing any more. */
  abstract forget(webhook: WebhookState): Promise<void>;
}
