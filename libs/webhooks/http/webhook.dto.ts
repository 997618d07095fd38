import {
  Choice,
  Instant,
  ListOf,
  ListQuery,
  listResponse,
  REASON,
  ResourceResponse,
  TENANT,
  Text,
  TextList,
  Uuid,
  Whole,
  YesNo,
} from '#platform/http';
import { OVERLAP_SECONDS_DEFAULT, OVERLAP_SECONDS_MAX } from '../application/webhook-secrets.js';
import {
  DESCRIPTION_LENGTH_MAX,
  FILTER_ITEMS_MAX,
  FILTER_LENGTH_MAX,
  PREFIX_LENGTH_MAX,
  URL_LENGTH_MAX,
} from '../domain/webhook-content.js';
import { DISABLED_REASONS } from '../domain/webhook.js';

const URL_FIELD = {
  min: 1,
  max: URL_LENGTH_MAX,
  description:
    'Where events are sent: http or https, without credentials and without a fragment. It is shown in events and histories: no place for a secret.',
  example: 'https://orders.example.com/hooks/metastore',
} as const;
const DESCRIPTION = {
  nullable: true,
  max: DESCRIPTION_LENGTH_MAX,
  example: 'Keeps the orders’ copy fresh',
} as const;
const FILTER = { maxItems: FILTER_ITEMS_MAX, max: FILTER_LENGTH_MAX } as const;
const TYPES = {
  ...FILTER,
  description: 'Event types; any of them. Empty: all.',
  example: ['io.metastore.metadata.entry.created.v1'],
} as const;
const AGGREGATE_TYPES = {
  ...FILTER,
  description: '`<context>.<aggregate>`; any of them. Empty: all.',
  example: ['metadata.entry'],
} as const;
const AGGREGATE_IDS = {
  ...FILTER,
  description: 'Ids of aggregates; any of them. Empty: all.',
  example: ['01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10'],
} as const;
const PREFIX = {
  nullable: true,
  max: PREFIX_LENGTH_MAX,
  description: 'Beginning of the subject. Null: any.',
  example: 'production/app',
} as const;
const INCLUDE_SHARED = {
  description: 'Also what belongs to all tenants. A webhook of all tenants is told of that alone.',
} as const;
const ENABLED = { description: 'Whether anything is sent.' } as const;
const SECRET = {
  description: 'What deliveries are signed by (Standard Webhooks). It is told now and never again.',
  example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=',
} as const;

/** What may be said of a webhook besides its URL. */
abstract class WebhookProperties {
  @Text({ optional: true, ...DESCRIPTION })
  readonly description?: string | null;

  @TextList({ optional: true, nullable: true, ...TYPES })
  readonly types?: readonly string[] | null;

  @TextList({ optional: true, nullable: true, ...AGGREGATE_TYPES })
  readonly aggregate_types?: readonly string[] | null;

  @TextList({ optional: true, nullable: true, ...AGGREGATE_IDS })
  readonly aggregate_ids?: readonly string[] | null;

  @Text({ optional: true, min: 1, ...PREFIX })
  readonly prefix?: string | null;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class CreateWebhookBody extends WebhookProperties {
  @Uuid({
    optional: true,
    description: 'Of the caller’s choice; the same id with the same content may be sent again.',
  })
  readonly id?: string;

  @Text(TENANT)
  readonly tenant_id?: string | null;

  @Text(URL_FIELD)
  readonly url!: string;

  @YesNo({ optional: true, default: false, ...INCLUDE_SHARED })
  readonly include_shared?: boolean;

  @YesNo({ optional: true, default: true, ...ENABLED })
  readonly enabled?: boolean;
}

export class ReviseWebhookBody extends WebhookProperties {
  @Text({ optional: true, ...URL_FIELD })
  readonly url?: string;

  @YesNo({ optional: true, ...INCLUDE_SHARED })
  readonly include_shared?: boolean;

  @YesNo({ optional: true, ...ENABLED })
  readonly enabled?: boolean;
}

export class RotateWebhookSecretBody {
  @Whole({
    optional: true,
    min: 0,
    max: OVERLAP_SECONDS_MAX,
    default: OVERLAP_SECONDS_DEFAULT,
    description: 'For so long deliveries are signed by the secret of before, too.',
  })
  readonly overlap_seconds?: number;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class WebhookListQuery extends ListQuery {
  @YesNo({ optional: true, ...ENABLED })
  readonly enabled?: boolean;

  @Text({
    optional: true,
    min: 1,
    max: 255,
    description: 'Anywhere in URL or description, whatever the case.',
  })
  readonly q?: string;
}

export class WebhookResponse extends ResourceResponse {
  @Text(URL_FIELD)
  readonly url!: string;

  @Text(DESCRIPTION)
  readonly description!: string | null;

  @TextList(TYPES)
  readonly types!: readonly string[];

  @TextList(AGGREGATE_TYPES)
  readonly aggregate_types!: readonly string[];

  @TextList(AGGREGATE_IDS)
  readonly aggregate_ids!: readonly string[];

  @Text(PREFIX)
  readonly prefix!: string | null;

  @YesNo(INCLUDE_SHARED)
  readonly include_shared!: boolean;

  @YesNo(ENABLED)
  readonly enabled!: boolean;

  @Choice(DISABLED_REASONS, {
    nullable: true,
    description:
      'by_hand: somebody said so. gone: the receiver answered 410. failing: it took nothing for three days.',
  })
  readonly disabled_reason!: string | null;

  @Instant({ nullable: true })
  readonly disabled_at!: string | null;
}

export class CreatedWebhookResponse extends WebhookResponse {
  @Text({ optional: true, ...SECRET })
  readonly secret?: string;
}

/** Events that are not in the change log any more, and are not told. */
export class WebhookGapResponse {
  @Text({ nullable: true, description: 'Whose stream; null: what belongs to all.', example: 'acme' })
  readonly tenant_id!: string | null;

  @Whole({ min: 0, description: 'The last revision that it was told.' })
  readonly after!: number;

  @Whole({ min: 1, description: 'The last revision up to which the stream is not whole any more.' })
  readonly until!: number;
}

export class EnabledWebhookResponse extends WebhookResponse {
  @ListOf(() => WebhookGapResponse, {
    description: 'What was removed from the change log while it was disabled. Empty: it is told everything.',
  })
  readonly gaps!: readonly WebhookGapResponse[];
}

/** How a test went. */
export class WebhookTestResponse {
  @YesNo({ description: 'The receiver answered with 2xx.' })
  readonly delivered!: boolean;

  @Whole({ nullable: true, description: 'Of the answer; null where there was none.', example: 204 })
  readonly status!: number | null;

  @Text({
    nullable: true,
    description:
      'Why it was not delivered: address_not_allowed, host_not_found, unreachable, certificate_invalid, timed_out, redirected, gone or status_<number>.',
    example: 'status_500',
  })
  readonly reason!: string | null;

  @Whole({ min: 0 })
  readonly duration_ms!: number;

  @Uuid({ description: 'The webhook-id that was sent.' })
  readonly message_id!: string;
}

export class WebhookListResponse extends listResponse(() => WebhookResponse) {}
