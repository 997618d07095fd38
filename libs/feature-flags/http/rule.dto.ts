import { ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import { OPERATORS } from '#flag-evaluator';
import { AlwaysDescribed, aPercentage, aValue, Described, ListOf, REASON, Text } from '#platform/http';

const NAME = { type: 'string', minLength: 1, maxLength: 255 } as const;
const SCALARS = [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }];
const ref = (name: string): { $ref: string } => ({ $ref: getSchemaPath(name) });
const FORMS = [
  'AttributeCondition',
  'AnyCondition',
  'AllCondition',
  'NotCondition',
  'SegmentCondition',
  'FlagCondition',
].map(ref);

/** A condition in any of its forms. */
const CONDITION = { oneOf: FORMS };
export const CONDITIONS = {
  type: 'array',
  items: CONDITION,
  description: 'All of them have to hold. None: everybody.',
  example: [{ attribute: 'country', operator: 'in', value: ['US', 'CA'] }],
} as const;

const ATTRIBUTE = {
  type: 'string',
  minLength: 1,
  maxLength: 1_000,
  description: 'A dotted path into the context; a literal key with dots wins over the path.',
  example: 'country',
} as const;
const OPERATOR = { type: 'string', enum: [...OPERATORS], example: 'eq' };
const OPERAND = {
  oneOf: [...SCALARS, { type: 'array', items: { oneOf: SCALARS } }],
  description: 'What the attribute is compared with; absent for exists and not_exists alone.',
  example: 'US',
};

/** What has to hold of one attribute of the context. */
export class AttributeCondition {
  @AlwaysDescribed(ATTRIBUTE)
  readonly attribute!: string;

  @AlwaysDescribed(OPERATOR)
  readonly operator!: string;

  @Described(OPERAND)
  readonly value?: unknown;
}

/** At least one of them has to hold. */
export class AnyCondition {
  @AlwaysDescribed({ type: 'array', items: CONDITION })
  readonly any!: readonly object[];
}

/** All of them have to hold. */
export class AllCondition {
  @AlwaysDescribed({ type: 'array', items: CONDITION })
  readonly all!: readonly object[];
}

/** It must not hold. */
export class NotCondition {
  @AlwaysDescribed(CONDITION)
  readonly not!: object;
}

/** The caller is in the segment. */
export class SegmentCondition {
  @AlwaysDescribed({ ...NAME, example: 'beta-testers' })
  readonly segment!: string;
}

/** The flag serves this caller this value. */
export class FlagCondition {
  @AlwaysDescribed({ ...NAME, example: 'new-checkout-flow' })
  readonly flag!: string;

  @AlwaysDescribed(aValue('The value that it has to serve.', true))
  readonly equals!: unknown;
}

/** What a rule may say of itself, and what it serves. */
@ApiExtraModels(AttributeCondition, AnyCondition, AllCondition, NotCondition, SegmentCondition, FlagCondition)
export class RuleBody {
  @Described({ ...NAME, description: 'Made when it is absent.' })
  readonly id?: string;

  @Described({ type: 'integer', description: 'Lower first. Absent: after the rule before it.', example: 10 })
  readonly priority?: number;

  @Described({ type: 'string', maxLength: 1_000, nullable: true })
  readonly description?: string | null;

  @Described(CONDITIONS)
  readonly conditions?: readonly object[];

  @Described({
    ...ATTRIBUTE,
    description: 'Short form, together with operator and value: the one condition.',
  })
  readonly attribute?: string;

  @Described(OPERATOR)
  readonly operator?: string;

  @Described(OPERAND)
  readonly value?: unknown;

  @Described(aValue('What it serves, of the type of the flag. Either this or a variant.', true))
  readonly result?: unknown;

  @Described({ ...NAME, nullable: true, description: 'The variant whose value it serves.', example: 'blue' })
  readonly variant?: string | null;

  @Described({ ...aPercentage('The share of those who match that it serves; absent: all.'), nullable: true })
  readonly rollout_percentage?: number | null;
}

/** A rule that is added or replaced by itself. */
export class RuleChangeBody extends RuleBody {
  @Text(REASON)
  readonly change_reason?: string | null;
}

export class RuleResponse {
  @AlwaysDescribed({
    ...NAME,
    description: 'Stable for life.',
    example: '01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10',
  })
  readonly id!: string;

  @AlwaysDescribed({ type: 'integer', description: 'Lower first.', example: 10 })
  readonly priority!: number;

  @AlwaysDescribed({ type: 'string', nullable: true })
  readonly description!: string | null;

  @AlwaysDescribed(CONDITIONS)
  readonly conditions!: readonly object[];

  @Described(aValue('What it serves; absent where it serves a variant.', true))
  readonly result?: unknown;

  @Described({ ...NAME, description: 'The variant whose value it serves.', example: 'blue' })
  readonly variant?: string;

  @AlwaysDescribed({ ...aPercentage('The share of those who match that it serves.'), nullable: true })
  readonly rollout_percentage!: number | null;
}

export class RuleListResponse {
  @ListOf(() => RuleResponse)
  readonly items!: readonly RuleResponse[];
}
