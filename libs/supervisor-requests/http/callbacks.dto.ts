import { Choice, Instant, ListOf, Text, Uuid, Whole } from '#platform/http';
import { CALLBACK_STATUSES } from '../application/request-callbacks.js';
import { SupervisorRequestResponse } from './supervisor-request.dto.js';

/** How far the asker was told of one change. */
export class CallbackDeliveryResponse {
  @Uuid({ description: 'The webhook-id of each attempt: whoever keeps it takes the same message once.' })
  readonly id!: string;

  @Whole({ min: 1, description: 'The version of the request that is told.' })
  readonly version!: number;

  @Choice(CALLBACK_STATUSES, { description: 'failed when it is tried no more.' })
  readonly status!: string;

  @Whole({ min: 0 })
  readonly attempts!: number;

  @Instant({ nullable: true })
  readonly last_attempt_at!: string | null;

  @Text({ nullable: true, description: 'Why the last attempt failed.', example: 'status_500' })
  readonly last_error!: string | null;

  @Instant({ nullable: true, description: 'When it is tried next, at the latest; null when it is not.' })
  readonly next_attempt_at!: string | null;
}

export class CallbackResponse {
  @Text({ nullable: true, example: 'https://orders.example.com/answers' })
  readonly callback_url!: string | null;

  @ListOf(() => CallbackDeliveryResponse)
  readonly deliveries!: readonly CallbackDeliveryResponse[];
}

export class CreatedSupervisorRequestResponse extends SupervisorRequestResponse {
  @Text({
    optional: true,
    description:
      'With a callback_url, and never again: what callbacks of this request are signed by (Standard Webhooks).',
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=',
  })
  readonly callback_secret?: string;
}
