import fc from 'fast-check';
import type { Condition } from '#flag-evaluator';
import { aFlagInput } from '../../testing/a-flag-input.js';
import type { FlagDetails } from '../../testing/a-flag-input.js';
import { aRule, expectSame, NOW, withVariants } from '../../testing/in-flagd.js';

const keys = fc.oneof(
  fc.nat(50).map((n) => `user-${n}`),
  fc.nat(9),
  fc.constantFrom<unknown>('', null, true, [], ['user-1'], {}),
);
const scalars = fc.constantFrom<boolean | number | string>(
  ...[
    'DE',
    'FR',
    'a',
    'ab',
    'abc',
    '',
    'object',
    '[object',
    'null',
    'true',
    '5',
    '5.0',
    '1e1',
    '-3',
    ' 5',
    '0x10',
    '1.2.3',
  ],
  ...['v1.2', '2026-05-01', '1.2.3-beta.1', 'Infinity', '+5', '.5', '5.', '018', '1.05'],
  ...[0, 5, 10, -3, 1.05, 1e21, 1e-7, true, false],
);
const attributes = fc.constantFrom('country', 'age', 'user.plan', 'tags', 'user');
const things = fc.oneof(
  { weight: 6, arbitrary: scalars },
  fc.array(fc.oneof(scalars, fc.constantFrom(null, ['a'], [5], { a: 1 })), { maxLength: 3 }),
  fc.constantFrom<unknown>(null, {}, { plan: 'a' }, [], new Date(0)),
);
/** As both read them, or neither. */
const versions = fc.constantFrom<unknown>(
  ...[
    '1.2.3',
    'v1.2',
    '1',
    '1.10.0',
    '1.2.3-beta.1',
    '1.2.3-beta.11',
    '1.2.3-alpha',
    '1.2.3+build',
    '1.2.3.4',
    'new',
    '',
    2,
    true,
  ],
);
const contexts = fc.record(
  {
    targetingKey: keys,
    user_id: keys,
    country: things,
    age: things,
    version: versions,
    tags: things,
    user: fc.oneof(
      things,
      fc.record({ plan: things, id: keys }, { requiredKeys: [], noNullPrototype: true }),
    ),
    'user.plan': scalars,
    'user.id': keys.filter((key) => key !== null),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const onText = fc.record({
  attribute: attributes,
  operator: fc.constantFrom(
    ...(['eq', 'neq', 'in', 'not_in', 'contains', 'not_contains', 'starts_with', 'ends_with'] as const),
  ),
  value: fc.oneof(scalars, fc.array(scalars, { maxLength: 3 })),
});
const onNumber = fc.record({
  attribute: attributes,
  operator: fc.constantFrom(...(['gt', 'gte', 'lt', 'lte'] as const)),
  value: fc.constantFrom<number | string>(5, 1.05, '5', -3, 10),
});
const onVersion = fc.record({
  attribute: fc.constant('version'),
  operator: fc.constantFrom(...(['semver_gt', 'semver_gte', 'semver_lt', 'semver_lte'] as const)),
  value: fc.constantFrom('1.2.3', 'v1.2', '1', '1.2.3-beta.1', '1.2.3-beta.2'),
});
const onPresence = fc.record({
  attribute: attributes,
  operator: fc.constantFrom(...(['exists', 'not_exists'] as const)),
});

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.oneof(onText, onNumber, onVersion, onPresence),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
    fc.record({ segment: fc.constantFrom('staff', 'nowhere') }),
    fc.record({ flag: fc.constantFrom('base', 'nowhere'), equals: fc.boolean() }),
  ),
}));

const percentages = fc.oneof(
  fc.constantFrom(0, 100),
  fc.nat(100_000).map((thousandths) => thousandths / 1000),
);
const details = fc
  .record({
    enabled: fc.boolean().map((is) => is || true),
    defaultValue: fc.constantFrom('none', null),
    rolloutValue: fc.constant('rolled out'),
    rolloutPercentage: percentages,
    bucketBy: fc.constantFrom(null, 'user.plan', 'country'),
    shares: fc
      .array(fc.nat(5), { maxLength: 3 })
      .filter((weights) => weights.length === 0 || Math.max(...weights) > 0),
    rules: fc.array(
      fc.record({
        conditions: fc.array(condition, { minLength: 1, maxLength: 3 }),
        rolloutPercentage: fc.option(percentages),
      }),
      { maxLength: 3 },
    ),
    needs: fc.option(fc.boolean(), { freq: 4 }),
    environment: fc.constantFrom(
      {},
      { rolloutPercentage: 30 },
      { enabled: false },
      { value: 'all' },
      { defaultValue: 'env' },
    ),
    override: fc.option(fc.constant('own'), { freq: 5 }),
  })
  .map(({ shares, rules, needs, environment, override, ...rest }): FlagDetails => ({
    type: 'string',
    ...rest,
    variants: withVariants(
      shares.map((weight, index) => ({ name: `v${index}`, value: `V${index}`, weight })),
    ),
    targetingRules: rules.map((rule, index) =>
      aRule({ ...rule, id: `r${index}`, priority: -index, result: `rule ${index}` }),
    ),
    prerequisites: needs === null ? [] : [{ flag: 'base', equals: needs }],
    environmentOverrides: { production: environment },
    tenantOverrides: override === null ? {} : { acme: override },
  }));

const worlds = fc.record({
  tested: details,
  base: fc.record({
    rolloutPercentage: percentages,
    targets: fc.array(fc.oneof(onText, onNumber), { maxLength: 2 }),
  }),
  staff: fc.record({
    include: fc.array(fc.constantFrom('user-1', 'user-2', '3', 'true'), { maxLength: 3 }),
    exclude: fc.array(fc.constantFrom('user-2', 'user-3', '4'), { maxLength: 2 }),
    conditions: fc.array(fc.oneof(onText, onVersion, onPresence), { maxLength: 2 }),
  }),
  tenant: fc.constantFrom(null, 'acme', 'other'),
  environment: fc.constantFrom(null, 'production', 'staging'),
  contexts: fc.array(contexts, { minLength: 250, maxLength: 250 }),
});

it('law: flagd gives every caller the same value: 10,000 contexts on random flags', () => {
  fc.assert(
    fc.property(worlds, ({ tested, base, staff, tenant, environment, contexts: callers }) => {
      const flags = [
        aFlagInput('tested', tested),
        aFlagInput('base', {
          rolloutPercentage: base.rolloutPercentage,
          targetingRules: base.targets.map((one, index) =>
            aRule({ id: `b${index}`, conditions: [one], result: index === 0 }),
          ),
        }),
      ];
      const at = { tenant, environment, now: NOW };
      expectSame({ flags, segments: [{ name: 'staff', definition: staff }], at }, callers);
    }),
    { numRuns: 40 },
  );
});
