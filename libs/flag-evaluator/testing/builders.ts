import { compileFlagSet } from '../compile-flag-set.js';
import type { Condition, FlagDefinition, FlagInput, SegmentInput, TargetingRule } from '../definition.js';
import type { Circumstances, EvaluationContext, FlagSet } from '../evaluation.js';

/** No tenant, no environment, some day in 2026. */
export const SOME_TIME: Circumstances = { tenant: null, environment: null, now: Date.UTC(2026, 0, 1) };

/** An enabled boolean flag that serves true to everyone: a test names only what it is about. */
export const aDefinition = (parts: Partial<FlagDefinition> = {}): FlagDefinition => ({
  type: 'boolean',
  enabled: true,
  defaultValue: false,
  rolloutValue: true,
  rolloutPercentage: 100,
  bucketBy: null,
  variants: [],
  salt: 'checkout',
  targetingRules: [],
  tenantOverrides: {},
  environmentOverrides: {},
  prerequisites: [],
  expiresAt: null,
  schedule: [],
  ramp: null,
  ...parts,
});

export const aFlag = (name: string, parts: Partial<FlagDefinition> = {}): FlagInput => ({
  name,
  version: 1,
  isArchived: false,
  isClientVisible: false,
  definition: aDefinition(parts),
});

export const aRule = (parts: Partial<TargetingRule> = {}): TargetingRule => ({
  id: 'rule',
  priority: 0,
  description: null,
  conditions: [],
  result: true,
  variant: null,
  rolloutPercentage: null,
  ...parts,
});

export const aSegment = (name: string, parts: Partial<SegmentInput['definition']> = {}): SegmentInput => ({
  name,
  definition: { include: [], exclude: [], conditions: [], ...parts },
});

export const setOf = (flags: readonly FlagInput[], segments: readonly SegmentInput[] = []): FlagSet =>
  compileFlagSet({ flags, segments });

/** A set with one flag that serves true to those of whom the condition holds, and false to all others. */
export const setOn = (condition: Condition, segments: readonly SegmentInput[] = []): FlagSet =>
  setOf(
    [aFlag('asked', { rolloutPercentage: 0, targetingRules: [aRule({ conditions: [condition] })] })],
    segments,
  );

/** Whether a condition holds of a context. */
export const holds = (condition: Condition, context: EvaluationContext): unknown =>
  setOn(condition).evaluate('asked', context, SOME_TIME)?.value;
