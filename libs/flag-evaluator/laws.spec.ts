import fc from 'fast-check';
import { compileFlagSet } from './compile-flag-set.js';
import type { Condition } from './definition.js';
import type { EvaluationContext } from './evaluation.js';
import {
  anyCircumstances,
  anyCondition,
  anyContent,
  anyFlag,
  anyJsonContext,
} from './testing/arbitrary-sets.js';
import { aFlag, aRule, aSegment, holds, setOf, SOME_TIME } from './testing/builders.js';

const NAMES = ['a', 'b', 'c', 'd', 'nobody', '__proto__'];

function deep(levels: number): Record<string, unknown> {
  let context: Record<string, unknown> = { x: 1 };
  for (let level = 0; level < levels; level++) context = { x: context, y: context };
  return context;
}

function circular(): Record<string, unknown> {
  const context: Record<string, unknown> = { list: [] };
  return Object.assign(context, { x: context, user: context, list: [context] });
}

const refuse = (): never => {
  throw new Error('Do not touch.');
};

/** What no JSON can bring, but a program that embeds the evaluator can. */
const hostileContexts: readonly EvaluationContext[] = [
  circular(),
  deep(10_000),
  { x: 1n, y: { z: Symbol('z') }, list: [() => 1, 2n, Symbol('x'), undefined, NaN], targetingKey: 5n },
  Object.defineProperty({}, 'x', { enumerable: true, get: refuse }),
  {
    y: Object.defineProperty({}, 'z', { get: refuse }),
    user: {
      get id() {
        return refuse();
      },
    },
  },
  new Proxy({}, { get: refuse, has: refuse, getOwnPropertyDescriptor: refuse, ownKeys: refuse }),
  { x: new Proxy([], { get: refuse }), list: new Proxy({}, { getOwnPropertyDescriptor: refuse }) },
  { x: Object.create(null), list: new Map(), user: new Date(NaN), targetingKey: Object(' boxed ') },
  { x: { toString: refuse, valueOf: refuse, toJSON: refuse }, list: [{ toJSON: refuse }] },
  Object.create({ x: 'inherited', targetingKey: 'inherited' }),
  { x: '\ud800', targetingKey: '\udfff\ud800', list: ['a'.repeat(100_000)] },
];

/** In a box, since whoever generates values looks into them. */
const anyContext = fc.oneof(
  anyJsonContext.map((context) => ({ context })),
  fc.integer({ min: 0, max: hostileContexts.length - 1 }).map((index) => ({
    get context(): EvaluationContext {
      return hostileContexts[index] ?? {};
    },
  })),
);

