import { AnyOf, Choice, Instant, ListOf, listResponse, PageQuery, Text, Uuid, Whole } from '#platform/http';
import { DELIVERY_STATUSES } from '../application/delivery.queries.js';

export class WebhookDeliveryQuery extends PageQuery {
  @AnyOf({ choices: DELIVERY_STATUSES, description: 'Any of these.' })
  readonly status?: readonly string[];

  @AnyOf({ description: 'Event types, for example io.metastore.metadata.entry.created.v1; any of them.' })
  readonly event_type?: readonly string[];

  @AnyOf({ description: 'Ids of aggregates; any of them.' })
  readonly aggregate_id?: readonly string[];
}

/** One try to deliver. */
export class WebhookAttemptResponse {
  @Instant()
  readonly at!: string;

  @Whole({ nullable: true, description: 'Of the answer; null where there was none.', example: 500 })
  readonly status!: number | null;

  @Text({ nullable: true, description: 'Why it failed; null: it was taken.', example: 'status_500' })
  readonly reason!: string | null;

  @Whole({ min: 0 })
  readonly duration_ms!: number;
}

/** One event on its way to one webhook. */
export class WebhookDeliveryResponse {
  @Uuid({ description: 'The webhook-id of each attempt: whoever keeps it takes the same event once.' })
  readonly id!: string;

  @Uuid()
  readonly webhook_id!: string;

  @Text({ nullable: true, description: 'Whose webhook; null belongs to all tenants.', example: 'acme' })
  readonly tenant_id!: string | null;

  @Text({ description: 'The id of the event.', example: 'acme-42-0' })
  readonly event_id!: string;

  @Text({ example: 'io.metastore.metadata.entry.created.v1' })
  readonly event_type!: string;

  @Text({ example: 'production/app.database.pool_size' })
  readonly subject!: string;

  @Uuid()
  readonly aggregate_id!: string;

  @Choice(DELIVERY_STATUSES, { description: 'failed when it is tried no more.' })
  readonly status!: string;

  @Whole({ min: 0 })
  readonly attempts!: number;

  @Instant({ nullable: true })
  readonly last_attempt_at!: string | null;

  @Whole({ nullable: true, description: 'Of the last answer; null where there was none.' })
  readonly last_status!: number | null;

  @Text({ nullable: true, description: 'Why the last attempt failed.', example: 'timed_out' })
  readonly last_reason!: string | null;

  @Whole({ nullable: true, min: 0 })
  readonly last_duration_ms!: number | null;

  @Instant({
    nullable: true,
    description: 'Null where it is over, and where an earlier event of the same aggregate comes first.',
  })
  readonly next_attempt_at!: string | null;

  @Instant()
  readonly created_at!: string;
}

export class WebhookDeliveryDetailsResponse extends WebhookDeliveryResponse {
  @ListOf(() => WebhookAttemptResponse, { description: 'The last twenty, the oldest first.' })
  readonly attempt_log!: readonly WebhookAttemptResponse[];
}

export class WebhookDeliveryListResponse extends listResponse(() => WebhookDeliveryResponse) {}
