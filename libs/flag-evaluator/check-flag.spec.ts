import fc from 'fast-check';
import { checkFlag } from './check-flag.js';
import { checkSegment } from './check-segment.js';
import type { Condition, FlagDefinition, FlagValue, Json, TargetingRule, Variant } from './definition.js';
import { aDefinition, aRule } from './testing/builders.js';

const sound = aDefinition({ rolloutPercentage: 33.333 });

const rule = (parts: Partial<TargetingRule>): TargetingRule => aRule({ id: 'r1', ...parts });

const variant = (changes: Partial<Variant>): Variant => ({
  name: 'on',
  value: true,
  weight: 1,
  ranges: [],
  ...changes,
});

/** The problems of a sound flag with these changes, as `pointer code`. */
const problemsOf = (changes: Partial<FlagDefinition>): string[] =>
  checkFlag({ ...sound, ...changes }).map(({ pointer, code }) => `${pointer} ${code}`);

const problemsIn = (...conditions: Condition[]): string[] =>
  checkSegment({ include: [], exclude: [], conditions }).map(({ pointer, code }) => `${pointer} ${code}`);

const nested = (depth: number): FlagValue => {
  let value: Json[] = [];
  for (let level = 1; level < depth; level++) value = [value];
  return value;
};

it('finds nothing wrong with a flag that uses everything', () => {
  const definition: FlagDefinition = {
    ...sound,
    variants: [
      variant({ weight: 0.5, ranges: [{ from: 0, until: 100_000 }] }),
      variant({ name: 'off', value: false, weight: 0 }),
    ],
    targetingRules: [
      rule({
        conditions: [{ attribute: 'a.b', operator: 'regex', value: '^a+$' }],
        rolloutPercentage: 0.001,
      }),
      rule({ id: 'r2', result: null, variant: 'off', conditions: [{ any: [{ segment: 's' }] }] }),
    ],
    tenantOverrides: { acme: true },
    environmentOverrides: {
      production: { enabled: false, defaultValue: true, rolloutPercentage: 0, value: false },
    },
    prerequisites: [{ flag: 'other', equals: { any: [null] } }],
    expiresAt: 1,
    schedule: [
      { at: 1, set: { enabled: true } },
      { at: 2, set: { rolloutPercentage: 50 } },
    ],
    ramp: { from: 100, to: 0, startsAt: 1, endsAt: 2 },
  };
  expect(checkFlag(definition)).toEqual([]);
});

it('finds all problems at once, each with its place, a code and a sentence', () => {
  expect(
    checkFlag({
      ...sound,
      defaultValue: 'no',
      rolloutPercentage: 101,
      targetingRules: [rule({ conditions: [{ attribute: 'age', operator: 'gt', value: 'old' }] })],
      tenantOverrides: { 'a/b~c': true },
    }),
  ).toEqual([
    { pointer: '/defaultValue', code: 'value_type', detail: 'This flag has values of the type boolean.' },
    { pointer: '/rolloutPercentage', code: 'range', detail: 'A percentage lies between 0 and 100.' },
    {
      pointer: '/targetingRules/0/conditions/0/value',
      code: 'operator_value',
      detail: 'gt compares with a number.',
    },
    {
      pointer: '/tenantOverrides/a~1b~0c',
      code: 'pattern',
      detail: 'It has 1 to 63 of a-z 0-9 - and does not start with -.',
    },
  ]);
});

it('wants every value to be of the type of the flag', () => {
  expect(
    problemsOf({
      rolloutValue: 'yes',
      variants: [variant({ value: 1 })],
      targetingRules: [rule({ result: [true] })],
      tenantOverrides: { acme: 'yes' },
      environmentOverrides: { production: { value: 0, defaultValue: 'no' } },
    }),
  ).toEqual([
    '/rolloutValue value_type',
    '/variants/0/value value_type',
    '/targetingRules/0/result value_type',
    '/tenantOverrides/acme value_type',
    '/environmentOverrides/production/defaultValue value_type',
    '/environmentOverrides/production/value value_type',
  ]);
});

it.each<[FlagDefinition['type'], FlagValue]>([
  ['boolean', false],
  ['string', ''],
  ['number', -0.5],
  ['object', {}],
  ['object', [null]],
])('takes as %s the value %j', (type, value) => {
  expect(problemsOf({ type, defaultValue: value, rolloutValue: value })).toEqual([]);
});

it('lets the default of the code apply, and then wants no rollout value', () => {
  expect(problemsOf({ type: 'string', defaultValue: null, rolloutValue: null })).toEqual([]);
  expect(problemsOf({ rolloutValue: null })).toEqual(['/rolloutValue required']);
  expect(problemsOf({ rolloutValue: null, variants: [variant({})] })).toEqual([]);
});

it('refuses values that are no JSON, too large or too deep', () => {
  const valueProblem = (value: FlagValue): string[] =>
    problemsOf({ type: 'object', defaultValue: value, rolloutValue: {} });
  expect(valueProblem({ a: [Number.NaN] })).toEqual(['/defaultValue type']);
  expect(valueProblem(['x'.repeat(65_530)])).toEqual([]);
  expect(valueProblem(['x'.repeat(65_540)])).toEqual(['/defaultValue too_large']);
  expect(valueProblem(['ü'.repeat(32_780)])).toEqual(['/defaultValue too_large']);
  expect(valueProblem({ ['k'.repeat(65_540)]: 1 })).toEqual(['/defaultValue too_large']);
  expect(valueProblem(nested(64))).toEqual([]);
  expect(valueProblem(nested(65))).toEqual(['/defaultValue too_deep']);
  expect(valueProblem(nested(100_000))).toEqual(['/defaultValue too_deep']);
  const circle: Json[] = [];
  circle.push(circle);
  expect(valueProblem(circle)).toEqual(['/defaultValue too_deep']);
});

