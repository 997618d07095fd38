import type { Condition, TargetingRule } from './definition.js';
import { referencesOf } from './references.js';
import { aDefinition, aRule } from './testing/builders.js';

const rule = (conditions: readonly Condition[]): TargetingRule => aRule({ conditions });

it('finds every name of a flag, in its order and at its place', () => {
  const definition = aDefinition({
    prerequisites: [{ flag: 'login', equals: true }],
    targetingRules: [
      rule([{ attribute: 'country', operator: 'eq', value: 'DE' }]),
      rule([
        { any: [{ segment: 'staff' }, { all: [{ not: { flag: 'legacy', equals: 1 } }] }] },
        { segment: 'beta' },
        { segment: 'staff' },
      ]),
    ],
  });
  expect(referencesOf(definition)).toEqual([
    { pointer: '/prerequisites/0/flag', kind: 'flag', name: 'login' },
    { pointer: '/targetingRules/1/conditions/0/any/0/segment', kind: 'segment', name: 'staff' },
    { pointer: '/targetingRules/1/conditions/0/any/1/all/0/not/flag', kind: 'flag', name: 'legacy' },
    { pointer: '/targetingRules/1/conditions/1/segment', kind: 'segment', name: 'beta' },
    { pointer: '/targetingRules/1/conditions/2/segment', kind: 'segment', name: 'staff' },
  ]);
});

it('finds every name of a segment', () => {
  const conditions: Condition[] = [{ segment: 'staff' }, { not: { flag: 'legacy', equals: true } }];
  expect(referencesOf({ include: ['u1'], exclude: [], conditions })).toEqual([
    { pointer: '/conditions/0/segment', kind: 'segment', name: 'staff' },
    { pointer: '/conditions/1/not/flag', kind: 'flag', name: 'legacy' },
  ]);
});

it('reads what nests deeper than a stack', () => {
  let condition: Condition = { segment: 'deep' };
  for (let depth = 0; depth < 200_000; depth++) condition = { not: condition };
  expect(referencesOf({ include: [], exclude: [], conditions: [condition] })).toMatchObject([
    { kind: 'segment', name: 'deep' },
  ]);
});
