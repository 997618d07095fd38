/** What a flag may serve. Nulls may stand inside of an object or a list, never alone. */
export type FlagValue = boolean | number | string | JsonObject | readonly Json[];
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** `object` is any JSON object or list. */
export type FlagType = 'boolean' | 'string' | 'number' | 'object';

export const OPERATORS = [
  'eq',
  'neq',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'regex',
  'in',
  'not_in',
  'gt',
  'lt',
  'gte',
  'lte',
  'exists',
  'not_exists',
  'semver_gt',
  'semver_gte',
  'semver_lt',
  'semver_lte',
  'before',
  'after',
  'in_cidr',
] as const;
export type Operator = (typeof OPERATORS)[number];

type Scalar = boolean | number | string;

/** What has to hold of the context. `attribute` is a dotted path into it; a literal key with dots wins over the path. */
export type Condition =
  | {
      readonly attribute: string;
      readonly operator: Operator;
      /** Absent for `exists` and `not_exists` alone. */
      readonly value?: Scalar | readonly Scalar[];
    }
  | { readonly any: readonly Condition[] }
  | { readonly all: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly segment: string }
  | { readonly flag: string; readonly equals: FlagValue };

/** Conditions that, when all hold, decide; the short form with one condition is spelt out before it comes here. */
export interface TargetingRule {
  readonly id: string;
  /** Lower first; equals in the order of the list. */
  readonly priority: number;
  readonly description: string | null;
  readonly conditions: readonly Condition[];
  /** What it serves: exactly one of `result` and `variant` is not null. */
  readonly result: FlagValue | null;
  readonly variant: string | null;
  /** In percent, with up to three decimals; null serves all who match. */
  readonly rolloutPercentage: number | null;
}

/** Half-open, in buckets: `from` ≤ bucket < `until`, of 100,000. */
export interface BucketRange {
  readonly from: number;
  readonly until: number;
}

export interface Variant {
  readonly name: string;
  readonly value: FlagValue;
  /** A share of the sum of all weights; not negative. */
  readonly weight: number;
  /** Stored, so that a change of weights moves as few callers as possible; see `allotRanges`. */
  readonly ranges: readonly BucketRange[];
}

/** Replaces what it names, in one environment. `value` is served to everyone there. */
export interface EnvironmentOverride {
  readonly enabled?: boolean;
  readonly defaultValue?: FlagValue;
  readonly rolloutPercentage?: number;
  readonly value?: FlagValue;
}

export interface Prerequisite {
  readonly flag: string;
  readonly equals: FlagValue;
}

/** From `at` on, in milliseconds since 1970, the flag is as if `set` were its own. */
export interface ScheduledStep {
  readonly at: number;
  readonly set: { readonly enabled?: boolean; readonly rolloutPercentage?: number };
}

/** The rollout grows (or shrinks) evenly from `from` to `to` percent; milliseconds since 1970. */
export interface Ramp {
  readonly from: number;
  readonly to: number;
  readonly startsAt: number;
  readonly endsAt: number;
}

/** All that decides what a flag serves. Plain JSON: as it is stored, sent to other processes and to browsers. */
export interface FlagDefinition {
  readonly type: FlagType;
  /** The kill switch: false beats everything. */
  readonly enabled: boolean;
  /** Null: the default in the caller's code applies. */
  readonly defaultValue: FlagValue | null;
  /** For those inside of the rollout. */
  readonly rolloutValue: FlagValue | null;
  /** 0 to 100, with up to three decimals. */
  readonly rolloutPercentage: number;
  /** A path into the context; null: `targetingKey`, `user_id`, `user.id`, the first that is there. */
  readonly bucketBy: string | null;
  readonly variants: readonly Variant[];
  readonly salt: string;
  readonly targetingRules: readonly TargetingRule[];
  readonly tenantOverrides: Readonly<Record<string, FlagValue>>;
  readonly environmentOverrides: Readonly<Record<string, EnvironmentOverride>>;
  readonly prerequisites: readonly Prerequisite[];
  /** Milliseconds since 1970. */
  readonly expiresAt: number | null;
  readonly schedule: readonly ScheduledStep[];
  readonly ramp: Ramp | null;
}

/** A flag as an evaluator gets it. */
export interface FlagInput {
  readonly name: string;
  readonly version: number;
  /** Archived flags are as if they were not there. */
  readonly isArchived: boolean;
  /** Whether a browser's key may learn of it. */
  readonly isClientVisible: boolean;
  readonly definition: FlagDefinition;
}

/** A named group of callers. Exclude beats include beats conditions; no conditions match nobody. */
export interface SegmentDefinition {
  /** Bucketing keys, by which a caller is in whatever the conditions say. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** All of them have to hold. */
  readonly conditions: readonly Condition[];
}

export interface SegmentInput {
  readonly name: string;
  readonly definition: SegmentDefinition;
}