it.each([
  [-0.001, 'range'],
  [100.001, 'range'],
  [Number.NaN, 'range'],
  [Infinity, 'range'],
  [33.3333, 'decimals'],
  [1e-9, 'decimals'],
])('refuses the percentage %d everywhere', (percentage, code) => {
  expect(
    problemsOf({
      rolloutPercentage: percentage,
      targetingRules: [rule({ rolloutPercentage: percentage })],
      environmentOverrides: { production: { rolloutPercentage: percentage } },
      schedule: [{ at: 1, set: { rolloutPercentage: percentage } }],
      ramp: { from: percentage, to: percentage, startsAt: 1, endsAt: 2 },
    }),
  ).toEqual([
    `/rolloutPercentage ${code}`,
    `/targetingRules/0/rolloutPercentage ${code}`,
    `/environmentOverrides/production/rolloutPercentage ${code}`,
    `/schedule/0/set/rolloutPercentage ${code}`,
    `/ramp/from ${code}`,
    `/ramp/to ${code}`,
  ]);
});

it('law: takes every thousandth of a percent', () => {
  fc.assert(
    fc.property(fc.nat(100_000), (thousandths) => {
      expect(problemsOf({ rolloutPercentage: thousandths / 1000 })).toEqual([]);
    }),
  );
});

it('wants variants with different names, weights that sum up to something, and ranges apart', () => {
  expect(problemsOf({ variants: [variant({ name: '' }), variant({ name: 'x'.repeat(256) })] })).toEqual([
    '/variants/0/name length',
    '/variants/1/name length',
  ]);
  expect(problemsOf({ variants: [variant({}), variant({ name: 'b' }), variant({})] })).toEqual([
    '/variants/2/name duplicate',
  ]);
  expect(
    problemsOf({ variants: [variant({ weight: -1 }), variant({ name: 'b', weight: Infinity })] }),
  ).toEqual(['/variants/0/weight range', '/variants/1/weight range']);
  expect(problemsOf({ variants: [variant({ weight: 0 })] })).toEqual(['/variants weights']);
  expect(
    problemsOf({
      variants: [
        variant({
          ranges: [
            { from: 10, until: 20 },
            { from: 5, until: 5 },
          ],
        }),
        variant({
          name: 'b',
          ranges: [
            { from: 19, until: 100_001 },
            { from: 0, until: 11 },
          ],
        }),
      ],
    }),
  ).toEqual(['/variants/0/ranges/1 range', '/variants/1/ranges/0 range', '/variants/0/ranges/0 overlap']);
});

it('wants rules with different ids, each with a result or one of the variants', () => {
  expect(
    problemsOf({
      variants: [variant({})],
      targetingRules: [
        rule({ id: '', priority: Number.NaN }),
        rule({ result: null }),
        rule({ result: true, variant: 'on' }),
        rule({ id: 'r3', result: null, variant: 'gone' }),
      ],
    }),
  ).toEqual([
    '/targetingRules/0/id length',
    '/targetingRules/0/priority type',
    '/targetingRules/1 required',
    '/targetingRules/2/variant exclusive',
    '/targetingRules/3/variant unknown_variant',
    '/targetingRules/2/id duplicate',
  ]);
});

it('wants times that are some, in order', () => {
  expect(
    problemsOf({
      expiresAt: Number.NaN,
      schedule: [
        { at: 2, set: { enabled: true } },
        { at: 2, set: { enabled: false } },
        { at: 1, set: {} },
        { at: 8.64e15 + 1, set: { enabled: true } },
      ],
      ramp: { from: 0, to: 1, startsAt: 5, endsAt: 5 },
    }),
  ).toEqual([
    '/expiresAt instant',
    '/schedule/1/at duplicate',
    '/schedule/2/at order',
    '/schedule/2/set required',
    '/schedule/3/at instant',
    '/ramp/endsAt order',
  ]);
});

it('wants slugs for tenants and environments', () => {
  const long = 'a'.repeat(64);
  expect(
    problemsOf({ tenantOverrides: { '-a': true, [long]: true }, environmentOverrides: { Prod: {}, '': {} } }),
  ).toEqual([
    '/tenantOverrides/-a pattern',
    `/tenantOverrides/${long} pattern`,
    '/environmentOverrides/Prod pattern',
    '/environmentOverrides/ pattern',
  ]);
});

it('wants names that say something', () => {
  expect(problemsOf({ salt: '', bucketBy: '', prerequisites: [{ flag: '', equals: Number.NaN }] })).toEqual([
    '/bucketBy length',
    '/salt length',
    '/prerequisites/0/flag length',
    '/prerequisites/0/equals type',
  ]);
  expect(problemsIn({ segment: '' }, { flag: '', equals: 1 }, { attribute: '', operator: 'exists' })).toEqual(
    ['/conditions/0/segment length', '/conditions/1/flag length', '/conditions/2/attribute length'],
  );
});
