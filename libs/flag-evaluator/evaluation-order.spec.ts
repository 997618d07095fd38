import type { FlagDefinition, FlagInput, FlagValue } from './definition.js';
import type { Circumstances, Evaluation, EvaluationContext } from './evaluation.js';
import { murmur3 } from './murmur3.js';
import { aFlag, aRule, setOf, SOME_TIME } from './testing/builders.js';

const PLAIN: Evaluation = {
  value: false,
  reason: 'DEFAULT',
  variant: null,
  ruleId: null,
  errorCode: null,
  enabled: true,
  expired: false,
  prerequisiteFailed: null,
};
const USER_1: EvaluationContext = { targetingKey: 'user-1' }; // With the salt "checkout" in bucket 30,077.

interface Asked {
  readonly context?: EvaluationContext;
  readonly at?: Partial<Circumstances>;
  readonly others?: readonly FlagInput[];
}

function evaluate(parts: Partial<FlagDefinition>, { context = USER_1, at = {}, others = [] }: Asked = {}) {
  return setOf([aFlag('checkout', parts), ...others]).evaluate('checkout', context, { ...SOME_TIME, ...at });
}

const everything = {
  targetingRules: [aRule({ id: 'all', result: false })],
  tenantOverrides: { acme: true },
  environmentOverrides: { production: { value: true } },
};

