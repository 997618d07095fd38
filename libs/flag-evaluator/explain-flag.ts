import type { Answers } from './answers.js';
import type { Circumstances, Evaluation, EvaluationContext, Explanation, TraceStep } from './evaluation.js';
import { isEnabled, isExpired, isMet, rolloutThreshold } from './evaluate-flag.js';
import { explainAll } from './explain-condition.js';
import type { Explaining, Found, Place } from './explain-condition.js';
import type { FlagNode, RuleNode } from './flag-node.js';
import { BUCKETS } from './murmur3.js';
import { ReferenceCycle } from './scope.js';
import type { SegmentNode } from './segment-node.js';
import { Trace, worded, wordedInstant } from './trace.js';

export type { Found, NodeScope } from './explain-condition.js';

/** A step without its place. */
type Step = Omit<TraceStep, 'depth'>;

/** Evaluates as `evaluateFlag` does, and writes down each step. */
class Explainer implements Explaining {
  readonly trace = new Trace();
  readonly segments = new Map<SegmentNode, boolean | null>();
  /** Null while it is still being found out. */
  readonly #told = new Map<FlagNode, Evaluation | null>();

  constructor(
    readonly context: EvaluationContext,
    readonly at: Circumstances,
  ) {}

  flag({ node, scope }: Found<FlagNode>, depth: number): Evaluation {
    const known = this.#told.get(node);
    if (known === null) throw new ReferenceCycle();
    if (known !== undefined) {
      const detail = `The flag "${node.name}": as above, ${worded(known.value)}.`;
      this.trace.add({ step: 'flag', outcome: 'matched', detail, depth });
      return known;
    }
    this.#told.set(node, null);
    const detail = `The flag "${node.name}", version ${node.version}.`;
    this.trace.add({ step: 'flag', outcome: 'matched', detail, depth });
    const evaluation = this.#decide(node, { scope, depth });
    this.#told.set(node, evaluation);
    return evaluation;
  }

