import fc from 'fast-check';
import type { FlagDefinition, Variant } from '#flag-evaluator';
import { aDefinition, aRule } from '../testing/a-flag.js';
import { problemsOf, redefined, sameJson, settledDefinition, withoutPast } from './definition.js';
import { InvalidDefinition } from './errors.js';

const NOW = new Date('2026-05-01T12:00:00.000Z');
const PAST = NOW.getTime() - 1;
const FUTURE = NOW.getTime() + 1;
const variant = (name: string, weight: number): Variant => ({ name, value: true, weight, ranges: [] });
const textual = (values: Partial<FlagDefinition>): FlagDefinition =>
  aDefinition({ type: 'string', defaultValue: 'a', rolloutValue: 'a', ...values });
const sizesOf = ({ variants }: FlagDefinition): Record<string, number> =>
  Object.fromEntries(
    variants.map(({ name, ranges }) => [
      name,
      ranges.reduce((sum, { from, until }) => sum + until - from, 0),
    ]),
  );

describe('a settled definition', () => {
  it('has its rules in the order in which they are tried', () => {
    const rules = [3, 1, 2, 1].map((priority, index) => aRule({ id: `${index}`, priority }));
    const { targetingRules } = settledDefinition(aDefinition({ targetingRules: rules }));
    expect(targetingRules.map(({ id }) => id)).toEqual(['1', '3', '2', '0']);
  });

  it('divides all buckets among its variants', () => {
    const settled = settledDefinition(aDefinition({ variants: [variant('a', 1), variant('b', 3)] }));
    expect(sizesOf(settled)).toEqual({ a: 25_000, b: 75_000 });
  });

  it('moves nobody where weights stay, whatever else changes', () => {
    const before = settledDefinition(aDefinition({ variants: [variant('a', 1), variant('b', 3)] }));
    const moved = settledDefinition(
      aDefinition({ variants: [variant('a', 3), variant('b', 1)] }),
      before.variants,
    );
    const same = settledDefinition(
      aDefinition({ variants: [variant('a', 9), variant('b', 3)] }),
      moved.variants,
    );
    expect(same.variants.map(({ ranges }) => ranges)).toEqual(moved.variants.map(({ ranges }) => ranges));
    expect(moved.variants.map(({ ranges }) => ranges)).not.toEqual(
      settledDefinition(aDefinition({ variants: [variant('a', 3), variant('b', 1)] })).variants.map(
        ({ ranges }) => ranges,
      ),
    );
  });

  it('takes ranges that come with the variants, as from an export', () => {
    const ranges = { a: [{ from: 50_000, until: 100_000 }], b: [{ from: 0, until: 50_000 }] };
    const variants = [
      { ...variant('a', 1), ranges: ranges.a },
      { ...variant('b', 1), ranges: ranges.b },
    ];
    const settled = settledDefinition(aDefinition({ variants }), [
      { ...variant('a', 1), ranges: ranges.b },
      { ...variant('b', 1), ranges: ranges.a },
    ]);
    expect(settled.variants).toEqual(variants);
  });

  it('is refused with everything that is wrong', () => {
    const broken = aDefinition({ rolloutPercentage: 101, tenantOverrides: { acme: 'x' } });
    const refusal = (): unknown => settledDefinition(broken);
    expect(refusal).toThrow(InvalidDefinition);
    expect(
      problemsOf(broken)
        .map(({ pointer }) => pointer)
        .sort(),
    ).toEqual(['/rolloutPercentage', '/tenantOverrides/acme']);
  });

  it('tells what is wrong with a default value once, when the rollout value only follows it', () => {
    const follows = problemsOf(aDefinition({ defaultValue: 'x', rolloutValue: 'x' }));
    expect(follows.map(({ pointer }) => pointer)).toEqual(['/defaultValue']);
    const differs = problemsOf(aDefinition({ defaultValue: 'x', rolloutValue: 'y' }));
    expect(differs.map(({ pointer }) => pointer)).toEqual(['/defaultValue', '/rolloutValue']);
  });
});

describe('a rollout value', () => {
  it.each([
    ['that nobody chose follows the default value', textual({}), { defaultValue: 'b' }, 'b'],
    ['that was chosen stays', textual({ rolloutValue: 'r' }), { defaultValue: 'b' }, 'r'],
    ['is what is said', textual({}), { defaultValue: 'b', rolloutValue: 'c' }, 'c'],
    ['of null is the usual one', textual({ rolloutValue: 'r' }), { rolloutValue: null }, 'a'],
    ['of a boolean flag is true', aDefinition(), { defaultValue: true }, true],
    ['of a boolean flag is true again', aDefinition({ rolloutValue: false }), { rolloutValue: null }, true],
    ['of a boolean flag may be false', aDefinition(), { rolloutValue: false }, false],
  ] as const)('%s', (_, current, changes, expected) => {
    expect(redefined(current, changes).rolloutValue).toBe(expected);
  });
});

describe('what is past', () => {
  const schedule = [
    { at: PAST, set: { enabled: true } },
    { at: NOW.getTime(), set: { enabled: false, rolloutPercentage: 5 } },
    { at: FUTURE, set: { enabled: true, rolloutPercentage: 6 } },
  ];
  const ramp = { from: 0, to: 100, startsAt: NOW.getTime(), endsAt: FUTURE };

  it('is taken from the schedule, for the one property', () => {
    const left = withoutPast(aDefinition({ schedule, ramp }), 'enabled', NOW);
    expect(left.schedule).toEqual([{ at: NOW.getTime(), set: { rolloutPercentage: 5 } }, schedule[2]]);
    expect(left.ramp).toBe(ramp);
  });

  it('ends a ramp that has begun, together with its percentage', () => {
    const left = withoutPast(aDefinition({ schedule, ramp }), 'rolloutPercentage', NOW);
    expect(left.schedule).toEqual([schedule[0], { at: NOW.getTime(), set: { enabled: false } }, schedule[2]]);
    expect(left.ramp).toBeNull();
    const later = { ...ramp, startsAt: FUTURE, endsAt: FUTURE + 1 };
    expect(withoutPast(aDefinition({ ramp: later }), 'rolloutPercentage', NOW).ramp).toEqual(later);
  });
});

it('two values are the same when their JSON is', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(sameJson(a, structuredClone(a))).toBe(true);
      expect(sameJson(a, b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});
