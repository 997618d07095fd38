import fc from 'fast-check';
import { bucketsOf } from './answers.js';
import type { FlagDefinition } from './definition.js';
import { bucketOf } from './murmur3.js';
import { aDefinition, aFlag, setOf, SOME_TIME } from './testing/builders.js';
import { boundaryAfter, isEnabledBySchedule, thresholdAt, timingOf } from './timing.js';

const NOON = Date.UTC(2026, 0, 1, 12);
const HOUR = 3_600_000;

/** The threshold of a flag at an instant. */
const threshold = (parts: Partial<FlagDefinition>, now: number): number => {
  const definition = aDefinition(parts);
  return thresholdAt(bucketsOf(definition.rolloutPercentage), timingOf(definition), now);
};

describe('an override of an environment', () => {
  const ask = (parts: Partial<FlagDefinition>, environment: string | null) =>
    setOf([aFlag('f', parts)]).evaluate('f', { targetingKey: 'user-1' }, { ...SOME_TIME, environment });

  it('disables the flag there, and never enables what is disabled', () => {
    const off = { environmentOverrides: { test: { enabled: false, value: true } } };
    expect(ask(off, 'test')).toMatchObject({ reason: 'DISABLED', enabled: false, value: false });
    expect(ask(off, 'production')).toMatchObject({ reason: 'STATIC' });
    const on = { enabled: false, environmentOverrides: { test: { enabled: true, value: true } } };
    expect(ask(on, 'test')).toMatchObject({ reason: 'DISABLED', value: false });
  });

  it('replaces the default value and the percentage there', () => {
    const environmentOverrides = { test: { defaultValue: 'test', rolloutPercentage: 0 } };
    const parts = { type: 'string', defaultValue: 'own', rolloutValue: 'new', environmentOverrides } as const;
    expect(ask(parts, 'test')).toMatchObject({ value: 'test', reason: 'DEFAULT' });
    expect(ask(parts, null)).toMatchObject({ value: 'new', reason: 'STATIC' });
    expect(ask({ ...parts, enabled: false }, 'test')).toMatchObject({ value: 'test', reason: 'DISABLED' });
  });

  it('gives way to schedule and ramp', () => {
    const environmentOverrides = { test: { rolloutPercentage: 0 } };
    const schedule = [{ at: SOME_TIME.now, set: { rolloutPercentage: 100 } }];
    expect(ask({ environmentOverrides, schedule }, 'test')).toMatchObject({ reason: 'STATIC' });
    const ramp = { from: 100, to: 100, startsAt: SOME_TIME.now, endsAt: SOME_TIME.now + 1 };
    expect(ask({ environmentOverrides, ramp }, 'test')).toMatchObject({ reason: 'STATIC' });
    expect(
      ask(
        { environmentOverrides: { test: { enabled: false } }, schedule: [{ at: 0, set: { enabled: true } }] },
        'test',
      ),
    ).toMatchObject({
      reason: 'DISABLED',
    });
  });
});

describe('a schedule', () => {
  const schedule = [
    { at: NOON + 2 * HOUR, set: { enabled: false } },
    { at: NOON, set: { enabled: true, rolloutPercentage: 10 } },
    { at: NOON + HOUR, set: { rolloutPercentage: 33.333 } },
  ];
  const definition = aDefinition({ enabled: false, rolloutPercentage: 1, schedule });

  it.each([
    [NOON - 1, false, 1000],
    [NOON, true, 10_000],
    [NOON + HOUR - 1, true, 10_000],
    [NOON + HOUR, true, 33_333],
    [NOON + 2 * HOUR, false, 33_333],
  ])('at %d has the flag enabled: %s, for %d buckets', (now, enabled, buckets) => {
    expect(isEnabledBySchedule(definition, timingOf(definition), now)).toBe(enabled);
    expect(threshold(definition, now)).toBe(buckets);
  });
});

