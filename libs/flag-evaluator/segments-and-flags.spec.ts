import type { Condition } from './definition.js';
import type { EvaluationContext } from './evaluation.js';
import { aFlag, aRule, aSegment, setOf, setOn, SOME_TIME } from './testing/builders.js';

const exists = (attribute: string): Condition => ({ attribute, operator: 'exists' });
const inSegment = (segment: string): Condition => ({ segment });

describe('a segment', () => {
  const staff = aSegment('staff', {
    include: ['ada', 'bob'],
    exclude: ['bob', 'eve'],
    conditions: [exists('badge'), { attribute: 'age', operator: 'gte', value: 18 }],
  });
  const has = (context: EvaluationContext) =>
    setOn(inSegment('staff'), [staff]).evaluate('asked', context, SOME_TIME)?.value;

  it('has those it includes, and those of whom all conditions hold, but never whom it excludes', () => {
    expect(has({ targetingKey: 'ada' })).toBe(true);
    expect(has({ user: { id: 'ada' } })).toBe(true);
    expect(has({ targetingKey: 'bob' })).toBe(false);
    expect(has({ targetingKey: 'eve', badge: 1, age: 20 })).toBe(false);
    expect(has({ targetingKey: 'tom', badge: 1, age: 20 })).toBe(true);
    expect(has({ targetingKey: 'tom', badge: 1, age: 17 })).toBe(false);
    expect(has({ badge: 1, age: 20 })).toBe(true);
    expect(has({})).toBe(false);
  });

  it('without conditions has nobody but whom it includes', () => {
    const set = setOn(inSegment('few'), [aSegment('few', { include: ['ada', ''] })]);
    expect(set.evaluate('asked', { targetingKey: 'tom' }, SOME_TIME)?.value).toBe(false);
    expect(set.evaluate('asked', { targetingKey: '' }, SOME_TIME)?.value).toBe(false);
    expect(set.evaluate('asked', { targetingKey: 'ada' }, SOME_TIME)?.value).toBe(true);
  });

  it('may be made of segments', () => {
    const both = aSegment('both', { conditions: [inSegment('a'), { not: inSegment('b') }] });
    const parts = ['a', 'b'].map((name) => aSegment(name, { conditions: [exists(name)] }));
    const set = setOn(inSegment('both'), [both, ...parts]);
    expect(set.evaluate('asked', { a: 1 }, SOME_TIME)?.value).toBe(true);
    expect(set.evaluate('asked', { a: 1, b: 1 }, SOME_TIME)?.value).toBe(false);
  });

  it('that is not there has nobody', () => {
    expect(setOn(inSegment('gone')).evaluate('asked', {}, SOME_TIME)?.value).toBe(false);
    expect(setOn({ not: inSegment('gone') }).evaluate('asked', {}, SOME_TIME)?.value).toBe(true);
  });
});

describe('a condition on a flag', () => {
  const asked = aFlag('asked', {
    rolloutPercentage: 0,
    targetingRules: [aRule({ conditions: [{ flag: 'plan', equals: 'pro' }] })],
  });

  it('holds when that flag serves the value to the same caller', () => {
    const plan = aFlag('plan', {
      type: 'string',
      defaultValue: 'free',
      rolloutPercentage: 0,
      targetingRules: [aRule({ result: 'pro', conditions: [exists('paid')] })],
    });
    const set = setOf([asked, plan]);
    expect(set.evaluate('asked', { paid: 1 }, SOME_TIME)?.value).toBe(true);
    expect(set.evaluate('asked', {}, SOME_TIME)?.value).toBe(false);
  });

  it('does not hold when there is no such flag', () => {
    expect(setOf([asked]).evaluate('asked', {}, SOME_TIME)?.value).toBe(false);
  });

  it('is asked with the tenant, the environment and the instant of the caller', () => {
    const plan = aFlag('plan', {
      type: 'string',
      defaultValue: 'free',
      rolloutValue: 'free',
      tenantOverrides: { acme: 'pro' },
      environmentOverrides: { test: { value: 'pro' } },
      expiresAt: 10,
    });
    const set = setOf([asked, plan]);
    const valueAt = (tenant: string | null, environment: string | null, now: number) =>
      set.evaluate('asked', {}, { tenant, environment, now })?.value;
    expect(valueAt('acme', null, 0)).toBe(true);
    expect(valueAt(null, 'test', 0)).toBe(true);
    expect(valueAt(null, null, 0)).toBe(false);
    expect(valueAt('acme', 'test', 10)).toBe(false);
  });
});

