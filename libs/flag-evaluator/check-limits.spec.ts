import { checkFlag } from './check-flag.js';
import { checkSegment } from './check-segment.js';
import type { Condition, FlagDefinition, TargetingRule, Variant } from './definition.js';
import { aDefinition, aRule } from './testing/builders.js';

const rule = (id: string, conditions: readonly Condition[] = []): TargetingRule => aRule({ id, conditions });

const variant = (name: string): Variant => ({ name, value: true, weight: 1, ranges: [] });

/** The problems of a sound flag with these changes, as `pointer code`. */
const problemsOf = (changes: Partial<FlagDefinition>): string[] =>
  checkFlag(aDefinition(changes)).map(({ pointer, code }) => `${pointer} ${code}`);

const problemsIn = (...conditions: Condition[]): string[] =>
  checkSegment({ include: [], exclude: [], conditions }).map(({ pointer, code }) => `${pointer} ${code}`);

it('keeps to the limits, and says so once', () => {
  const many = <T>(count: number, one: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, i) => one(i));
  const exists: Condition = { attribute: 'a', operator: 'exists' };
  expect(problemsOf({ targetingRules: many(101, (i) => rule(`r${i}`)) })).toEqual([
    '/targetingRules too_many',
  ]);
  expect(problemsOf({ variants: many(101, (i) => variant(`v${i}`)) })).toEqual(['/variants too_many']);
  expect(
    problemsOf({
      targetingRules: many(100, (i) =>
        rule(
          `r${i}`,
          many(10, () => exists),
        ),
      ),
    }),
  ).toEqual([]);
  expect(problemsIn(...many(1000, () => exists))).toEqual([]);
  expect(problemsIn(...many(5000, () => exists))).toEqual(['/conditions/1000 too_many']);
  const deep = (depth: number): Condition => (depth === 1 ? exists : { not: deep(depth - 1) });
  expect(problemsIn(deep(16))).toEqual([]);
  expect(problemsIn(deep(17))).toEqual([`/conditions/0${'/not'.repeat(16)} too_deep`]);
  expect(problemsIn({ attribute: 'a', operator: 'in', value: many(10_000, String) })).toEqual([]);
  expect(problemsIn({ attribute: 'a', operator: 'in', value: many(10_001, String) })).toEqual([
    '/conditions/0/value too_many',
  ]);
  expect(problemsIn({ attribute: 'a', operator: 'in', value: many(10_001, String).join(',') })).toEqual([
    '/conditions/0/value too_many',
  ]);
  expect(
    checkSegment({ include: many(10_001, String), exclude: [''], conditions: [] }).map(
      ({ pointer }) => pointer,
    ),
  ).toEqual(['/include', '/exclude/0']);
});
