import type { EnvironmentOverride, FlagDefinition, FlagValue, TargetingRule, Variant } from './definition.js';
import type { Evaluation } from './evaluation.js';
import { BUCKETS } from './murmur3.js';

/** How a flag stands in one environment: all that it can answer there, made once. */
export interface Answers {
  /** Whether the environment lets the flag be enabled. */
  readonly isAllowed: boolean;
  /** In buckets, before schedule and ramp. */
  readonly threshold: number;
  readonly disabled: Evaluation;
  readonly expired: Evaluation;
  readonly prerequisiteFailed: readonly Evaluation[];
  /** The value for everyone in this environment. */
  readonly override: Evaluation | null;
  /** To everyone, since there are neither rules nor a rollout. */
  readonly everyone: Evaluation;
  readonly inside: Evaluation;
  readonly outside: Evaluation;
  readonly keyMissing: Evaluation;
  readonly fault: Evaluation;
}

type Parts = Pick<Evaluation, 'value'> & Partial<Evaluation>;

/** Written out, since a literal of one shape takes half of the memory of a spread one. */
const evaluation = (parts: Parts): Evaluation =>
  Object.freeze({
    value: parts.value,
    reason: parts.reason ?? 'DEFAULT',
    variant: parts.variant ?? null,
    ruleId: parts.ruleId ?? null,
    errorCode: parts.errorCode ?? null,
    enabled: parts.enabled ?? true,
    expired: parts.expired ?? false,
    prerequisiteFailed: parts.prerequisiteFailed ?? null,
  });

/** How many of all buckets a percentage is. Rounded, since a double holds 33.333 × 1000 only nearly. */
export const bucketsOf = (percentage: number): number => Math.round(percentage * (BUCKETS / 100));

/** The value that overrides everything, for a tenant or in an environment. */
export const overrideAnswer = (value: FlagValue): Evaluation =>
  evaluation({ value, reason: 'TARGETING_MATCH' });

export const variantAnswer = ({ name, value }: Variant): Evaluation =>
  evaluation({ value, variant: name, reason: 'SPLIT' });

/** What a rule serves; null when it names a variant that is not there. */
export function ruleAnswer(rule: TargetingRule, variants: readonly Variant[]): Evaluation | null {
  const reason = rule.rolloutPercentage === null ? 'TARGETING_MATCH' : 'SPLIT';
  if (rule.variant === null) return evaluation({ value: rule.result, reason, ruleId: rule.id });
  const variant = variants.find(({ name }) => name === rule.variant);
  if (variant === undefined) return null;
  return evaluation({ value: variant.value, variant: variant.name, reason, ruleId: rule.id });
}

export function answersOf(flag: FlagDefinition, override: EnvironmentOverride): Answers {
  const value = override.defaultValue ?? flag.defaultValue;
  const rolledOut = flag.rolloutValue ?? (flag.type === 'boolean' ? true : value);
  return {
    isAllowed: override.enabled !== false,
    threshold: bucketsOf(override.rolloutPercentage ?? flag.rolloutPercentage),
    disabled: evaluation({ value, reason: 'DISABLED', enabled: false }),
    expired: evaluation({ value, reason: 'DISABLED', enabled: false, expired: true }),
    prerequisiteFailed: flag.prerequisites.map((prerequisite) =>
      evaluation({ value, prerequisiteFailed: prerequisite.flag }),
    ),
    override: override.value === undefined ? null : overrideAnswer(override.value),
    everyone: evaluation({ value: rolledOut, reason: 'STATIC' }),
    inside: evaluation({ value: rolledOut, reason: 'SPLIT' }),
    outside: evaluation({ value }),
    keyMissing: evaluation({ value, reason: 'ERROR', errorCode: 'TARGETING_KEY_MISSING' }),
    fault: evaluation({ value, reason: 'ERROR', errorCode: 'GENERAL' }),
  };
}