  #decide(flag: FlagNode, place: Place): Evaluation {
    const answers = flag.answersIn(this.at.environment);
    return (
      this.#stopped(flag, answers, place.depth) ??
      this.#prerequisites(flag, answers, place) ??
      this.#overridden(flag, answers, place.depth) ??
      this.#rules(flag, answers, place) ??
      this.#rollout(flag, answers, place.depth)
    );
  }

  #add(depth: number, step: Step): void {
    this.trace.add({ ...step, depth });
  }

  #stopped(flag: FlagNode, answers: Answers, depth: number): Evaluation | undefined {
    const enabled = isEnabled(flag, answers, this.at);
    const expired = isExpired(flag, this.at);
    const who = answers.isAllowed ? 'The flag' : `The flag in the environment ${worded(this.at.environment)}`;
    this.#add(depth, {
      step: 'enabled',
      outcome: enabled ? 'matched' : expired ? 'failed' : 'decided',
      detail: enabled ? 'The flag is enabled.' : `${who} is disabled: its default value is served.`,
    });
    if (flag.timing.expiresAt !== Infinity) {
      const when = wordedInstant(flag.timing.expiresAt);
      this.#add(depth, {
        step: 'expiry',
        outcome: expired ? 'decided' : 'skipped',
        detail: expired ? `Expired at ${when}: the default value is served.` : `Not expired before ${when}.`,
      });
    }
    return expired ? answers.expired : enabled ? undefined : answers.disabled;
  }

  #prerequisites(flag: FlagNode, answers: Answers, { scope, depth }: Place): Evaluation | undefined {
    for (const [index, prerequisite] of flag.definition.prerequisites.entries()) {
      const name = worded(prerequisite.flag);
      const opening: TraceStep = {
        step: 'prerequisite',
        outcome: 'failed',
        detail: `The flag ${name}.`,
        depth,
      };
      const met = this.trace.around(opening, () => {
        const found = scope.findFlag(prerequisite.flag);
        const served = found === undefined ? undefined : this.flag(found, depth + 1);
        const holds = isMet(prerequisite, served);
        const serves = served === undefined ? 'is not there' : `serves ${worded(served.value)}`;
        const detail = `The flag ${name} ${serves}; ${worded(prerequisite.equals)} is needed.`;
        const actual = served === undefined ? {} : { actual: served.value };
        const outcome = holds ? 'matched' : 'decided';
        return [{ ...opening, outcome, detail, expected: prerequisite.equals, ...actual }, holds];
      });
      if (!met) return answers.prerequisiteFailed[index];
    }
    return undefined;
  }

  #overridden(flag: FlagNode, answers: Answers, depth: number): Evaluation | undefined {
    const { tenant, environment } = this.at;
    const ofTenant = flag.answerFor(tenant);
    if (tenant !== null) {
      const has = ofTenant === undefined ? 'no value of its own' : `the value ${worded(ofTenant.value)}`;
      const outcome = ofTenant === undefined ? 'skipped' : 'decided';
      this.#add(depth, {
        step: 'tenant_override',
        outcome,
        detail: `The tenant ${worded(tenant)} has ${has}.`,
      });
    }
    if (ofTenant !== undefined) return ofTenant;
    if (environment !== null) {
      const value =
        answers.override === null ? 'no value for all' : `the value ${worded(answers.override.value)}`;
      const outcome = answers.override === null ? 'skipped' : 'decided';
      const detail = `The environment ${worded(environment)} has ${value}.`;
      this.#add(depth, { step: 'environment_override', outcome, detail });
    }
    return answers.override ?? undefined;
  }

  #rules(flag: FlagNode, answers: Answers, { scope, depth }: Place): Evaluation | undefined {
    for (const rule of flag.rules) {
      const { id, description, conditions } = rule.definition;
      const title =
        description === null ? `The rule ${worded(id)}` : `The rule ${worded(id)} (${description})`;
      const opening: TraceStep = { step: 'rule', outcome: 'failed', detail: `${title}.`, ruleId: id, depth };
      const answer = this.trace.around<Evaluation | undefined>(opening, () => {
        if (!explainAll(conditions, { scope, depth: depth + 1 }, this)) {
          const detail = `${title}: a condition does not hold.`;
          return [{ ...opening, outcome: 'not_matched', detail }, undefined];
        }
        const [step, served] = this.#ruleRollout(flag, rule, answers);
        return [{ ...opening, ...step, detail: `${title}: ${step.detail}` }, served];
      });
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  /** What follows for a caller of whom all conditions of a rule hold. */
  #ruleRollout(
    flag: FlagNode,
    rule: RuleNode,
    answers: Answers,
  ): [Omit<Step, 'step'>, Evaluation | undefined] {
    const { threshold } = rule;
    const answer = rule.answer ?? answers.fault;
    const serves = rule.answer === null ? 'its variant is not there' : `serves ${worded(answer.value)}`;
    if (threshold >= BUCKETS) return [{ outcome: 'decided', detail: `${serves}.` }, answer];
    if (threshold <= 0)
      return [{ outcome: 'not_matched', detail: 'it is rolled out to nobody.', threshold }, undefined];
    const key = flag.keyOf(this.context);
    if (key === '') return [{ outcome: 'decided', detail: NO_KEY, threshold }, answers.keyMissing];
    const drawn = { hashed: `${flag.definition.salt}:gate:${key}`, bucket: flag.gateBucket(key), threshold };
    return drawn.bucket < threshold
      ? [{ outcome: 'decided', detail: `the caller is inside of its rollout; ${serves}.`, ...drawn }, answer]
      : [{ outcome: 'not_matched', detail: 'the caller is outside of its rollout.', ...drawn }, undefined];
  }

  #rollout(flag: FlagNode, answers: Answers, depth: number): Evaluation {
    const threshold = rolloutThreshold(flag, answers, this.at);
    if (threshold >= BUCKETS && !flag.hasVariants) {
      const answer = flag.rules.length === 0 ? answers.everyone : answers.inside;
      const detail = `Rolled out to everyone: serves ${worded(answer.value)}.`;
      this.#add(depth, { step: 'rollout', outcome: 'decided', detail, threshold });
      return answer;
    }
    if (threshold <= 0) {
      this.#add(depth, {
        step: 'rollout',
        outcome: 'not_matched',
        detail: 'Rolled out to nobody.',
        threshold,
      });
      return this.#default(answers, depth);
    }
    const key = flag.keyOf(this.context);
    if (key === '') {
      this.#add(depth, { step: 'rollout', outcome: 'decided', detail: `The rollout: ${NO_KEY}`, threshold });
      return answers.keyMissing;
    }
    if (threshold < BUCKETS) {
      const bucket = flag.gateBucket(key);
      const drawn = { hashed: `${flag.definition.salt}:gate:${key}`, bucket, threshold };
      if (bucket >= threshold) {
        const detail = 'The caller is outside of the rollout.';
        this.#add(depth, { step: 'rollout', outcome: 'not_matched', detail, ...drawn });
        return this.#default(answers, depth);
      }
      const outcome = flag.hasVariants ? 'matched' : 'decided';
      this.#add(depth, {
        step: 'rollout',
        outcome,
        detail: 'The caller is inside of the rollout.',
        ...drawn,
      });
    }
    return flag.hasVariants ? this.#variant(flag, answers, { key, depth }) : answers.inside;
  }

  #variant(flag: FlagNode, answers: Answers, { key, depth }: { key: string; depth: number }): Evaluation {
    const bucket = flag.variantBucket(key);
    const answer = flag.variantAt(bucket);
    const detail =
      answer === undefined
        ? 'No variant has this bucket.'
        : `The variant ${worded(answer.variant)} serves ${worded(answer.value)}.`;
    const hashed = `${flag.definition.salt}:variant:${key}`;
    this.#add(depth, { step: 'variant', outcome: 'decided', detail, hashed, bucket });
    return answer ?? answers.fault;
  }

  #default(answers: Answers, depth: number): Evaluation {
    const detail = `Serves the default value ${worded(answers.outside.value)}.`;
    this.#add(depth, { step: 'default', outcome: 'decided', detail });
    return answers.outside;
  }
}

const NO_KEY = 'the context has no key to draw the caller by, so the default value is served.';

/** Explains a flag to one caller; `evaluation` is what it gave, for the case that the way to it cannot be walked again. */
export function explainFlag(
  found: Found<FlagNode>,
  context: EvaluationContext,
  at: Circumstances,
  evaluation: Evaluation,
): Explanation {
  const explainer = new Explainer(context, at);
  try {
    const result = explainer.flag(found, 0);
    return { evaluation: result, trace: explainer.trace.steps };
  } catch (error) {
    const why =
      error instanceof ReferenceCycle ? error.message : 'Reading the context or a definition failed.';
    explainer.trace.add({
      step: 'flag',
      outcome: 'failed',
      detail: `${why} The default value is served.`,
      depth: 0,
    });
    return { evaluation, trace: explainer.trace.steps };
  }
}
