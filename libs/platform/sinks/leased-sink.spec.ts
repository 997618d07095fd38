import { LeasedSink } from './leased-sink.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const COUNTS = { delivered: 0, failed: 0, parked: 0 };

it('wakes what stood still while its lease seemed to be over, and nothing else', () => {
  const terms = { store: null as never, counts: COUNTS, untilMs: performance.now() + 1_000, streams: null };
  const sink = new LeasedSink({ name: 'kinesis', term: 1 }, terms);
  const wake = jest.fn();
  sink.begin(() => ({ wake, stop: () => Promise.resolve() }));
  sink.renew(performance.now() + 2_000);
  expect([sink.isHeld, wake.mock.calls]).toEqual([true, []]);
  jest.advanceTimersByTime(2_000);
  expect(sink.isHeld).toBe(false);
  sink.renew(performance.now() + 1_000);
  expect([sink.isHeld, wake.mock.calls]).toEqual([true, [[null]]]);
});