describe('a ramp', () => {
  const ramp = { from: 10, to: 20, startsAt: NOON, endsAt: NOON + HOUR };

  it.each([
    [NOON - 1, 50_000],
    [NOON, 10_000],
    [NOON + 359, 10_000],
    [NOON + 360, 10_001],
    [NOON + HOUR / 2, 15_000],
    [NOON + HOUR - 1, 19_999],
    [NOON + HOUR, 20_000],
    [NOON + 9 * HOUR, 20_000],
  ])('at %d is at %d buckets', (now, buckets) => {
    expect(threshold({ ramp, rolloutPercentage: 50 }, now)).toBe(buckets);
  });

  it('that shrinks is rounded down, too', () => {
    const down = { ...ramp, from: 20, to: 10 };
    expect(threshold({ ramp: down }, NOON + 1)).toBe(19_999);
    expect(threshold({ ramp: down }, NOON + HOUR)).toBe(10_000);
  });

  it('replaces the percentage of the schedule', () => {
    const schedule = [{ at: NOON + 1, set: { rolloutPercentage: 99 } }];
    expect(threshold({ ramp, schedule }, NOON + 1)).toBe(10_000);
  });
});

describe('a percentage', () => {
  it('lets in exactly its buckets, whatever a double makes of it', () => {
    const all = Array.from({ length: 100_001 }, (_, buckets) => buckets);
    expect(all.filter((buckets) => bucketsOf(Number((buckets / 1000).toFixed(3))) !== buckets)).toEqual([]);
  });
});

describe('the next boundary', () => {
  const instants = fc.integer({ min: NOON - 2000, max: NOON + 2000 });
  const percentages = fc.integer({ min: 0, max: 300 }).map((buckets) => buckets / 1000);
  const timed = fc.record({
    enabled: fc.boolean(),
    expiresAt: fc.option(instants),
    schedule: fc.array(
      fc.record({
        at: instants,
        set: fc.record({ enabled: fc.boolean(), rolloutPercentage: percentages }, { requiredKeys: [] }),
      }),
      { maxLength: 3 },
    ),
    ramp: fc.option(
      fc
        .record({ from: percentages, to: percentages, startsAt: instants, endsAt: instants })
        .filter((r) => r.startsAt < r.endsAt),
    ),
  });
  const key = Array.from({ length: 100_000 }, (_, index) => `k${index}`).find(
    (each) => bucketOf(`checkout:gate:${each}`) === 150,
  );

  it('is never later than the first change of what a flag serves', () => {
    fc.assert(
      fc.property(timed, instants, (parts, now) => {
        const set = setOf([aFlag('f', { rolloutPercentage: 0.1, ...parts })]);
        const at = (instant: number) =>
          set.evaluate('f', { targetingKey: key }, { ...SOME_TIME, now: instant });
        const boundary = set.nextBoundary(now);
        expect(boundary).toBeGreaterThan(now);
        const before = at(now);
        let instant = now + 1;
        while (instant < Math.min(boundary, NOON + 2001) && at(instant) === before) instant++;
        expect(instant).toBe(Math.max(now + 1, Math.min(boundary, NOON + 2001)));
      }),
      { numRuns: 50 },
    );
  });

  it('is the first millisecond at which a ramp lets in another bucket', () => {
    const ramp = { from: 0, to: 1, startsAt: NOON, endsAt: NOON + HOUR };
    const timing = timingOf(aDefinition({ ramp }));
    expect(boundaryAfter(timing, NOON - 5)).toBe(NOON);
    expect(boundaryAfter(timing, NOON)).toBe(NOON + 3600);
    expect(boundaryAfter(timing, NOON + 3600.5)).toBe(NOON + 7200);
    expect(boundaryAfter(timing, NOON + HOUR)).toBe(Infinity);
    const down = timingOf(aDefinition({ ramp: { ...ramp, from: 1, to: 0 } }));
    expect(boundaryAfter(down, NOON)).toBe(NOON + 1);
    expect(boundaryAfter(down, NOON + 1)).toBe(NOON + 3601);
    expect(boundaryAfter(down, NOON + HOUR - 3599)).toBe(Infinity);
  });

  it('is never once the flag has expired', () => {
    const timing = timingOf(aDefinition({ expiresAt: NOON, schedule: [{ at: NOON + 1, set: {} }] }));
    expect(boundaryAfter(timing, NOON - 1)).toBe(NOON);
    expect(boundaryAfter(timing, NOON)).toBe(Infinity);
  });
});
