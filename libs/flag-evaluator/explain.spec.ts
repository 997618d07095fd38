import type { FlagInput, SegmentInput } from './definition.js';
import type { Circumstances, EvaluationContext, TraceStep } from './evaluation.js';
import { aFlag, aRule, aSegment, setOf, SOME_TIME } from './testing/builders.js';

interface Asked {
  readonly context?: EvaluationContext;
  readonly at?: Partial<Circumstances>;
  readonly segments?: readonly SegmentInput[];
}

function traceOf(
  flags: readonly FlagInput[],
  { context = {}, at = {}, segments = [] }: Asked = {},
): readonly TraceStep[] {
  return setOf(flags, segments).explain('asked', context, { ...SOME_TIME, ...at })?.trace ?? [];
}

/** Step, outcome and depth of each step. */
const outline = (trace: readonly TraceStep[]) =>
  trace.map(({ step, outcome, depth }) => `${depth} ${step} ${outcome}`);

describe('an explanation', () => {
  it('is none for a flag that is not there', () => {
    expect(setOf([]).explain('asked', {}, SOME_TIME)).toBeUndefined();
  });

  it('shows each step in the order taken, with what was asked for and what the context has', () => {
    const rule = aRule({
      description: 'adults of the US',
      rolloutPercentage: 25,
      conditions: [
        { attribute: 'country', operator: 'eq', value: 'US' },
        { attribute: 'user.age', operator: 'gte', value: 18 },
      ],
    });
    const other = aRule({ id: 'other', priority: 1, conditions: [{ attribute: 'vip', operator: 'exists' }] });
    const flag = aFlag('asked', { salt: 'checkout', rolloutPercentage: 40, targetingRules: [rule, other] });
    const context = { targetingKey: 'user-1', country: 'US', user: { age: 30 } };
    expect(traceOf([flag], { context, at: { tenant: 'acme', environment: 'test' } })).toEqual([
      { step: 'flag', outcome: 'matched', depth: 0, detail: 'The flag "asked", version 1.' },
      { step: 'enabled', outcome: 'matched', depth: 0, detail: 'The flag is enabled.' },
      {
        step: 'tenant_override',
        outcome: 'skipped',
        depth: 0,
        detail: 'The tenant "acme" has no value of its own.',
      },
      {
        step: 'environment_override',
        outcome: 'skipped',
        depth: 0,
        detail: 'The environment "test" has no value for all.',
      },
      {
        step: 'rule',
        outcome: 'not_matched',
        depth: 0,
        detail: 'The rule "rule" (adults of the US): the caller is outside of its rollout.',
        ruleId: 'rule',
        hashed: 'checkout:gate:user-1',
        bucket: 30_077,
        threshold: 25_000,
      },
      {
        step: 'condition',
        outcome: 'matched',
        depth: 1,
        detail: 'Holds: "country" is "US", asked for eq "US".',
        attribute: 'country',
        operator: 'eq',
        expected: 'US',
        actual: 'US',
      },
      {
        step: 'condition',
        outcome: 'matched',
        depth: 1,
        detail: 'Holds: "user.age" is 30, asked for gte 18.',
        attribute: 'user.age',
        operator: 'gte',
        expected: 18,
        actual: 30,
      },
      {
        step: 'rule',
        outcome: 'not_matched',
        depth: 0,
        detail: 'The rule "other": a condition does not hold.',
        ruleId: 'other',
      },
      {
        step: 'condition',
        outcome: 'not_matched',
        depth: 1,
        detail: 'Does not hold: the context has no "vip", asked for exists.',
        attribute: 'vip',
        operator: 'exists',
      },
      {
        step: 'rollout',
        outcome: 'decided',
        depth: 0,
        detail: 'The caller is inside of the rollout.',
        hashed: 'checkout:gate:user-1',
        bucket: 30_077,
        threshold: 40_000,
      },
    ]);
  });

  it('shows the draw among variants', () => {
    const variants = [{ name: 'blue', value: 'b', weight: 1, ranges: [{ from: 0, until: 100_000 }] }];
    expect(traceOf([aFlag('asked', { variants })], { context: { targetingKey: 'user-1' } }).at(-1)).toEqual({
      step: 'variant',
      outcome: 'decided',
      depth: 0,
      detail: 'The variant "blue" serves "b".',
      hashed: 'checkout:variant:user-1',
      bucket: 95_660,
    });
  });

  it('goes into groups, segments and other flags, each once', () => {
    const inner = { attribute: 'x', operator: 'exists' } as const;
    const conditions = [
      { any: [{ not: { segment: 'few' } }, inner] },
      { segment: 'few' },
      { flag: 'other', equals: true },
    ];
    const flags = [
      aFlag('asked', {
        prerequisites: [{ flag: 'other', equals: true }],
        targetingRules: [aRule({ conditions })],
      }),
      aFlag('other'),
    ];
    const segments = [aSegment('few', { conditions: [inner] })];
    expect(outline(traceOf(flags, { context: { x: 1 }, segments }))).toEqual([
      '0 flag matched',
      '0 enabled matched',
      '0 prerequisite matched',
      '1 flag matched',
      '1 enabled matched',
      '1 rollout decided',
      '0 rule decided',
      '1 condition matched',
      '2 condition not_matched',
      '3 segment matched',
      '4 condition matched',
      '2 condition matched',
      '1 segment matched',
      '1 condition matched',
      '2 flag matched',
    ]);
  });

  it.each<readonly [string, FlagInput, readonly string[]]>([
    ['a disabled flag', aFlag('asked', { enabled: false }), ['0 enabled decided']],
    ['an expired flag', aFlag('asked', { expiresAt: 1 }), ['0 enabled matched', '0 expiry decided']],
    [
      'a disabled and expired flag',
      aFlag('asked', { enabled: false, expiresAt: 1 }),
      ['0 enabled failed', '0 expiry decided'],
    ],
    [
      'a flag that waits for its end',
      aFlag('asked', { expiresAt: SOME_TIME.now + 1 }),
      ['0 enabled matched', '0 expiry skipped', '0 rollout decided'],
    ],
    [
      'an unmet prerequisite',
      aFlag('asked', { prerequisites: [{ flag: 'gone', equals: 1 }] }),
      ['0 enabled matched', '0 prerequisite decided'],
    ],
    [
      'a rollout to nobody',
      aFlag('asked', { rolloutPercentage: 0 }),
      ['0 enabled matched', '0 rollout not_matched', '0 default decided'],
    ],
    ['a missing key', aFlag('asked', { rolloutPercentage: 5 }), ['0 enabled matched', '0 rollout decided']],
  ])('of %s ends where it was decided', (_, flag, steps) => {
    expect(outline(traceOf([flag]))).toEqual(['0 flag matched', ...steps]);
  });

  it('says which override decided', () => {
    const parts = { tenantOverrides: { acme: true }, environmentOverrides: { test: { value: false } } };
    const last = (at: Partial<Circumstances>) => traceOf([aFlag('asked', parts)], { at }).at(-1);
    expect(last({ tenant: 'acme', environment: 'test' })).toMatchObject({
      step: 'tenant_override',
      outcome: 'decided',
      detail: 'The tenant "acme" has the value true.',
    });
    expect(last({ tenant: 'x', environment: 'test' })).toMatchObject({
      step: 'environment_override',
      outcome: 'decided',
      detail: 'The environment "test" has the value false.',
    });
  });

  it('of a circle says so', () => {
    const flag = aFlag('asked', { prerequisites: [{ flag: 'asked', equals: true }] });
    const { evaluation, trace } = setOf([flag]).explain('asked', {}, SOME_TIME) ?? {};
    expect(evaluation).toMatchObject({ errorCode: 'GENERAL' });
    expect(trace?.at(-1)).toMatchObject({
      step: 'flag',
      outcome: 'failed',
      detail: expect.stringContaining('circle'),
    });
  });

  it('shows of long values the beginning, and of what is no JSON nothing', () => {
    const asks = (context: EvaluationContext) =>
      traceOf(
        [
          aFlag('asked', {
            targetingRules: [aRule({ conditions: [{ attribute: 'x', operator: 'eq', value: 1 }] })],
          }),
        ],
        { context },
      ).find(({ step }) => step === 'condition');
    expect(asks({ x: 'a'.repeat(5000) })?.actual).toBe(`"${'a'.repeat(999)}…`);
    expect(asks({ x: { y: [1, null] } })?.actual).toEqual({ y: [1, null] });
    expect(asks({ x: [1n] })).not.toHaveProperty('actual');
  });
});
