/**
 * Seconds before each try after the first: about three days in all, as the specification of Standard Webhooks has it
 * (github.com/standard-webhooks/standard-webhooks, "Deliverability and reliability").
 */
const PAUSES_SECONDS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/** By so much of itself a pause is longer or shorter, so that what failed together does not come back together. */
const JITTER = 0.1;

/**
 * Seconds until the next try after so many that failed; null when it was the last one. `chance` is a number from 0 to 1.
 */
export function pauseAfter(attempts: number, chance: number): number | null {
  const pause = PAUSES_SECONDS[attempts - 1];
  return pause === undefined ? null : pause * (1 - JITTER + 2 * JITTER * chance);
}
