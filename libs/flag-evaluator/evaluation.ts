import type { FlagDefinition, FlagInput, FlagType, FlagValue, Json, SegmentInput } from './definition.js';

/** Who is asking: any JSON object. Whatever it holds, evaluating never throws. */
export type EvaluationContext = Readonly<Record<string, unknown>>;

/** OpenFeature's names. */
export type Reason = 'STATIC' | 'DEFAULT' | 'TARGETING_MATCH' | 'SPLIT' | 'DISABLED' | 'ERROR';
export type EvaluationErrorCode = 'TARGETING_KEY_MISSING' | 'GENERAL';

/** What a caller gets. Made when the flag is compiled and shared by all callers: never change one. */
export interface Evaluation {
  /** Null: the default in the caller's code applies. */
  readonly value: FlagValue | null;
  /** `ERROR` exactly when there is an error code. */
  readonly reason: Reason;
  readonly variant: string | null;
  readonly ruleId: string | null;
  readonly errorCode: EvaluationErrorCode | null;
  /** True when the kill switch, the schedule and the expiry let it serve more than its default. */
  readonly enabled: boolean;
  readonly expired: boolean;
  /** The prerequisite that is not met. */
  readonly prerequisiteFailed: string | null;
}

/** Under which circumstances; everything but the context. */
export interface Circumstances {
  /** Whose overrides apply; null: nobody's. */
  readonly tenant: string | null;
  readonly environment: string | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** One step of the published order, in the order taken. */
export interface TraceStep {
  readonly step:
    | 'flag'
    | 'enabled'
    | 'expiry'
    | 'prerequisite'
    | 'tenant_override'
    | 'environment_override'
    | 'rule'
    | 'condition'
    | 'segment'
    | 'rollout'
    | 'variant'
    | 'default';
  /** Whether this step decided, held, or let the evaluation go on. */
  readonly outcome: 'decided' | 'matched' | 'not_matched' | 'skipped' | 'failed';
  /** In a sentence, for a person who has not seen the code. */
  readonly detail: string;
  readonly ruleId?: string;
  readonly attribute?: string;
  readonly operator?: string;
  readonly expected?: Json;
  /** What the context holds; absent where it holds nothing. */
  readonly actual?: Json;
  /** The text that was hashed. */
  readonly hashed?: string;
  readonly bucket?: number;
  /** Inside when the bucket is below. */
  readonly threshold?: number;
  /** How deep inside of any, all, not, segments and other flags. */
  readonly depth: number;
}

export interface Explanation {
  readonly evaluation: Evaluation;
  readonly trace: readonly TraceStep[];
}

/** A flag that was compiled once, into closures. */
export interface CompiledFlag {
  readonly name: string;
  readonly version: number;
  readonly type: FlagType;
  readonly isClientVisible: boolean;
  readonly definition: FlagDefinition;
}

/**
 * Flags and segments that refer to each other by name. Immutable: a change gives a new set, which shares everything that
 * did not change. A set may stand on another one (a tenant's own on the shared): its flags hide those of the same name when it
 * is asked, while the flags below keep referring to what lies below, as their author saw it.
 */
export interface FlagSet {
  /** Undefined when there is no such flag, or it is archived. Never throws; allocates nothing on the way to an answer. */
  evaluate(name: string, context: EvaluationContext, at: Circumstances): Evaluation | undefined;
  /** The same result as `evaluate`, and how it came about. */
  explain(name: string, context: EvaluationContext, at: Circumstances): Explanation | undefined;
  /** The flag that this set answers for a name. */
  flag(name: string): CompiledFlag | undefined;
  /** All flags that this set answers, own ones and those below that are not hidden, sorted by name, without the archived. */
  readonly flags: readonly CompiledFlag[];
  /** The first instant after `now` at which time alone may change an answer (schedule, ramp, expiry, before/after do not count); Infinity: never. */
  nextBoundary(now: number): number;
  /** A new set: `flags` and `segments` are put in by name, or taken out where the value is null. */
  with(changes: FlagSetChanges): FlagSet;
  /** The own flags and segments of this set, on another one; compiles nothing. For a tenant's set when the shared one changed. */
  over(below: FlagSet): FlagSet;
}

export interface FlagSetChanges {
  readonly flags?: ReadonlyMap<string, FlagInput | null>;
  readonly segments?: ReadonlyMap<string, SegmentInput | null>;
}

/** One thing that is wrong with a definition. */
export interface DefinitionProblem {
  /** A JSON Pointer into the definition, in its own (camelCase) names, for example `/targetingRules/0/conditions/1/value`. */
  readonly pointer: string;
  /** snake_case and stable, for example `operator_value`. */
  readonly code: string;
  readonly detail: string;
}

/** One step of a way through references: `flag "a"`, `segment "b"`. */
export interface Reference {
  readonly kind: 'flag' | 'segment';
  readonly name: string;
}
