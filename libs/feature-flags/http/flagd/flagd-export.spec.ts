import { FlagdCore, MemoryStorage } from '@openfeature/flagd-core';
import fc from 'fast-check';
import { allotRanges, compileFlagSet } from '#flag-evaluator';
import type {
  Circumstances,
  Condition,
  FlagInput,
  FlagValue,
  SegmentInput,
  TargetingRule,
} from '#flag-evaluator';
import { aFlagInput } from '../../testing/a-flag-input.js';
import type { FlagDetails } from '../../testing/a-flag-input.js';
import { toFlagd } from './flagd-export.js';
import type { FlagdDocument } from './flagd-export.js';

const NOW = Date.UTC(2026, 4, 1);
const AT: Circumstances = { tenant: null, environment: null, now: NOW };
const SILENT = { error: ignore, warn: ignore, info: ignore, debug: ignore };
const NO_LAYER = { flags: [], segments: [] };

function ignore(): void {
  // What flagd says of each evaluation is not what is tested.
}

const aRule = (parts: Partial<TargetingRule>): TargetingRule => ({
  id: 'r',
  priority: 0,
  description: null,
  conditions: [],
  result: null,
  variant: null,
  rolloutPercentage: null,
  ...parts,
});

const withVariants = (
  shares: readonly { name: string; value: FlagValue; weight: number }[],
): FlagDetails['variants'] => {
  const ranges = allotRanges(shares, []);
  return shares.map((share) => ({ ...share, ranges: ranges.get(share.name) ?? [] }));
};

function exported(
  flags: readonly FlagInput[],
  segments: readonly SegmentInput[] = [],
  at = AT,
): FlagdDocument {
  return toFlagd({ shared: { flags, segments }, own: NO_LAYER }, at);
}

/** What flagd's own evaluator makes of a document. */
function flagdOf(document: FlagdDocument): (flag: FlagInput, context: object) => unknown {
  const core = new FlagdCore(undefined, SILENT);
  core.setConfigurations(JSON.stringify(document));
  return ({ name, definition: { type } }, context) =>
    core.resolve(type, name, 'default of the code' as never, context as never, SILENT).value;
}

function expectSame(
  {
    flags,
    segments = [],
    at = AT,
  }: { flags: readonly FlagInput[]; segments?: readonly SegmentInput[]; at?: Circumstances },
  contexts: readonly object[],
): void {
  const document = exported(flags, segments, at);
  new MemoryStorage(SILENT).setConfigurations(JSON.stringify(document), true); // Throws at what the schema refuses.
  const set = compileFlagSet({ flags, segments });
  const inFlagd = flagdOf(document);
  const left = new Set(document.omitted.map(({ flag }) => flag));
  for (const flag of flags.filter(({ name }) => !left.has(name))) {
    for (const context of contexts) {
      const here = set.evaluate(flag.name, context as Record<string, unknown>, at)?.value;
      const there = inFlagd(flag, context);
      if (JSON.stringify(there) !== JSON.stringify(here ?? 'default of the code'))
        throw new Error(
          `${flag.name}: ${JSON.stringify({ here, there, context, flag, written: document.flags[flag.name] })}`,
        );
    }
  }
}

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
  contexts: fc.array(contexts, { minLength: 100, maxLength: 100 }),
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
    { numRuns: 100 },
  );
});

it('draws the same share of callers, to the last bucket', () => {
  const flags = [
    aFlagInput('gate', { rolloutPercentage: 33.333 }),
    aFlagInput('split', {
      type: 'string',
      defaultValue: 'none',
      rolloutValue: 'none',
      rolloutPercentage: 80,
      variants: withVariants([
        { name: 'a', value: 'A', weight: 1 },
        { name: 'b', value: 'B', weight: 2.5 },
      ]),
    }),
  ];
  expectSame(
    { flags },
    Array.from({ length: 5000 }, (_, index) => ({ targetingKey: `user-${index}` })),
  );
});

it('notes what its SDK for JavaScript does otherwise: it hashes UTF-16 where we, and flagd, hash UTF-8', () => {
  const flag = aFlagInput('gate', { rolloutPercentage: 50 });
  const document = exported([flag]);
  expect(document.notes).toEqual([expect.stringContaining('hashes bucketing keys')]);
  expect(exported([aFlagInput('plain', {})]).notes).toEqual([]);
  const inFlagd = flagdOf(document);
  const set = compileFlagSet({ flags: [flag], segments: [] });
  const others = Array.from({ length: 200 }, (_, index) => ({ targetingKey: `ü-${index}` })).filter(
    (context) => inFlagd(flag, context) !== set.evaluate('gate', context, AT)?.value,
  );
  expect(others.length).toBeGreaterThan(50);
});

