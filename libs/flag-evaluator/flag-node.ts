import { answersOf, bucketsOf, overrideAnswer, ruleAnswer, variantAnswer } from './answers.js';
import type { Answers } from './answers.js';
import { keyReader } from './bucketing-key.js';
import type { KeyReader } from './bucketing-key.js';
import { allOf } from './condition.js';
import type { FlagDefinition, FlagInput, FlagType, TargetingRule, Variant } from './definition.js';
import type { CompiledFlag, Evaluation } from './evaluation.js';
import { BUCKETS, bucketsAfter } from './murmur3.js';
import { Memo } from './scope.js';
import type { Predicate } from './scope.js';
import { isTimed, timingOf } from './timing.js';
import type { Timing } from './timing.js';

/** A targeting rule, compiled. */
export interface RuleNode {
  readonly definition: TargetingRule;
  readonly holds: Predicate;
  /** Of those who match; all of them where the rule has no rollout. */
  readonly threshold: number;
  readonly answer: Evaluation | null;
}

/** A part of the buckets, and what it gets. */
interface Share {
  readonly until: number;
  readonly from: number;
  readonly answer: Evaluation;
}

const rulesOf = ({ targetingRules, variants }: FlagDefinition): RuleNode[] =>
  [...targetingRules]
    .sort((a, b) => a.priority - b.priority)
    .map((definition) => ({
      definition,
      holds: allOf(definition.conditions),
      threshold: definition.rolloutPercentage === null ? BUCKETS : bucketsOf(definition.rolloutPercentage),
      answer: ruleAnswer(definition, variants),
    }));

const sharesOf = (variants: readonly Variant[]): Share[] =>
  variants
    .flatMap((variant) => {
      const answer = variantAnswer(variant);
      return variant.ranges.map(({ from, until }) => ({ from, until, answer }));
    })
    .sort((a, b) => a.until - b.until);

const NONE: ReadonlyMap<string, never> = new Map<string, never>();

/** Most flags override nothing: they share one empty map. */
function mapped<In, Out>(
  record: Readonly<Record<string, In>>,
  compile: (value: In) => Out,
): ReadonlyMap<string, Out> {
  const entries = Object.entries(record);
  return entries.length === 0 ? NONE : new Map(entries.map(([name, value]) => [name, compile(value)]));
}

/** A flag, compiled once for every caller. What it refers to is looked up when it is asked. */
export class FlagNode implements CompiledFlag {
  readonly name: string;
  readonly version: number;
  readonly type: FlagType;
  readonly isClientVisible: boolean;
  readonly definition: FlagDefinition;
  readonly timing: Timing;
  readonly isTimed: boolean;
  readonly rules: readonly RuleNode[];
  readonly hasVariants: boolean;
  readonly keyOf: KeyReader;
  readonly gateBucket: (key: string) => number;
  readonly variantBucket: (key: string) => number;
  readonly memo = new Memo<Evaluation>();
  readonly #shares: readonly Share[];
  readonly #answers: Answers;
  readonly #answersByEnvironment: ReadonlyMap<string, Answers>;
  readonly #answersByTenant: ReadonlyMap<string, Evaluation>;

  constructor({ name, version, isClientVisible, definition }: FlagInput) {
    this.name = name;
    this.version = version;
    this.type = definition.type;
    this.isClientVisible = isClientVisible;
    this.definition = definition;
    this.timing = timingOf(definition);
    this.isTimed = isTimed(this.timing);
    this.rules = rulesOf(definition);
    this.hasVariants = definition.variants.length > 0;
    this.keyOf = keyReader(definition.bucketBy);
    this.gateBucket = bucketsAfter(`${definition.salt}:gate:`);
    this.variantBucket = bucketsAfter(`${definition.salt}:variant:`);
    this.#shares = sharesOf(definition.variants);
    this.#answers = answersOf(definition, {});
    this.#answersByEnvironment = mapped(definition.environmentOverrides, (override) =>
      answersOf(definition, override),
    );
    this.#answersByTenant = mapped(definition.tenantOverrides, overrideAnswer);
  }

  answersIn(environment: string | null): Answers {
    if (environment === null) return this.#answers;
    return this.#answersByEnvironment.get(environment) ?? this.#answers;
  }

  answerFor(tenant: string | null): Evaluation | undefined {
    return tenant === null ? undefined : this.#answersByTenant.get(tenant);
  }

  /** Undefined when the ranges of the variants leave the bucket out. */
  variantAt(bucket: number): Evaluation | undefined {
    let low = 0;
    let high = this.#shares.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#shares[middle]?.until ?? 0) <= bucket) low = middle + 1;
      else high = middle;
    }
    const share = this.#shares[low];
    return share !== undefined && share.from <= bucket ? share.answer : undefined;
  }
}