describe('the order of evaluation', () => {
  it('knows no flag that is not there, or archived', () => {
    const set = setOf([{ ...aFlag('gone'), isArchived: true }]);
    expect(set.evaluate('gone', {}, SOME_TIME)).toBeUndefined();
    expect(set.evaluate('never', {}, SOME_TIME)).toBeUndefined();
    expect(set.evaluate('__proto__', {}, SOME_TIME)).toBeUndefined();
  });

  it('serves the default of a disabled flag before anything else', () => {
    const at = { tenant: 'acme', environment: 'production' };
    expect(evaluate({ ...everything, enabled: false }, { at })).toEqual({
      ...PLAIN,
      reason: 'DISABLED',
      enabled: false,
    });
  });

  it('serves the default of an expired flag from that instant on', () => {
    const expiresAt = SOME_TIME.now;
    const expired = { ...PLAIN, reason: 'DISABLED', enabled: false, expired: true };
    expect(evaluate({ ...everything, expiresAt }, { at: { tenant: 'acme' } })).toEqual(expired);
    expect(evaluate({ enabled: false, expiresAt })).toEqual(expired);
    expect(evaluate({ expiresAt }, { at: { now: expiresAt - 1 } })).toMatchObject({
      value: true,
      expired: false,
    });
  });

  it('serves the default when a prerequisite is not met, and names it', () => {
    const prerequisites = [{ flag: 'cart', equals: true }];
    const ask = (cart: readonly FlagInput[]) =>
      evaluate({ ...everything, prerequisites }, { at: { tenant: 'acme' }, others: cart });
    const failed = { ...PLAIN, prerequisiteFailed: 'cart' };
    expect(ask([])).toEqual(failed);
    expect(ask([aFlag('cart', { enabled: false })])).toEqual(failed);
    expect(ask([{ ...aFlag('cart'), isArchived: true }])).toEqual(failed);
    expect(ask([aFlag('cart')])).toMatchObject({
      value: true,
      reason: 'TARGETING_MATCH',
      prerequisiteFailed: null,
    });
    expect(ask([aFlag('cart', { enabled: false, defaultValue: true })])).toMatchObject({ value: true });
  });

  it('compares what a prerequisite serves as JSON', () => {
    const cart = aFlag('cart', {
      type: 'object',
      defaultValue: { a: [1, { b: null }], c: 2 },
      rolloutValue: null,
    });
    const ask = (equals: FlagValue) =>
      evaluate({ prerequisites: [{ flag: 'cart', equals }] }, { others: [cart] })?.prerequisiteFailed;
    expect(ask({ c: 2, a: [1, { b: null }] })).toBeNull();
    const others: readonly FlagValue[] = [
      { c: 2 },
      { c: 2, a: [1, {}] },
      { c: 2, a: [1] },
      { c: 2, a: [1, { b: null }], d: 1 },
      [1],
      '',
      {},
    ];
    for (const other of others) expect(ask(other)).toBe('cart');
  });

  it('serves the value of a tenant before that of an environment, and both before rules', () => {
    const parts = {
      ...everything,
      type: 'string' as const,
      tenantOverrides: { acme: 'a' },
      environmentOverrides: { production: { value: 'e' } },
    };
    const match = { ...PLAIN, reason: 'TARGETING_MATCH' };
    expect(evaluate(parts, { at: { tenant: 'acme', environment: 'production' } })).toEqual({
      ...match,
      value: 'a',
    });
    expect(evaluate(parts, { at: { tenant: 'other', environment: 'production' } })).toEqual({
      ...match,
      value: 'e',
    });
    expect(evaluate(parts, { at: { tenant: 'other', environment: 'test' } })).toEqual({
      ...match,
      ruleId: 'all',
    });
    expect(evaluate(parts, { at: { tenant: 'constructor', environment: '__proto__' } })).toEqual({
      ...match,
      ruleId: 'all',
    });
  });

  it('takes the first rule that matches, by priority and then by place', () => {
    const vip = { attribute: 'vip', operator: 'exists' } as const;
    const targetingRules = [
      aRule({ id: 'last', priority: 9 }),
      aRule({ id: 'second', priority: 1, conditions: [vip] }),
      aRule({ id: 'third', priority: 1, conditions: [vip] }),
      aRule({
        id: 'first',
        priority: 0,
        conditions: [vip, { attribute: 'age', operator: 'gte', value: 18 }],
      }),
    ];
    const ruleFor = (context: EvaluationContext) => evaluate({ targetingRules }, { context })?.ruleId;
    expect(ruleFor({ vip: true, age: 18 })).toBe('first');
    expect(ruleFor({ vip: true })).toBe('second');
    expect(ruleFor({})).toBe('last');
  });

  it('goes on to the next rule for whom the rollout of one leaves out', () => {
    const rules = (percentage: number) => [
      aRule({ id: 'some', rolloutPercentage: percentage, result: true }),
      aRule({ id: 'rest', priority: 1, result: false }),
    ];
    const ruleAt = (percentage: number) => evaluate({ targetingRules: rules(percentage) });
    expect(ruleAt(30.078)).toMatchObject({ ruleId: 'some', reason: 'SPLIT' });
    expect(ruleAt(30.077)).toMatchObject({ ruleId: 'rest', reason: 'TARGETING_MATCH' });
    expect(ruleAt(100)).toMatchObject({ ruleId: 'some', reason: 'SPLIT' });
    expect(ruleAt(0)).toMatchObject({ ruleId: 'rest' });
    expect(evaluate({ targetingRules: rules(0) }, { context: {} })).toMatchObject({ ruleId: 'rest' });
    expect(evaluate({ targetingRules: rules(100) }, { context: {} })).toMatchObject({ ruleId: 'some' });
  });

  it('serves the variant that a rule names', () => {
    const variants = [{ name: 'blue', value: 'b', weight: 1, ranges: [{ from: 0, until: 100_000 }] }];
    const rule = (variant: string) => ({ variants, targetingRules: [aRule({ result: null, variant })] });
    const blue = { ...PLAIN, value: 'b', variant: 'blue', ruleId: 'rule', reason: 'TARGETING_MATCH' };
    expect(evaluate(rule('blue'))).toEqual(blue);
    expect(evaluate(rule('red'))).toEqual({ ...PLAIN, reason: 'ERROR', errorCode: 'GENERAL' });
  });

  it('serves everyone what is rolled out to all: STATIC without rules, SPLIT when none of them matched', () => {
    const unmatched = [aRule({ conditions: [{ any: [] }], result: false })];
    expect(evaluate({}, { context: {} })).toEqual({ ...PLAIN, value: true, reason: 'STATIC' });
    expect(evaluate({ targetingRules: unmatched }, { context: {} })).toEqual({
      ...PLAIN,
      value: true,
      reason: 'SPLIT',
    });
  });

  it('serves those inside of the rollout, and the default to the others', () => {
    expect(evaluate({ rolloutPercentage: 30.078 })).toEqual({ ...PLAIN, value: true, reason: 'SPLIT' });
    expect(evaluate({ rolloutPercentage: 30.077 })).toEqual(PLAIN);
    expect(evaluate({ rolloutPercentage: 0 }, { context: {} })).toEqual(PLAIN);
  });

  it('splits those inside of the rollout among the variants, by a draw of its own', () => {
    const variants = [
      {
        name: 'a',
        value: 'A',
        weight: 1,
        ranges: [
          { from: 0, until: 50_000 },
          { from: 99_000, until: 100_000 },
        ],
      },
      { name: 'b', value: 'B', weight: 1, ranges: [{ from: 50_000, until: 99_000 }] },
    ];
    const split = { ...PLAIN, reason: 'SPLIT', value: 'B', variant: 'b' };
    expect(evaluate({ variants })).toEqual(split); // Its bucket among the variants is 95,660.
    expect(evaluate({ variants, rolloutPercentage: 30.078 })).toEqual(split);
    expect(evaluate({ variants, rolloutPercentage: 30.077 })).toEqual(PLAIN);
    expect(evaluate({ variants, rolloutPercentage: 0 }, { context: {} })).toEqual(PLAIN);
    const holey = [{ name: 'a', value: 'A', weight: 1, ranges: [{ from: 0, until: 95_660 }] }];
    expect(evaluate({ variants: holey })).toEqual({ ...PLAIN, reason: 'ERROR', errorCode: 'GENERAL' });
  });
});

