import fc from 'fast-check';
import { OPERATORS } from '../definition.js';
import type {
  Condition,
  FlagDefinition,
  FlagInput,
  FlagValue,
  SegmentInput,
  TargetingRule,
} from '../definition.js';
import type { Circumstances } from '../evaluation.js';

/** Few names, so that flags, segments, tenants and environments do meet. */
const NAMES = ['a', 'b', 'c', 'd'];
const names = fc.constantFrom(...NAMES, 'nobody');
const attributes = fc.constantFrom(
  'x',
  'y.z',
  'list',
  'targetingKey',
  'user.id',
  '__proto__',
  'constructor.name',
  '',
);
const scalars = fc.oneof(
  fc.constantFrom<string | number | boolean>(
    'US',
    '1.2.3',
    '2026-01-01T00:00:00Z',
    '10.0.0.0/8',
    '^a+$',
    '(',
    'a,b',
    '5',
    5,
    0,
    true,
  ),
  fc.string({ maxLength: 5 }),
  fc.double(),
);
const values: fc.Arbitrary<FlagValue> = fc.oneof(
  fc.constantFrom<FlagValue>(true, false, 'on', 'off', 1, 2),
  fc.constant({ a: [1, { b: null }] }),
);
const percentages = fc.oneof(
  fc.constantFrom(0, 50, 100),
  fc.integer({ min: 0, max: 100_000 }).map((n) => n / 1000),
);
const instants = fc.integer({ min: 0, max: 20 });

/** Definitions as no check would let them pass: references to nowhere and in circles, patterns that are none. */
export const anyCondition: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record(
      {
        attribute: attributes,
        operator: fc.constantFrom(...OPERATORS),
        value: fc.oneof(scalars, fc.array(scalars, { maxLength: 12 })),
      },
      { requiredKeys: ['attribute', 'operator'] },
    ),
    fc.record({ segment: names }),
    fc.record({ flag: names, equals: values }),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
})).condition;

const rules: fc.Arbitrary<TargetingRule> = fc
  .record({
    id: fc.string({ maxLength: 3 }),
    priority: fc.integer({ min: 0, max: 3 }),
    description: fc.option(fc.string()),
    conditions: fc.array(anyCondition, { maxLength: 3 }),
    result: values,
    variant: fc.option(names),
    rolloutPercentage: fc.option(percentages),
  })
  .map((rule) => (rule.variant === null ? rule : { ...rule, result: null }));

const override = fc.record(
  { enabled: fc.boolean(), defaultValue: values, rolloutPercentage: percentages, value: values },
  { requiredKeys: [] },
);

const definitions: fc.Arbitrary<FlagDefinition> = fc.record({
  type: fc.constantFrom('boolean', 'string', 'number', 'object'),
  enabled: fc.oneof(
    { weight: 5, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  defaultValue: fc.option(values),
  rolloutValue: fc.option(values),
  rolloutPercentage: percentages,
  bucketBy: fc.option(attributes),
  variants: fc.array(
    fc.record({
      name: names,
      value: values,
      weight: fc.nat(),
      ranges: fc.constantFrom(
        [],
        [{ from: 0, until: 50_000 }],
        [{ from: 50_000, until: 100_000 }],
        [{ from: 0, until: 100_000 }],
      ),
    }),
    { maxLength: 2 },
  ),
  salt: fc.string({ maxLength: 5 }),
  targetingRules: fc.array(rules, { maxLength: 3 }),
  tenantOverrides: fc.dictionary(names, values, { maxKeys: 1 }),
  environmentOverrides: fc.dictionary(names, override, { maxKeys: 2 }),
  prerequisites: fc.array(fc.record({ flag: names, equals: values }), { maxLength: 1 }),
  expiresAt: fc.option(instants, { freq: 2 }),
  schedule: fc.array(
    fc.record({
      at: instants,
      set: fc.record({ enabled: fc.boolean(), rolloutPercentage: percentages }, { requiredKeys: [] }),
    }),
    { maxLength: 2 },
  ),
  ramp: fc.option(fc.record({ from: percentages, to: percentages, startsAt: instants, endsAt: instants }), {
    freq: 2,
  }),
});

export const anyFlag: fc.Arbitrary<FlagInput> = fc.record({
  name: fc.constantFrom(...NAMES),
  version: fc.nat(),
  isArchived: fc.constant(false),
  isClientVisible: fc.boolean(),
  definition: definitions,
});

const anySegment: fc.Arbitrary<SegmentInput> = fc.record({
  name: fc.constantFrom(...NAMES),
  definition: fc.record({
    include: fc.array(scalars.map(String), { maxLength: 2 }),
    exclude: fc.array(scalars.map(String), { maxLength: 2 }),
    conditions: fc.array(anyCondition, { maxLength: 2 }),
  }),
});

export const anyContent = fc.record({
  flags: fc.array(anyFlag, { minLength: 1, maxLength: 5 }),
  segments: fc.array(anySegment, { maxLength: 4 }),
});

/** A context as JSON brings it. */
export const anyJsonContext: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  fc.record(
    {
      targetingKey: fc.oneof(fc.string({ unit: 'binary' }), fc.integer()),
      x: scalars,
      y: fc.record({ z: scalars }),
      list: fc.array(scalars, { maxLength: 3 }),
      user: fc.record({ id: scalars }),
    },
    { requiredKeys: [] },
  ),
  fc.dictionary(attributes, fc.jsonValue()),
);

export const anyCircumstances: fc.Arbitrary<Circumstances> = fc.record({
  tenant: fc.option(names),
  environment: fc.option(names),
  now: instants,
});
