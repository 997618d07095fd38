import { Described, REASON, Text, TextList, Whole } from '#platform/http';
import { LEASE_SECONDS_DEFAULT, LEASE_SECONDS_MAX, LEASE_SECONDS_MIN } from '../domain/claims.js';
import { PRIORITY_MAX } from '../domain/request-content.js';
import { KINDS } from '../domain/request-state.js';

const LEASE = {
  ...{ optional: true, min: LEASE_SECONDS_MIN, max: LEASE_SECONDS_MAX, default: LEASE_SECONDS_DEFAULT },
  description: 'For how long nobody else may respond, from now on.',
} as const;

export class ClaimBody {
  @Whole(LEASE)
  readonly lease_seconds: number = LEASE_SECONDS_DEFAULT;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class ClaimNextBody {
  @Whole(LEASE)
  readonly lease_seconds: number = LEASE_SECONDS_DEFAULT;

  @Text({
    ...{ optional: true, nullable: true, max: 63 },
    description:
      'Whose requests; null: those of all tenants. Absent: those of the tenant of the credential, else of all.',
    example: 'acme',
  })
  readonly tenant_id?: string | null;

  @TextList({
    ...{ optional: true, nullable: true, maxItems: KINDS.length, example: ['question', 'alert'] },
    description: `Of any of these kinds: ${KINDS.join(', ')}.`,
  })
  readonly kind?: readonly string[] | null;

  @Described({
    ...{ type: 'array', items: { type: 'integer', minimum: 1, maximum: PRIORITY_MAX } },
    ...{ maxItems: PRIORITY_MAX, nullable: true, example: [1, 2] },
    description: 'Of any of these priorities.',
  })
  readonly priority?: unknown;

  @Text(REASON)
  readonly change_reason?: string | null;
}
