import { bucketsOf } from './answers.js';
import type { FlagDefinition, Ramp, ScheduledStep } from './definition.js';

/** What a flag does by the clock. */
export interface Timing {
  readonly expiresAt: number;
  readonly steps: readonly ScheduledStep[];
  readonly ramp: Ramp | null;
}

export function timingOf({ expiresAt, schedule, ramp }: FlagDefinition): Timing {
  return { expiresAt: expiresAt ?? Infinity, steps: [...schedule].sort((a, b) => a.at - b.at), ramp };
}

export const isTimed = ({ expiresAt, steps, ramp }: Timing): boolean =>
  expiresAt !== Infinity || steps.length > 0 || ramp !== null;

/** Whether the flag is enabled, by itself or by the steps of its schedule that have passed. */
export function isEnabledBySchedule({ enabled }: FlagDefinition, timing: Timing, now: number): boolean {
  let result = enabled;
  for (const { at, set } of timing.steps) {
    if (at > now) break;
    result = set.enabled ?? result;
  }
  return result;
}

/** Rounded down to whole buckets, of which one is the smallest step of a percentage. */
function rampThreshold({ from, to, startsAt, endsAt }: Ramp, now: number): number {
  const [first, last] = [bucketsOf(from), bucketsOf(to)];
  if (now >= endsAt) return last;
  return Math.floor(first + ((last - first) * (now - startsAt)) / (endsAt - startsAt));
}

/** How many buckets are inside of the rollout; `own` is the flag's (or its environment's) number. */
export function thresholdAt(own: number, { steps, ramp }: Timing, now: number): number {
  if (ramp !== null && now >= ramp.startsAt) return rampThreshold(ramp, now);
  let result = own;
  for (const { at, set } of steps) {
    if (at > now) break;
    if (set.rolloutPercentage !== undefined) result = bucketsOf(set.rolloutPercentage);
  }
  return result;
}

/** The first millisecond at which the ramp lets in another number of buckets: it only ever moves one way. */
function rampBoundary(ramp: Ramp, now: number): number {
  if (now < ramp.startsAt) return ramp.startsAt;
  const present = rampThreshold(ramp, now);
  if (present === bucketsOf(ramp.to)) return Infinity;
  let before = Math.floor(now);
  let after = Math.ceil(ramp.endsAt);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (rampThreshold(ramp, middle) === present) before = middle;
    else after = middle;
  }
  return after;
}

/** The first instant after `now` at which the clock may change an answer. */
export function boundaryAfter({ expiresAt, steps, ramp }: Timing, now: number): number {
  if (now >= expiresAt) return Infinity;
  const step = steps.find(({ at }) => at > now)?.at ?? Infinity;
  return Math.min(expiresAt, step, ramp === null ? Infinity : rampBoundary(ramp, now));
}