describe('the value that is rolled out', () => {
  it('is true for a boolean flag and the default for the others, where the definition has none', () => {
    const environmentOverrides = { test: { defaultValue: 'in test' } };
    expect(evaluate({ rolloutValue: null })?.value).toBe(true);
    const text = { type: 'string', defaultValue: 'off', rolloutValue: null, environmentOverrides } as const;
    expect(evaluate(text)?.value).toBe('off');
    expect(evaluate(text, { at: { environment: 'test' } })?.value).toBe('in test');
    expect(evaluate({ ...text, defaultValue: null })?.value).toBeNull();
  });
});

describe('the key by which a caller is drawn', () => {
  const keyed = (context: EvaluationContext, bucketBy: string | null = null) => {
    const variants = [0, 1].map((half) => ({
      name: String(half),
      value: String(half),
      weight: 1,
      ranges: [{ from: half * 50_000, until: (half + 1) * 50_000 }],
    }));
    return evaluate({ variants, bucketBy }, { context });
  };
  const half = (key: string) => String(Math.floor(murmur3(`checkout:variant:${key}`) / 2 ** 31));

  it.each<readonly [EvaluationContext, string]>([
    [{ targetingKey: 'k1', user_id: 'k2', user: { id: 'k3' } }, 'k1'],
    [{ user_id: 'k2', user: { id: 'k3' } }, 'k2'],
    [{ user: { id: 'k3' } }, 'k3'],
    [{ 'user.id': 'k4', user: { id: 'k3' } }, 'k4'],
    [{ targetingKey: '', user_id: 'k5' }, 'k5'],
    [{ targetingKey: null, user_id: 6 }, '6'],
    [{ targetingKey: { id: 1 }, user_id: false }, 'false'],
    [{ user_id: 1.5 }, '1.5'],
  ])('of %j is %s', (context, key) => {
    expect(keyed(context)).toMatchObject({ value: half(key), reason: 'SPLIT' });
  });

  it('is read where the flag says, and nowhere else', () => {
    expect(keyed({ targetingKey: 'k1', company: { id: 'c9' } }, 'company.id')?.value).toBe(half('c9'));
    expect(keyed({ targetingKey: 'k1' }, 'company.id')).toMatchObject({ errorCode: 'TARGETING_KEY_MISSING' });
  });

  it.each([{}, { targetingKey: '' }, { user_id: null }, { user: { id: [] } }, { user_id: NaN }])(
    'is never made up: %j',
    (context) => {
      const missing = { ...PLAIN, reason: 'ERROR', errorCode: 'TARGETING_KEY_MISSING' };
      expect(keyed(context)).toEqual(missing);
      expect(evaluate({ rolloutPercentage: 50 }, { context })).toEqual(missing);
      expect(evaluate({ targetingRules: [aRule({ rolloutPercentage: 50 })] }, { context })).toEqual(missing);
    },
  );
});
