import {
  AlwaysDescribed,
  aPercentage,
  aValue,
  aValueOrNull,
  batchBody,
  Choice,
  Described,
  REASON,
  ReasonBody,
  Text,
  TextList,
  Uuid,
  Whole,
  YesNo,
} from '#platform/http';
import { FLAG_TYPES } from '../domain/definition.js';
import { DESCRIPTION_LENGTH_MAX, FLAG_KINDS, OWNER_LENGTH_MAX, TAGS_MAX } from '../domain/profile.js';
import { FlagPrerequisite, FlagRamp, FlagScheduledStep, FlagVariant, INSTANT } from './flag-parts.dto.js';
import { RuleBody } from './rule.dto.js';

const NAME = /^[a-z][a-z0-9_-]*$/;
const NAME_MAX = 255;
const OVERRIDES = 'Values of the type of the flag by tenant; they count for more than rules.';
const ENVIRONMENTS =
  'By environment: a value for all there, or what replaces the flag’s own. A bare value is short for `{value}`.';

/** What may be said of a flag besides its name and its values. */
abstract class FlagProperties {
  @Text({ optional: true, nullable: true, max: DESCRIPTION_LENGTH_MAX })
  readonly description?: string | null;

  @TextList({
    optional: true,
    maxItems: 200,
    max: 400,
    description: `Trimmed, in lower case, each once; at most ${TAGS_MAX} of 1 to 100 characters.`,
    example: ['checkout'],
  })
  readonly tags?: string[];

  @Text({ optional: true, nullable: true, max: OWNER_LENGTH_MAX, description: 'Who answers for it.' })
  readonly owner?: string | null;

  @Choice(FLAG_KINDS, { optional: true, default: 'release' })
  readonly kind?: (typeof FLAG_KINDS)[number];

  @YesNo({ optional: true, description: 'Whether a browser’s key may learn of it.' })
  readonly client_visible?: boolean;

  @Described({
    type: 'string',
    enum: [...FLAG_TYPES],
    description: 'Absent: that of default_value. Fixed for life.',
  })
  readonly type?: string;

  @Described({
    type: 'boolean',
    description: 'The kill switch: false beats everything. Absent: false, until somebody turns it on.',
  })
  readonly enabled?: boolean;

  @Described(
    aValueOrNull('For those inside of the rollout; null: true for a boolean flag, else default_value.', true),
  )
  readonly rollout_value?: unknown;

  @Described(
    aPercentage(
      'With up to three decimals. Absent on create: 100, but 0 for a flag that has targeting_rules and neither rollout_value nor variants.',
    ),
  )
  readonly rollout_percentage?: number;

  @Described({
    type: 'string',
    maxLength: 1_000,
    nullable: true,
    description: 'A path into the context; null: targetingKey, user_id, user.id, the first that is there.',
  })
  readonly bucket_by?: string | null;

  @Described({ type: () => [FlagVariant], maxItems: 100 })
  readonly variants?: FlagVariant[];

  @Described({ type: () => [RuleBody], maxItems: 100, description: 'Shown in the order of their priority.' })
  readonly targeting_rules?: RuleBody[];

  @Described({ type: 'object', additionalProperties: true, description: OVERRIDES, example: { acme: true } })
  readonly tenant_overrides?: object;

  @Described({
    type: 'object',
    additionalProperties: true,
    description: ENVIRONMENTS,
    example: { production: { enabled: false } },
  })
  readonly environment_overrides?: object;

  @Described({ type: () => [FlagPrerequisite], description: 'Cycles are refused.' })
  readonly prerequisites?: FlagPrerequisite[];

  @Described({ ...INSTANT, nullable: true, description: 'From then on it evaluates as disabled.' })
  readonly expires_at?: string | null;

  @Described({ type: () => [FlagScheduledStep] })
  readonly schedule?: FlagScheduledStep[];

  @Described({ type: () => FlagRamp, nullable: true })
  readonly ramp?: FlagRamp | null;

  @Text(REASON)
  readonly change_reason?: string | null;
}

const TENANT_ID = {
  optional: true,
  nullable: true,
  max: 63,
  description: 'Null for all tenants. Absent: the tenant of the credential.',
  example: 'acme',
} as const;
const DEFAULT_VALUE =
  'Served when nothing else applies. Null, with a type: the default in the caller’s code applies.';

export class CreateFlagBody extends FlagProperties {
  @Uuid({
    optional: true,
    description: 'Of the caller’s choice; the same id with the same content may be sent again.',
  })
  readonly id?: string;

  @Text(TENANT_ID)
  readonly tenant_id?: string | null;

  @Text({ min: 1, max: NAME_MAX, pattern: NAME, example: 'new-checkout-flow' })
  readonly name!: string;

  @AlwaysDescribed(aValueOrNull(DEFAULT_VALUE, false))
  readonly default_value!: unknown;
}

export class ReviseFlagBody extends FlagProperties {
  @Text({
    optional: true,
    min: 1,
    max: NAME_MAX,
    pattern: NAME,
    description: 'Renames the flag; nobody is moved by that.',
  })
  readonly name?: string;

  @Described(aValueOrNull(DEFAULT_VALUE, false))
  readonly default_value?: unknown;
}

/** One operation of a batch: the members that the operation takes, and `op`. */
export class FlagOperation extends FlagProperties {
  @Choice(['create', 'update', 'delete'])
  readonly op!: string;

  @Uuid({
    optional: true,
    description: 'Which flag to update or delete; for create, the id of the caller’s choice.',
  })
  readonly id?: string;

  @Whole({ optional: true, min: 1, description: 'The version that the operation was decided on.' })
  readonly if_version?: number;

  @Text(TENANT_ID)
  readonly tenant_id?: string | null;

  @Text({ optional: true, min: 1, max: NAME_MAX, pattern: NAME })
  readonly name?: string;

  @Described(aValueOrNull(DEFAULT_VALUE, false))
  readonly default_value?: unknown;
}

export class FlagBatchBody extends batchBody(() => FlagOperation) {}

export class RolloutBody extends ReasonBody {
  @Described(
    aPercentage('The share of callers inside of the rollout, in percent, with up to three decimals.'),
  )
  readonly percentage?: number;
}

export class RolloutQuery {
  @Described(aPercentage('The same, for who sends no body.'))
  readonly percentage?: string;
}

export class TenantOverrideBody extends ReasonBody {
  @AlwaysDescribed(aValue('Of the type of the flag.', true))
  readonly value!: unknown;
}

export class EnvironmentOverrideBody extends ReasonBody {
  @Described({ type: 'boolean', description: 'False disables the flag there.' })
  readonly enabled?: boolean;

  @Described(aValue('In place of the flag’s own.', false))
  readonly default_value?: unknown;

  @Described(aPercentage('In place of the flag’s own.'))
  readonly rollout_percentage?: number;

  @Described(aValue('Served to everybody there.', true))
  readonly value?: unknown;
}