describe('a web of references', () => {
  const fault = { value: false, reason: 'ERROR', errorCode: 'GENERAL' };

  it('that is a circle of flags is a fault of the flag that was asked for', () => {
    const needs = (name: string, other: string) =>
      aFlag(name, { prerequisites: [{ flag: other, equals: true }] });
    const set = setOf([
      needs('a', 'b'),
      needs('b', 'c'),
      needs('c', 'a'),
      needs('self', 'self'),
      needs('outside', 'a'),
    ]);
    for (const name of ['a', 'b', 'c', 'self', 'outside'])
      expect(set.evaluate(name, {}, SOME_TIME)).toMatchObject(fault);
  });

  it('that is a circle of segments is one, too', () => {
    const segments = [
      aSegment('a', { conditions: [inSegment('b')] }),
      aSegment('b', { conditions: [inSegment('a')] }),
    ];
    expect(setOn(inSegment('a'), segments).evaluate('asked', {}, SOME_TIME)).toMatchObject(fault);
  });

  it('that is a circle is left where it closes', () => {
    const rule = (flag: string) => aRule({ conditions: [exists('x'), { flag, equals: true }] });
    const set = setOf([
      aFlag('a', { targetingRules: [rule('b')] }),
      aFlag('b', { targetingRules: [rule('a')] }),
    ]);
    let looks = 0;
    const context = {
      get x() {
        return ++looks;
      },
    };
    expect(set.evaluate('a', context, SOME_TIME)).toMatchObject(fault);
    expect(looks).toBe(2);
  });

  it('answers again after a fault', () => {
    const circle = aFlag('circle', {
      targetingRules: [aRule({ conditions: [exists('x'), { flag: 'circle', equals: true }] })],
    });
    const set = setOf([circle]);
    expect(set.evaluate('circle', { x: 1 }, SOME_TIME)).toMatchObject(fault);
    expect(set.evaluate('circle', {}, SOME_TIME)).toMatchObject({ value: true, reason: 'SPLIT' });
  });

  it('takes as long as it is large, not as many as there are ways through it', () => {
    const flags = Array.from({ length: 200 }, (_, index) => {
      const other: Condition = { flag: `f${index + 1}`, equals: 'never' };
      return aFlag(`f${index}`, {
        targetingRules: [aRule({ conditions: [{ any: [other, other, other] }] })],
      });
    });
    const segments = Array.from({ length: 200 }, (_, index) => {
      const other = inSegment(`s${index + 1}`);
      return aSegment(`s${index}`, { conditions: [{ any: [other, other, other] }] });
    });
    const both = aFlag('both', {
      targetingRules: [aRule({ conditions: [inSegment('s0')] })],
      prerequisites: [{ flag: 'f0', equals: true }],
    });
    const set = setOf([...flags, both], segments);
    expect(set.evaluate('both', {}, SOME_TIME)).toMatchObject({ value: true, reason: 'SPLIT' });
    expect(set.explain('both', {}, SOME_TIME)?.evaluation).toMatchObject({ value: true, reason: 'SPLIT' });
  });

  it('that is deeper than the stack is a fault, and no exception', () => {
    const flags = Array.from({ length: 50_000 }, (_, index) =>
      aFlag(`f${index}`, { prerequisites: [{ flag: `f${index + 1}`, equals: true }] }),
    );
    const set = setOf(flags);
    expect(set.evaluate('f0', {}, SOME_TIME)).toMatchObject(fault);
    expect(set.explain('f0', {}, SOME_TIME)?.evaluation).toMatchObject(fault);
    expect(set.evaluate('f49999', {}, SOME_TIME)).toMatchObject({ prerequisiteFailed: 'f50000' });
  });
});
