import { bucketOf, compileFlagSet } from '#flag-evaluator';
import type { Condition, FlagInput, SegmentInput } from '#flag-evaluator';
import { aFlagInput } from '../../testing/a-flag-input.js';
import type { FlagDetails } from '../../testing/a-flag-input.js';
import { aRule, AT, expectSame, exported, flagdOf, NOW, withVariants } from '../../testing/in-flagd.js';
import { toFlagd } from './flagd-export.js';

it('draws to the very bucket', () => {
  for (let user = 0; user < 40; user++) {
    const context = { targetingKey: `user-${user}` };
    const bucket = bucketOf(`gate:gate:user-${user}`);
    const flags = [
      aFlagInput('outside', { salt: 'gate', rolloutPercentage: bucket / 1000 }),
      aFlagInput('inside', { salt: 'gate', rolloutPercentage: (bucket + 1) / 1000 }),
    ];
    const inFlagd = flagdOf(exported(flags));
    expect(flags.map((flag) => inFlagd(flag, context))).toEqual([false, true]);
  }
});

it('gives the same callers the same variants', () => {
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

it('leaves out what segments within segments make endless', () => {
  const flag = (name: string, segment: string): FlagInput =>
    aFlagInput(name, { targetingRules: [aRule({ conditions: [{ segment }], result: false })] });
  const nested = (count: number): SegmentInput[] =>
    Array.from({ length: count }, (_, index) => ({
      name: `s${index}`,
      definition: {
        include: [],
        exclude: [],
        conditions:
          index === 0
            ? [{ attribute: 'a', operator: 'exists' }]
            : [{ any: [{ segment: `s${index - 1}` }, { not: { segment: `s${index - 1}` } }] }],
      },
    }));
  const { flags, omitted } = exported(
    [flag('near', 's3'), flag('wide', 's18'), flag('far', 's29')],
    nested(30),
  );
  expect(Object.keys(flags)).toEqual(['near']);
  expect(omitted.map(({ flag: name, code }) => [name, code])).toEqual([
    ['far', 'too_deep'],
    ['wide', 'too_large'],
  ]);
});

it.each(['contains', 'starts_with', 'ends_with'] as const)(
  'finds the empty text in every text: %s',
  (operator) => {
    const rule = aRule({ conditions: [{ attribute: 'a', operator, value: '' }], result: true });
    const flag = aFlagInput('any-text', { rolloutPercentage: 0, targetingRules: [rule] });
    const inFlagd = flagdOf(exported([flag]));
    expect([{ a: '' }, { a: 'x' }, { a: 5 }, {}, { a: {} }].map((context) => inFlagd(flag, context))).toEqual(
      [...[true, true, true], ...[false, false]],
    );
  },
);
