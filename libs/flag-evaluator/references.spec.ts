import type { Condition, FlagDefinition } from './definition.js';
import { referencesOf } from './references.js';

const flag: FlagDefinition = {
  type: 'boolean',
  enabled: true,
  defaultValue: false,
  rolloutValue: true,
  rolloutPercentage: 100,
  bucketBy: null,
  variants: [],
  salt: 'checkout',
  targetingRules: [],
  tenantOverrides: {},
  environmentOverrides: {},
  prerequisites: [],
  expiresAt: null,
  schedule: [],
  ramp: null,
};

const rule = (conditions: readonly Condition[]): FlagDefinition['targetingRules'][number] => ({
  id: 'r',
  priority: 0,
  description: null,
  conditions,
  result: true,
  variant: null,
  rolloutPercentage: null,
});

it('finds every name of a flag, in its order and at its place', () => {
  const definition: FlagDefinition = {
    ...flag,
    prerequisites: [{ flag: 'login', equals: true }],
    targetingRules: [
      rule([{ attribute: 'country', operator: 'eq', value: 'DE' }]),
      rule([
        { any: [{ segment: 'staff' }, { all: [{ not: { flag: 'legacy', equals: 1 } }] }] },
        { segment: 'beta' },
        { segment: 'staff' },
      ]),
    ],
  };
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
