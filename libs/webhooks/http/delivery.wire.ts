import type { Attempt, DeliveryDetails, DeliveryView } from '../application/delivery.queries.js';
import type {
  WebhookAttemptResponse,
  WebhookDeliveryDetailsResponse,
  WebhookDeliveryResponse,
} from './delivery.dto.js';

/** As it is shown. */
export const toDeliveryResponse = (delivery: DeliveryView): WebhookDeliveryResponse => ({
  id: delivery.id,
  webhook_id: delivery.webhookId,
  tenant_id: delivery.tenant,
  event_id: delivery.eventId,
  event_type: `io.metastore.${delivery.type}.v1`,
  subject: delivery.subject,
  aggregate_id: delivery.aggregateId,
  status: delivery.status,
  attempts: delivery.attempts,
  last_attempt_at: delivery.lastAttempt?.at.toISOString() ?? null,
  last_status: delivery.lastAttempt?.status ?? null,
  last_reason: delivery.lastAttempt?.reason ?? null,
  last_duration_ms: delivery.lastAttempt?.durationMs ?? null,
  next_attempt_at: delivery.nextAttemptAt?.toISOString() ?? null,
  created_at: delivery.createdAt.toISOString(),
});

/** The same with its attempts. */
export const toDeliveryDetails = (delivery: DeliveryDetails): WebhookDeliveryDetailsResponse => ({
  ...toDeliveryResponse(delivery),
  attempt_log: delivery.log.map(toAttempt),
});

const toAttempt = ({ at, status, reason, durationMs }: Attempt): WebhookAttemptResponse => ({
  at: at.toISOString(),
  status,
  reason,
  duration_ms: durationMs,
});

/** The event type as the log calls it; what is none of ours is of no delivery. */
export const toShortType = (type: string): string => /^io\.metastore\.(.*)\.v1$/s.exec(type)?.[1] ?? type;
