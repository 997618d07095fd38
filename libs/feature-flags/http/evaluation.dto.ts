import type { FlagValue, Json, Reason, TraceStep } from '#flag-evaluator';
import { AnyJson, Choice, FreeObject, ListOf, Text, Whole, YesNo } from '#platform/http';

const REASONS: Reason[] = ['STATIC', 'DEFAULT', 'TARGETING_MATCH', 'SPLIT', 'DISABLED', 'ERROR'];
const STEPS: TraceStep['step'][] = [
  'flag',
  'enabled',
  'expiry',
  'prerequisite',
  'tenant_override',
  'environment_override',
  'rule',
  'condition',
  'segment',
  'rollout',
  'variant',
  'default',
];
const OUTCOMES: TraceStep['outcome'][] = ['decided', 'matched', 'not_matched', 'skipped', 'failed'];

/** One step of the published order of evaluation. */
export class TraceStepResponse {
  @Choice(STEPS)
  readonly step!: string;

  @Choice(OUTCOMES, { description: 'Whether the step decided, held, or let the evaluation go on.' })
  readonly outcome!: string;

  @Text({ description: 'In a sentence.' })
  readonly detail!: string;

  @Text({ optional: true })
  readonly rule_id?: string;

  @Text({ optional: true, description: 'A path into the context.' })
  readonly attribute?: string;

  @Text({ optional: true })
  readonly operator?: string;

  @AnyJson({ optional: true, description: 'What the condition asks for.' })
  readonly expected?: Json;

  @AnyJson({ optional: true, description: 'What the context holds; absent where it holds nothing.' })
  readonly actual?: Json;

  @Text({ optional: true, description: 'The text that was hashed.' })
  readonly hashed?: string;

  @Whole({ optional: true, description: 'Of 100,000.' })
  readonly bucket?: number;

  @Whole({ optional: true, description: 'Inside when the bucket is below.' })
  readonly threshold?: number;

  @Whole({ description: 'How deep inside of any, all, not, segments and other flags.' })
  readonly depth!: number;
}

/** What a flag gives to one caller. */
export class EvaluationResponse {
  @Text({ example: 'new-checkout-flow' })
  readonly name!: string;

  @AnyJson({ description: 'Null: the default in the caller’s code applies.' })
  readonly value!: FlagValue | null;

  @YesNo({
    description: 'Whether kill switch, schedule and expiry let the flag serve more than its default.',
  })
  readonly enabled!: boolean;

  @Choice(REASONS, { description: 'As OpenFeature names it.' })
  readonly reason!: Reason;

  @Text({ nullable: true, description: 'The variant that was drawn or named.' })
  readonly variant!: string | null;

  @Text({ nullable: true, description: 'The rule that decided.' })
  readonly rule_id!: string | null;

  @Whole({ description: 'Of the flag.' })
  readonly version!: number;

  @Choice(['TARGETING_KEY_MISSING', 'GENERAL'], { nullable: true })
  readonly error_code!: string | null;

  @FreeObject({
    optional: true,
    description:
      '`expired: true` from the expiry on; `prerequisite_failed` names the flag that is not as it has to be.',
  })
  readonly metadata?: Readonly<Record<string, string | boolean>>;

  @ListOf(() => TraceStepResponse, {
    optional: true,
    description: 'How it came about, step by step; with `explain=true`.',
  })
  readonly trace?: readonly TraceStepResponse[];
}

/** What many flags give to one caller. */
export class BulkEvaluationResponse {
  @FreeObject({ description: 'The value of each flag by its name.' })
  readonly values!: Readonly<Record<string, FlagValue | null>>;

  @FreeObject({ description: 'Each flag by its name, as when it is evaluated alone.' })
  readonly details!: Readonly<Record<string, EvaluationResponse>>;

  @FreeObject({
    description:
      'What was wrong, by name: `FLAG_NOT_FOUND`, which has no value, or the error code of the details.',
  })
  readonly errors!: Readonly<Record<string, string>>;
}