describe('evaluating', () => {
  it('gives an answer whatever the definitions and the context are', () => {
    fc.assert(
      fc.property(anyContent, anyContext, anyCircumstances, (content, { context }, at) => {
        const set = compileFlagSet(content);
        for (const name of NAMES) {
          const evaluation = set.evaluate(name, context, at);
          expect(evaluation === undefined).toBe(set.flag(name) === undefined);
          if (evaluation !== undefined)
            expect(evaluation.reason === 'ERROR').toBe(evaluation.errorCode !== null);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives an answer to what is no object at all', () => {
    for (const context of [null, undefined, 'text', 5, [1]])
      expect(setOf([aFlag('a')]).evaluate('a', context as never, SOME_TIME)).toMatchObject({
        reason: 'STATIC',
      });
  });

  it('makes a fault of what the context throws', () => {
    const context = Object.defineProperty({}, 'targetingKey', { enumerable: true, get: refuse });
    const set = setOf([aFlag('a', { rolloutPercentage: 50 })]);
    expect(set.evaluate('a', context, SOME_TIME)).toMatchObject({
      value: false,
      reason: 'ERROR',
      errorCode: 'GENERAL',
    });
  });

  it('may be interrupted by an evaluation for somebody else', () => {
    const isUser1: Condition = { attribute: 'key', operator: 'eq', value: 'user-1' };
    const base = aFlag('base', { rolloutPercentage: 0, targetingRules: [aRule({ conditions: [isUser1] })] });
    const conditions: Condition[] = [
      { attribute: 'interrupt', operator: 'exists' },
      { flag: 'base', equals: true },
    ];
    const set = setOf([
      aFlag('asked', { rolloutPercentage: 0, targetingRules: [aRule({ conditions })] }),
      base,
    ]);
    const context = {
      key: 'user-1',
      get interrupt() {
        return set.evaluate('base', { key: 'user-2' }, SOME_TIME)?.value;
      },
    };
    expect(context.interrupt).toBe(false);
    expect(set.evaluate('asked', context, SOME_TIME)).toMatchObject({ value: true, ruleId: 'rule' });
  });

  it('gives the same when it is explained', () => {
    fc.assert(
      fc.property(anyContent, anyContext, anyCircumstances, (content, { context }, at) => {
        const set = compileFlagSet(content);
        for (const name of NAMES) {
          const explanation = set.explain(name, context, at);
          expect(explanation?.evaluation).toEqual(set.evaluate(name, context, at));
          if (explanation !== undefined) expect(() => JSON.stringify(explanation.trace)).not.toThrow();
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same after any way to the same set', () => {
    fc.assert(
      fc.property(anyContent, anyContent, anyJsonContext, anyCircumstances, (first, second, context, at) => {
        const changed = compileFlagSet(first).with({
          flags: new Map(second.flags.map((flag) => [flag.name, flag])),
          segments: new Map(second.segments.map((segment) => [segment.name, segment])),
        });
        const whole = compileFlagSet({
          flags: [...first.flags, ...second.flags],
          segments: [...first.segments, ...second.segments],
        });
        for (const name of NAMES)
          expect(changed.evaluate(name, context, at)).toEqual(whole.evaluate(name, context, at));
        expect(changed.flags.map((flag) => flag.definition)).toEqual(
          whole.flags.map((flag) => flag.definition),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('of a set over another one gives the own flag, else the one below', () => {
    fc.assert(
      fc.property(anyContent, anyContent, anyJsonContext, anyCircumstances, (shared, own, context, at) => {
        const below = compileFlagSet(shared);
        const set = compileFlagSet(own, below);
        const ownNames = new Set(own.flags.map(({ name }) => name));
        for (const name of NAMES) {
          if (!ownNames.has(name))
            expect(set.evaluate(name, context, at)).toBe(below.evaluate(name, context, at));
          else
            expect(set.flag(name)?.definition).toBe(
              own.flags.findLast((flag) => flag.name === name)?.definition,
            );
        }
        expect(set.flags.map(({ name }) => name)).toEqual(
          NAMES.filter((name) => set.flag(name) !== undefined),
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('conditions', () => {
  const plain = anyCondition.filter((condition) => !/"(?:flag|segment)":/.test(JSON.stringify(condition)));
  const shuffled = fc
    .array(plain, { maxLength: 4 })
    .chain((conditions) =>
      fc.tuple(fc.constant(conditions), fc.shuffledSubarray(conditions, { minLength: conditions.length })),
    );

  it.each(['any', 'all'] as const)('of %s hold in whatever order they stand', (kind) => {
    const group = (conditions: readonly Condition[]): Condition =>
      kind === 'any' ? { any: conditions } : { all: conditions };
    fc.assert(
      fc.property(shuffled, anyJsonContext, ([conditions, others], context) => {
        expect(holds(group(others), context)).toBe(holds(group(conditions), context));
      }),
      { numRuns: 500 },
    );
  });

  it('follow the laws of De Morgan', () => {
    fc.assert(
      fc.property(fc.array(plain, { maxLength: 4 }), anyJsonContext, (conditions, context) => {
        const none: Condition = { all: conditions.map((condition) => ({ not: condition })) };
        expect(holds({ not: { any: conditions } }, context)).toBe(holds(none, context));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a rollout', () => {
  const at = (percentage: number, salt: string, targetingKey: string) =>
    setOf([aFlag('f', { salt, rolloutPercentage: percentage })]).evaluate('f', { targetingKey }, SOME_TIME)
      ?.value;
  const percentages = fc.integer({ min: 0, max: 100_000 }).map((buckets) => buckets / 1000);

  it('that grows only ever adds callers', () => {
    fc.assert(
      fc.property(
        percentages,
        percentages,
        fc.string(),
        fc.string({ unit: 'binary', minLength: 1 }),
        (one, other, salt, key) => {
          const [less, more] = [Math.min(one, other), Math.max(one, other)];
          if (at(less, salt, key) === true) expect(at(more, salt, key)).toBe(true);
          expect(at(0, salt, key)).toBe(false);
          expect(at(100, salt, key)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('has as many callers as it says, whatever another flag of the same percentage has', () => {
    const set = setOf(['one', 'two'].map((name) => aFlag(name, { salt: name, rolloutPercentage: 10 })));
    const keys = Array.from({ length: 100_000 }, (_, index) => `user-${index}`);
    const inside = (name: string) =>
      keys.filter((targetingKey) => set.evaluate(name, { targetingKey }, SOME_TIME)?.value === true);
    const [one, two] = [inside('one'), new Set(inside('two'))];
    expect(Math.abs(one.length - 10_000)).toBeLessThan(500);
    expect(Math.abs(two.size - 10_000)).toBeLessThan(500);
    expect(Math.abs(one.filter((key) => two.has(key)).length - 1000)).toBeLessThan(150);
  });

  it('moves nobody when rules, segments or other flags come and go', () => {
    fc.assert(
      fc.property(percentages, anyFlag, fc.string({ minLength: 1 }), (percentage, other, targetingKey) => {
        const flag = aFlag('f', { rolloutPercentage: percentage });
        const alone = setOf([flag]);
        const among = setOf([flag, other], [aSegment('a')]);
        expect(among.evaluate('f', { targetingKey }, SOME_TIME)).toEqual(
          alone.evaluate('f', { targetingKey }, SOME_TIME),
        );
      }),
    );
  });
});
