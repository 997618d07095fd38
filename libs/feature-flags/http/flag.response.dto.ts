import {
  AlwaysDescribed,
  aPercentage,
  aValueOrNull,
  Choice,
  Instant,
  ListOf,
  listResponse,
  Nested,
  ResourceResponse,
  Text,
  TextList,
  YesNo,
} from '#platform/http';
import { FLAG_TYPES } from '../domain/definition.js';
import { FLAG_KINDS, TAGS_MAX } from '../domain/profile.js';
import { FlagPrerequisite, FlagRamp, FlagScheduledStep, FlagVariant } from './flag-parts.dto.js';
import { RuleResponse } from './rule.dto.js';

export class FlagResponse extends ResourceResponse {
  @Text({ example: 'new-checkout-flow' })
  readonly name!: string;

  @Text({ nullable: true })
  readonly description!: string | null;

  @TextList({ maxItems: TAGS_MAX })
  readonly tags!: readonly string[];

  @Text({ nullable: true })
  readonly owner!: string | null;

  @Choice(FLAG_KINDS)
  readonly kind!: string;

  @YesNo()
  readonly client_visible!: boolean;

  @Instant({ nullable: true })
  readonly archived_at!: string | null;

  @Choice(FLAG_TYPES)
  readonly type!: string;

  @YesNo()
  readonly enabled!: boolean;

  @AlwaysDescribed(aValueOrNull('Null: the default in the caller’s code applies.', false))
  readonly default_value!: unknown;

  @AlwaysDescribed(aValueOrNull('For those inside of the rollout.', true))
  readonly rollout_value!: unknown;

  @AlwaysDescribed(aPercentage('In percent.'))
  readonly rollout_percentage!: number;

  @Text({ nullable: true })
  readonly bucket_by!: string | null;

  @ListOf(() => FlagVariant)
  readonly variants!: readonly FlagVariant[];

  @Text({ description: 'What callers are drawn with: the name at creation.' })
  readonly salt!: string;

  @ListOf(() => RuleResponse)
  readonly targeting_rules!: readonly RuleResponse[];

  @AlwaysDescribed({
    type: 'object',
    additionalProperties: true,
    description: 'Of a shared flag, a tenant’s credential sees its own alone.',
    example: { acme: true },
  })
  readonly tenant_overrides!: object;

  @AlwaysDescribed({
    type: 'object',
    additionalProperties: true,
    example: { production: { enabled: false } },
  })
  readonly environment_overrides!: object;

  @ListOf(() => FlagPrerequisite)
  readonly prerequisites!: readonly FlagPrerequisite[];

  @Instant({ nullable: true })
  readonly expires_at!: string | null;

  @ListOf(() => FlagScheduledStep)
  readonly schedule!: readonly FlagScheduledStep[];

  @Nested(() => FlagRamp, { nullable: true })
  readonly ramp!: FlagRamp | null;
}

export class FlagListResponse extends listResponse(() => FlagResponse) {}
