import type { Page, PageRequest } from '#shared-kernel';
import type { DeliveryId, WebhookId } from '../domain/identity.js';

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One try to deliver. */
export interface Attempt {
  readonly at: Date;
  /** Of HTTP; null where there was no answer. */
  readonly status: number | null;
  /** Null: it was taken. */
  readonly reason: string | null;
  readonly durationMs: number;
}

/** One event on its way to one webhook. */
export interface DeliveryView {
  readonly id: DeliveryId;
  readonly tenant: string | null;
  readonly webhookId: WebhookId;
  /** `<stream>-<revision>-<sub>`, as the event itself says it. */
  readonly eventId: string;
  /** `<context>.<aggregate>.<past_tense>` */
  readonly type: string;
  readonly subject: string;
  readonly aggregateId: string;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly lastAttempt: Attempt | null;
  /** Null where it is not tried again, or waits for an earlier one of the same aggregate. */
  readonly nextAttemptAt: Date | null;
  readonly createdAt: Date;
}

/** The same with its attempts, the oldest first; of many the last twenty. */
export interface DeliveryDetails extends DeliveryView {
  readonly log: readonly Attempt[];
}

/** Which deliveries of one webhook a list shows. */
export interface DeliveryFilter {
  readonly webhookId: WebhookId;
  /** Any of these. */
  readonly statuses?: readonly string[] | undefined;
  /** Any of these, as in `DeliveryView`. */
  readonly types?: readonly string[] | undefined;
  readonly aggregateIds?: readonly string[] | undefined;
}

/** Reads deliveries. An abstract class, so that it is also its injection token. */
export abstract class DeliveryQueries {
  /** Newest first unless sorted otherwise. @throws WebhookNotFound, InvalidInput, InvalidCursor */
  abstract page(filter: DeliveryFilter, request: PageRequest): Promise<Page<DeliveryView>>;

  /** @throws DeliveryNotFound */
  abstract get(id: DeliveryId): Promise<DeliveryDetails>;
}
