import { allotRanges, checkFlag } from '#flag-evaluator';
import type {
  DefinitionProblem,
  FlagDefinition,
  FlagType,
  FlagValue,
  ScheduledStep,
  Variant,
} from '#flag-evaluator';
import { InvalidDefinition } from './errors.js';

/** What those inside of the rollout get where nobody says. */
export const usualRolloutValue = ({
  type,
  defaultValue,
}: Pick<FlagDefinition, 'type' | 'defaultValue'>): FlagValue | null =>
  type === 'boolean' ? true : defaultValue;

/**
 * A definition as it is stored: checked, its rules in the order in which they are tried, its variants with ranges.
 * `before` are the variants that it had, from which as few callers as possible are moved.
 * @throws InvalidDefinition with everything that is wrong
 */
export function settledDefinition(
  definition: FlagDefinition,
  before: readonly Variant[] = [],
): FlagDefinition {
  const problems = problemsOf(definition);
  if (problems.length > 0) throw new InvalidDefinition(problems);
  return {
    ...definition,
    targetingRules: [...definition.targetingRules].sort((a, b) => a.priority - b.priority),
    variants: withRanges(definition.variants, before),
  };
}

/** Everything that is wrong; of a rollout value that only follows the default value, once is enough. */
export function problemsOf(definition: FlagDefinition): DefinitionProblem[] {
  const problems = checkFlag(definition);
  if (!sameJson(definition.rolloutValue, definition.defaultValue)) return problems;
  const isOfDefault = problems.some(({ pointer }) => pointer.startsWith('/defaultValue'));
  return problems.filter(({ pointer }) => !isOfDefault || !pointer.startsWith('/rolloutValue'));
}

/**
 * What is to change of a definition, put on top of it. A rollout value that nobody chose follows the default value, or
 * else the flag would go on to serve the old one; null chooses none.
 */
export function redefined(current: FlagDefinition, changes: Partial<FlagDefinition>): FlagDefinition {
  const next = { ...current, ...changes };
  const isFollowing =
    changes.rolloutValue === null ||
    (changes.rolloutValue === undefined && sameJson(current.rolloutValue, usualRolloutValue(current)));
  return isFollowing ? { ...next, rolloutValue: usualRolloutValue(next) } : next;
}

/**
 * Without what the schedule and the ramp have made of the property up to now: what a person says now holds from now on,
 * and what is planned for later stays planned.
 */
export function withoutPast(
  definition: FlagDefinition,
  property: keyof ScheduledStep['set'],
  now: Date,
): FlagDefinition {
  const { ramp, schedule } = definition;
  const isPast = (at: number): boolean => at <= now.getTime();
  return {
    ...definition,
    schedule: schedule.flatMap((step) => (isPast(step.at) ? without(step, property) : [step])),
    ramp: property === 'rolloutPercentage' && ramp !== null && isPast(ramp.startsAt) ? null : ramp,
  };
}

/** A step that sets nothing any more is none. */
function without(step: ScheduledStep, property: keyof ScheduledStep['set']): ScheduledStep[] {
  const { [property]: _, ...set } = step.set;
  return Object.keys(set).length > 0 ? [{ ...step, set }] : [];
}

/** True when nobody could tell the two apart, by the text that is stored. */
export const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Ranges that come with the variants, as from an export, count for more than those that were there. */
function withRanges(variants: readonly Variant[], before: readonly Variant[]): Variant[] {
  const known = variants.some(({ ranges }) => ranges.length > 0) ? variants : before;
  const allotted = allotRanges(variants, known);
  return variants.map(({ name, value, weight }) => ({
    name,
    value,
    weight,
    ranges: allotted.get(name) ?? [],
  }));
}

export const FLAG_TYPES = ['boolean', 'string', 'number', 'object'] as const satisfies readonly FlagType[];