it('says in a document what it is for, and names what many flags need once', () => {
  const staff: SegmentInput = {
    name: 'staff',
    definition: {
      include: [],
      exclude: [],
      conditions: [{ attribute: 'team', operator: 'in', value: ['web'] }],
    },
  };
  const flag = aFlagInput('checkout', {
    version: 7,
    rolloutPercentage: 0,
    targetingRules: [aRule({ conditions: [{ segment: 'staff' }], result: true })],
  });
  expect(exported([flag], [staff], { ...AT, tenant: 'acme', environment: 'production' })).toEqual({
    $schema: 'https://flagd.dev/schema/v0/flags.json',
    flags: {
      checkout: {
        state: 'ENABLED',
        variants: { off: false, on: true },
        defaultVariant: 'off',
        targeting: { if: [{ $ref: 'segment-staff' }, 'on', 'off'] },
        metadata: { version: 7 },
      },
    },
    $evaluators: {
      'segment-staff': { some: [{ merge: [{ var: 'team' }] }, { in: [{ var: '' }, ['web']] }] },
    },
    metadata: { tenant_id: 'acme', environment: 'production' },
    omitted: [],
    notes: [],
  });
});

it('writes what a tenant owns over what is shared, and leaves references where their authors saw them', () => {
  const dependent = aFlagInput('dependent', { prerequisites: [{ flag: 'base', equals: true }] });
  const content = {
    shared: { flags: [aFlagInput('base', {}), dependent], segments: [] },
    own: { flags: [aFlagInput('base', { enabled: false })], segments: [] },
  };
  const { flags } = toFlagd(content, { ...AT, tenant: 'acme' });
  expect(flags['base']).toMatchObject({ defaultVariant: 'off' });
  expect(flags['dependent']).toMatchObject({ defaultVariant: 'on' });
});

it('follows the schedule and the expiry by the clock of flagd', () => {
  jest.useFakeTimers({ now: NOW });
  try {
    const flags = [
      aFlagInput('timed', {
        rolloutPercentage: 20,
        schedule: [
          { at: NOW - 1000, set: { rolloutPercentage: 40 } },
          { at: NOW + 10_000, set: { enabled: false } },
          { at: NOW + 20_000, set: { enabled: true, rolloutPercentage: 60 } },
        ],
        expiresAt: NOW + 30_000,
      }),
    ];
    const inFlagd = flagdOf(exported(flags));
    const set = compileFlagSet({ flags, segments: [] });
    const served = new Set<string>();
    for (const later of [0, 9999, 10_000, 19_999, 20_000, 29_999, 30_000]) {
      jest.setSystemTime(NOW + later);
      const here = Array.from({ length: 50 }, (_, key) =>
        set.evaluate('timed', { targetingKey: String(key) }, { ...AT, now: NOW + later }),
      ).map((evaluation) => evaluation?.value);
      const there = here.map((_, key) => inFlagd(flags[0]!, { targetingKey: String(key) }));
      expect(there).toEqual(here);
      served.add(JSON.stringify(here));
    }
    expect(served.size).toBe(3);
  } finally {
    jest.useRealTimers();
  }
});

const on = (value: Condition): FlagDetails => ({
  targetingRules: [aRule({ conditions: [value], result: true })],
});
it.each<[string, FlagDetails]>([
  ['operator', on({ attribute: 'a', operator: 'regex', value: 'a+' })],
  ['operator', on({ attribute: 'a', operator: 'in_cidr', value: '10.0.0.0/8' })],
  ['operator', on({ not: { attribute: 'a', operator: 'before', value: '2026-05-01T00:00:00Z' } })],
  ['version', on({ attribute: 'a', operator: 'semver_gt', value: '01.2' })],
  ['attribute', on({ attribute: 'user.length', operator: 'exists' })],
  ['attribute', on({ attribute: '__proto__', operator: 'exists' })],
  ['attribute', on({ attribute: 'list.0', operator: 'exists' })],
  ['attribute', on({ attribute: '$flagd.flagKey', operator: 'exists' })],
  ['salt', { salt: 'größe', rolloutPercentage: 50 }],
  ['list', { type: 'object', defaultValue: [1], rolloutValue: [1] }],
  ['ramp', { ramp: { from: 0, to: 100, startsAt: NOW, endsAt: NOW + 1000 } }],
  ['time', { expiresAt: NOW + 1 }],
  ['no_value', { type: 'string', defaultValue: null, rolloutValue: null }],
])('leaves out, by name and reason (%s), what flagd would evaluate otherwise', (code, given) => {
  const flag = aFlagInput('odd', given);
  const dependent = aFlagInput('dependent', { prerequisites: [{ flag: 'odd', equals: true }] });
  const { flags, omitted } = exported([flag, dependent, aFlagInput('plain', {})]);
  expect(Object.keys(flags)).not.toContain('odd');
  expect(Object.keys(flags)).toContain('plain');
  expect(omitted).toContainEqual({ flag: 'odd', code, detail: expect.any(String) as string });
});

it('leaves out what grows beyond measure through references', () => {
  const chain = Array.from({ length: 15 }, (_, index) =>
    aFlagInput(`f${index}`, {
      rolloutPercentage: 50,
      prerequisites: index === 0 ? [] : [{ flag: `f${index - 1}`, equals: true }],
      targetingRules:
        index === 0 ? [] : [aRule({ conditions: [{ flag: `f${index - 1}`, equals: false }], result: true })],
    }),
  );
  const { flags, omitted } = exported(chain);
  expect(Object.keys(flags).length + omitted.length).toBe(15);
  expect(omitted).toContainEqual({ flag: 'f14', code: 'too_large', detail: expect.any(String) as string });
});
