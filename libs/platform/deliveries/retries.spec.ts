import { pauseAfter } from './retries.js';

const DAY_SECONDS = 86_400;

it('tries again ever later, for about three days', () => {
  const pauses: number[] = [];
  for (let attempts = 1; pauseAfter(attempts, 0.5) !== null; attempts += 1)
    pauses.push(pauseAfter(attempts, 0.5) ?? 0);
  expect(pauses[0]).toBe(5);
  expect(pauses).toEqual([...pauses].sort((one, other) => one - other));
  const days = pauses.reduce((sum, pause) => sum + pause, 0) / DAY_SECONDS;
  expect(days).toBeGreaterThan(3);
  expect(days).toBeLessThan(3.5);
});

it('is a tenth sooner or later by chance', () => {
  expect([pauseAfter(2, 0), pauseAfter(2, 1)].map((pause) => Math.round(pause ?? 0))).toEqual([270, 330]);
});
