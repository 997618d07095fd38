import type { Violation } from '#shared-kernel';

export const THRESHOLD_ACTIONS = ['event', 'supervisor_request'] as const;
export type ThresholdAction = (typeof THRESHOLD_ACTIONS)[number];

export const THRESHOLDS_MAX = 20;
export const PERCENT_MAX = 1_000;
export const PRIORITY_MIN = 1;
export const PRIORITY_MAX = 5;
/** Of the supervisor request, where a threshold names none. */
export const PRIORITY_DEFAULT = 3;

/** A part of what is available that is not to be spent unnoticed. */
export interface Threshold {
  /** Above 0, at most 1000, with at most three decimals. */
  readonly percent: number;
  readonly action: ThresholdAction;
  /** Of the supervisor request, 1 (the most urgent) to 5; null: 3. */
  readonly priority: number | null;
}

/** What there was to spend, and what is spent of it. */
export interface Spending {
  readonly spent: bigint;
  /** The limit with what was carried in. */
  readonly available: bigint;
}

const THOUSANDTHS = 1_000;
const THOUSANDTHS_OF_ALL = 100_000n;

/**
 * True from the threshold on, exactly. Who has nothing to spend crosses every threshold with whatever is spent; who
 * spends nothing crosses none.
 */
export const isMet = ({ percent }: Threshold, { spent, available }: Spending): boolean =>
  spent > 0n && spent * THOUSANDTHS_OF_ALL >= BigInt(thousandths(percent)) * available;

/** What the change from one to the other crosses, the lowest first. */
export const crossed = (
  thresholds: readonly Threshold[],
  before: Spending,
  after: Spending,
): readonly Threshold[] =>
  thresholds
    .filter((threshold) => !isMet(threshold, before) && isMet(threshold, after))
    .sort((a, b) => a.percent - b.percent);

/** Cut after three decimals, never rounded up to what is not reached; null: there is nothing to have a part of. */
export const percentOf = ({ spent, available }: Spending): number | null =>
  available > 0n ? Number((spent * THOUSANDTHS_OF_ALL) / available) / THOUSANDTHS : null;

/** Everything that is wrong with the thresholds of a budget, each at its place. */
export function thresholdMistakes(thresholds: readonly Threshold[]): Violation[] {
  if (thresholds.length > THRESHOLDS_MAX) {
    const detail = `It must have at most ${THRESHOLDS_MAX} items.`;
    return [{ pointer: '/thresholds', code: 'too_many', detail }];
  }
  const seen = new Set<number>();
  return thresholds.flatMap((threshold, index) => {
    const violations = mistakesOf(threshold, `/thresholds/${index}`);
    if (seen.has(threshold.percent)) {
      const detail = 'Another threshold has this percentage.';
      violations.push({ pointer: `/thresholds/${index}/percent`, code: 'duplicate', detail });
    }
    seen.add(threshold.percent);
    return violations;
  });
}

function mistakesOf({ percent, action, priority }: Threshold, pointer: string): Violation[] {
  const violations: Violation[] = [];
  if (!(percent > 0 && percent <= PERCENT_MAX)) {
    const detail = `It must be above 0 and at most ${PERCENT_MAX}.`;
    violations.push({ pointer: `${pointer}/percent`, code: 'range', detail });
  } else if (thousandths(percent) / THOUSANDTHS !== percent) {
    const detail = 'It has at most three decimals.';
    violations.push({ pointer: `${pointer}/percent`, code: 'too_many_decimals', detail });
  }
  if (priority === null) return violations;
  const place = `${pointer}/priority`;
  if (!Number.isInteger(priority) || priority < PRIORITY_MIN || priority > PRIORITY_MAX) {
    const detail = `It must be a whole number from ${PRIORITY_MIN} to ${PRIORITY_MAX}.`;
    violations.push({ pointer: place, code: 'range', detail });
  }
  if (action === 'event') {
    const detail = 'An event has no priority: only a supervisor request has one.';
    violations.push({ pointer: place, code: 'conflict', detail });
  }
  return violations;
}

const thousandths = (percent: number): number => Math.round(percent * THOUSANDTHS);
