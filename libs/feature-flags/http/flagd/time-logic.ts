import type { EnvironmentOverride, FlagDefinition } from '#flag-evaluator';
import { firstOf, NotInFlagd } from './logic.js';
import type { Logic } from './logic.js';

/** From an instant on, in milliseconds since 1970, until the next one. */
interface From {
  readonly from: number;
}

/** A time in which schedule and ramp change nothing. */
export interface Stretch extends From {
  readonly isEnabled: boolean;
  /** In buckets. */
  readonly threshold: number;
}

const bucketsOf = (percentage: number): number => Math.round(percentage * 1000);

/** What schedule and ramp make of a flag, from the first instant to the last. @throws NotInFlagd */
export function stretchesOf(
  { enabled, rolloutPercentage, schedule, ramp }: FlagDefinition,
  override: EnvironmentOverride,
  now: number,
): Stretch[] {
  if (ramp !== null && now < ramp.endsAt)
    throw new NotInFlagd('ramp', 'flagd has no rollout that grows by itself.');
  const isAllowed = override.enabled !== false;
  const ramped = ramp === null ? null : bucketsOf(ramp.to);
  let isEnabled = enabled;
  let threshold = bucketsOf(override.rolloutPercentage ?? rolloutPercentage);
  const stretch = (from: number): Stretch => ({
    from,
    isEnabled: isAllowed && isEnabled,
    threshold: ramped ?? threshold,
  });
  const stretches = [stretch(-Infinity)];
  for (const { at, set } of [...schedule].sort((a, b) => a.at - b.at)) {
    isEnabled = set.enabled ?? isEnabled;
    if (set.rolloutPercentage !== undefined) threshold = bucketsOf(set.rolloutPercentage);
    stretches.push(stretch(at));
  }
  return stretches;
}

/** What holds now, and what comes to hold later; what is over is left out. @throws NotInFlagd */
export function byTime(pieces: readonly (From & { readonly logic: Logic })[], now: number): Logic {
  const present = pieces.findLast(({ from }) => from <= now)?.logic ?? null;
  const coming = pieces.filter(({ from }) => from > now).reverse();
  const isSame = coming.every(({ logic }) => logic === present);
  return isSame
    ? present
    : firstOf(
        coming.map(({ from, logic }) => [isPast(from), logic]),
        present,
      );
}

function isPast(instant: number): Logic {
  if (instant % 1000 !== 0)
    throw new NotInFlagd('time', 'flagd tells the time in whole seconds, and something happens in between.');
  return { '>=': [{ var: '$flagd.timestamp' }, instant / 1000] };
}
