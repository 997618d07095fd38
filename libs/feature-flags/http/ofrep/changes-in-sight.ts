import { referencesOf } from '#flag-evaluator';
import type { CompiledFlag, FlagSet } from '#flag-evaluator';
import type { FlagSetSwap } from '../../application/live-flag-sets.js';
import { isInSight } from './flag-answers.js';
import type { Sight } from './flag-answers.js';

/** A set before and after something changed. */
export interface SetChange {
  readonly before: FlagSet;
  readonly after: FlagSet;
}

/** What the flags in sight are decided by, in sight or not. */
interface Dependencies {
  readonly flags: ReadonlySet<string>;
  /** What a segment refers to is not known here: whoever uses one depends on all. */
  readonly isOnSegments: boolean;
}

const known: Readonly<Record<Sight, WeakMap<FlagSet, Dependencies>>> = {
  all: new WeakMap(),
  client: new WeakMap(),
};

/** Whether somebody who sees so much may get another answer because of a change; in doubt, yes. */
export function isChangeInSight({ before, after }: SetChange, swap: FlagSetSwap, sight: Sight): boolean {
  const isShown = (flag: CompiledFlag | undefined): boolean => flag !== undefined && isInSight(flag, sight);
  for (const name of swap.flags) {
    const [old, young] = [before.flag(name), after.flag(name)];
    if (old !== young && (isShown(old) || isShown(young))) return true;
  }
  const { flags, isOnSegments } = dependenciesOf(after, sight);
  return isOnSegments || swap.flags.some((name) => flags.has(name));
}

/** Whether time alone may give somebody who sees so much another answer, after `from` and no later than `until`. */
export function isDueInSight(set: FlagSet, sight: Sight, from: number, until: number): boolean {
  const due = set.flags.filter((flag) => isDue(flag, from, until));
  if (due.some((flag) => isInSight(flag, sight))) return true;
  if (due.length === 0) return false;
  const { flags, isOnSegments } = dependenciesOf(set, sight);
  return isOnSegments || due.some(({ name }) => flags.has(name));
}

function isDue({ definition }: CompiledFlag, from: number, until: number): boolean {
  const { schedule, ramp, expiresAt } = definition;
  const isBetween = (at: number): boolean => at > from && at <= until;
  return (
    schedule.some(({ at }) => isBetween(at)) ||
    (expiresAt !== null && isBetween(expiresAt)) ||
    (ramp !== null && ramp.startsAt <= until && ramp.endsAt > from)
  );
}

/** Computed once for each set. A name stands for whatever bears it, here and below: more than enough is told, never less. */
function dependenciesOf(set: FlagSet, sight: Sight): Dependencies {
  const kept = known[sight].get(set);
  if (kept) return kept;
  const flags = new Set<string>();
  let isOnSegments = false;
  const open = set.flags.filter((flag) => isInSight(flag, sight));
  for (let flag = open.pop(); flag !== undefined; flag = open.pop()) {
    for (const { kind, name } of referencesOf(flag.definition)) {
      if (kind === 'segment') isOnSegments = true;
      if (kind === 'segment' || flags.has(name)) continue;
      flags.add(name);
      const next = set.flag(name);
      if (next) open.push(next);
    }
  }
  const dependencies = { flags, isOnSegments };
  known[sight].set(set, dependencies);
  return dependencies;
}
