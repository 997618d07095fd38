import { retryPauseMs } from './retry-pause.js';

it('grows from 100 ms to 30 s, and is anything between nothing and that', () => {
  expect([1, 2, 3, 8, 9, 10, 1_000].map((attempts) => retryPauseMs(attempts, 1))).toEqual([
    100, 200, 400, 12_800, 25_600, 30_000, 30_000,
  ]);
  expect([retryPauseMs(3, 0), retryPauseMs(3, 0.5)]).toEqual([0, 200]);
});
