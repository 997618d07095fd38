const PAUSE_MS_MIN = 100;
const PAUSE_MS_MAX = 30_000;

/**
 * Milliseconds until the next try after so many that failed: full jitter, from 100 ms to 30 s
 * (aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter). `chance` is a number from 0 to 1.
 */
export function retryPauseMs(attempts: number, chance: number): number {
  const ceiling = Math.min(PAUSE_MS_MAX, PAUSE_MS_MIN * 2 ** Math.min(attempts - 1, 20));
  return chance * ceiling;
}
