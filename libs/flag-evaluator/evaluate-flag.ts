import type { Answers } from './answers.js';
import type { Prerequisite } from './definition.js';
import type { Circumstances, Evaluation, EvaluationContext } from './evaluation.js';
import type { FlagNode } from './flag-node.js';
import { jsonEqual } from './json.js';
import { BUCKETS } from './murmur3.js';
import type { Scope } from './scope.js';
import { isEnabledBySchedule, thresholdAt } from './timing.js';

export const isExpired = (flag: FlagNode, { now }: Circumstances): boolean => now >= flag.timing.expiresAt;

export const isEnabled = (flag: FlagNode, answers: Answers, { now }: Circumstances): boolean =>
  answers.isAllowed &&
  (flag.isTimed ? isEnabledBySchedule(flag.definition, flag.timing, now) : flag.definition.enabled);

/** How many buckets are inside of the flag's own rollout. */
export const rolloutThreshold = (flag: FlagNode, answers: Answers, { now }: Circumstances): number =>
  flag.isTimed ? thresholdAt(answers.threshold, flag.timing, now) : answers.threshold;

/** A flag that is not there meets nothing; a disabled one is compared by its default like any value. */
export const isMet = ({ equals }: Prerequisite, served: Evaluation | undefined): boolean =>
  served !== undefined && jsonEqual(served.value, equals);

/** The first prerequisite that is not met, by its place; -1 when all are. */
function unmetPrerequisite(
  flag: FlagNode,
  context: EvaluationContext,
  at: Circumstances,
  scope: Scope,
): number {
  const { prerequisites } = flag.definition;
  for (let index = 0; index < prerequisites.length; index++) {
    const prerequisite = prerequisites[index];
    if (prerequisite === undefined) break;
    if (!isMet(prerequisite, scope.referencedFlag(prerequisite.flag, context, at))) return index;
  }
  return -1;
}

/** What the first rule serves whose conditions hold and whose rollout the caller is inside of. */
function answerByRule(
  flag: FlagNode,
  context: EvaluationContext,
  at: Circumstances,
  scope: Scope,
): Evaluation | undefined {
  for (const rule of flag.rules) {
    if (!rule.holds(context, at, scope)) continue;
    if (rule.threshold < BUCKETS) {
      if (rule.threshold <= 0) continue;
      const key = flag.keyOf(context);
      if (key === '') return flag.answersIn(at.environment).keyMissing;
      if (flag.gateBucket(key) >= rule.threshold) continue;
    }
    return rule.answer ?? flag.answersIn(at.environment).fault;
  }
  return undefined;
}

function answerByRollout(
  flag: FlagNode,
  context: EvaluationContext,
  answers: Answers,
  threshold: number,
): Evaluation {
  const includesAll = threshold >= BUCKETS;
  if (includesAll && !flag.hasVariants) return flag.rules.length === 0 ? answers.everyone : answers.inside;
  if (threshold <= 0) return answers.outside;
  const key = flag.keyOf(context);
  if (key === '') return answers.keyMissing;
  if (!includesAll && flag.gateBucket(key) >= threshold) return answers.outside;
  if (!flag.hasVariants) return answers.inside;
  return flag.variantAt(flag.variantBucket(key)) ?? answers.fault;
}

/**
 * What a flag serves, in the published order. Allocates nothing: every answer was made when the flag was compiled.
 * @throws whatever the context throws while it is read, and ReferenceCycle
 */
export function evaluateFlag(
  flag: FlagNode,
  context: EvaluationContext,
  at: Circumstances,
  scope: Scope,
): Evaluation {
  const answers = flag.answersIn(at.environment);
  if (isExpired(flag, at)) return answers.expired;
  if (!isEnabled(flag, answers, at)) return answers.disabled;
  if (flag.definition.prerequisites.length > 0) {
    const unmet = answers.prerequisiteFailed[unmetPrerequisite(flag, context, at, scope)];
    if (unmet !== undefined) return unmet;
  }
  return (
    flag.answerFor(at.tenant) ??
    answers.override ??
    answerByRule(flag, context, at, scope) ??
    answerByRollout(flag, context, answers, rolloutThreshold(flag, answers, at))
  );
}
