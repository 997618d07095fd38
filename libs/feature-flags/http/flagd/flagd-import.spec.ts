import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import { compileFlagSet } from '#flag-evaluator';
import type { FlagDefinition, FlagInput } from '#flag-evaluator';
import { FeatureFlag } from '../../domain/feature-flag.js';
import { aFlagInput } from '../../testing/a-flag-input.js';
import { AT, DEFAULT_OF_THE_CODE, exported, flagdOf, withVariants } from '../../testing/in-flagd.js';
import { FlagdDocuments } from './flagd-import.js';

const STATED = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' };

async function imported(document: object): Promise<FlagInput> {
  const { flags } = await new FlagdDocuments().read(document, null);
  const { asked } = flags[0]!;
  const { definition } = FeatureFlag.create(asked, asked.name, asked.content(null)).snapshot;
  return { ...aFlagInput(asked.name), definition };
}

/** What targeting comes to, of a boolean flag that is off. */
const definitionOf = async (targeting: unknown, more: object = {}): Promise<FlagDefinition> =>
  (await imported({ flags: { checkout: { ...STATED, targeting } }, ...more })).definition;

const mistakesOf = async (document: object): Promise<string[]> => {
  const refusal: unknown = await new FlagdDocuments().read(document, null).catch((error: unknown) => error);
  if (!(refusal instanceof InvalidInput)) throw new Error('It was not refused.');
  return refusal.violations.map(({ pointer, code }) => `${pointer} ${code}`);
};

it('takes state, values and default', async () => {
  const document = {
    flags: { color: { state: 'DISABLED', variants: { r: 'red', b: 'blue' }, defaultVariant: 'b' } },
  };
  expect((await imported(document)).definition).toMatchObject({
    type: 'string',
    enabled: false,
    defaultValue: 'blue',
    rolloutValue: 'blue',
    rolloutPercentage: 100,
    salt: 'color',
    targetingRules: [],
  });
});

it('makes a rule of each way to an outcome', async () => {
  const targeting = {
    if: [
      { and: [{ '==': [{ var: 'tier' }, 'gold'] }, { $ref: 'staff' }] },
      'on',
      { in: [{ var: 'country' }, ['DE', 'FR']] },
      { if: [{ '<': [{ var: 'age' }, 18] }, 'off', 'on'] },
    ],
  };
  const $evaluators = { staff: { ends_with: [{ var: 'email' }, '@acme.com'] } };
  const country = { attribute: 'country', operator: 'in', value: ['DE', 'FR'] };
  expect((await definitionOf(targeting, { $evaluators })).targetingRules).toMatchObject([
    {
      id: 'flagd-1',
      conditions: [
        {
          all: [
            { attribute: 'tier', operator: 'eq', value: 'gold' },
            { attribute: 'email', operator: 'ends_with', value: '@acme.com' },
          ],
        },
      ],
      result: true,
    },
    {
      id: 'flagd-2',
      conditions: [
        country,
        {
          any: [
            { attribute: 'age', operator: 'lt', value: 18 },
            { attribute: 'age', operator: 'not_exists' },
          ],
        },
      ],
      result: false,
    },
    { id: 'flagd-3', conditions: [country], result: true },
  ]);
});

it('splits all by variants, and those of a condition by one draw', async () => {
  const shares = [
    ['on', 25],
    ['off', 75],
  ];
  const key = { cat: [{ var: '$flagd.flagKey' }, { var: 'email' }] };
  expect(await definitionOf({ fractional: [key, ...shares] })).toMatchObject({
    bucketBy: 'email',
    variants: [
      { name: 'on', value: true, weight: 25, ranges: [{ from: 0, until: 25_000 }] },
      { name: 'off', value: false, weight: 75, ranges: [{ from: 25_000, until: 100_000 }] },
    ],
  });
  const { bucketBy, targetingRules } = await definitionOf({
    if: [{ '==': [{ var: 'beta' }, true] }, { fractional: [...shares] }],
  });
  expect(bucketBy).toBe('targetingKey');
  const conditions = [{ attribute: 'beta', operator: 'eq', value: true }];
  expect(targetingRules).toMatchObject([
    { conditions, result: true, rolloutPercentage: 25 },
    { conditions, result: false, rolloutPercentage: null },
  ]);
});

it('moves nobody who was drawn with a salt of ours', async () => {
  const shares = [
    { name: 'on', value: true, weight: 1 },
    { name: 'off', value: false, weight: 2 },
  ];
  const flag = aFlagInput('split', { salt: 'old', bucketBy: 'team', variants: withVariants(shares) });
  const sizes = [
    ['on', 33_333],
    ['off', 66_667],
  ];
  const targeting = { fractional: [{ cat: ['old:variant:', { var: 'team' }] }, ...sizes] };
  const again = await imported({ flags: { split: { ...STATED, targeting } } });
  expect(again.definition.salt).toBe('old');
  const before = compileFlagSet({ flags: [flag], segments: [] });
  const after = compileFlagSet({ flags: [again], segments: [] });
  for (let team = 0; team < 1000; team++) {
    const context = { team: `t${team}` };
    expect(after.evaluate('split', context, AT)?.value).toBe(before.evaluate('split', context, AT)?.value);
  }
});

it.each<[string, unknown]>([
  ['/flags/checkout/targeting', { '+': [1, 2] }],
  ['/flags/checkout/targeting', 'gone'],
  ['/flags/checkout/targeting/if/1', { if: [true, 'gone'] }],
  ['/flags/checkout/targeting/if/0', { if: [{ '>': [{ var: 'a' }, 1, 2] }, 'on'] }],
  ['/flags/checkout/targeting/if/0', { if: [{ sem_ver: [{ var: 'v' }, '^', '1.0.0'] }, 'on'] }],
  ['/flags/checkout/targeting/if/0/and/1', { if: [{ and: [true, { var: 'beta' }] }, 'on'] }],
  ['/flags/checkout/targeting/if/0', { if: [{ $ref: 'nowhere' }, 'on'] }],
  ['/$evaluators/circle', { if: [{ $ref: 'circle' }, 'on'] }],
  [
    '/flags/checkout/targeting/fractional/1',
    {
      fractional: [
        ['on', 1],
        ['off', 0.5],
      ],
    },
  ],
])('refuses at %s what rules cannot say', async (pointer, targeting) => {
  const document = {
    $evaluators: { circle: { $ref: 'circle' } },
    flags: { checkout: { ...STATED, targeting }, other: { state: 'ON', variants: {} } },
  };
  expect(await mistakesOf(document)).toEqual([
    `${pointer} not_in_rules`,
    '/flags/other/state choice',
    '/flags/other/variants required',
  ]);
});

it('refuses what references multiply without end', async () => {
  const twice = (next: number): object => ({ and: Array.from({ length: 20 }, () => ({ $ref: `e${next}` })) });
  const $evaluators = Object.fromEntries(
    Array.from({ length: 15 }, (_, index) => [`e${index}`, twice(index + 1)]),
  );
  const document = {
    $evaluators: { ...$evaluators, e15: { '==': [{ var: 'a' }, 1] } },
    flags: { checkout: { ...STATED, targeting: { if: [{ $ref: 'e0' }, 'on'] } } },
  };
  expect(await mistakesOf(document)).toEqual([
    expect.stringMatching(/^\/\$evaluators\/e\d+.* not_in_rules$/),
  ]);
});

it('law: what is imported serves what flagd serves', async () => {
  const attribute = fc.constantFrom('country', 'age', 'version').map((path) => ({ var: path }));
  const leaf = fc.oneof(
    fc
      .tuple(fc.constantFrom('==', '!=', '===', '!=='), fc.constantFrom('DE', 'abc', null))
      .map(([name, value]) => ({
        [name]: [{ var: 'country' }, value],
      })),
    fc.tuple(fc.constantFrom('<', '<=', '>', '>='), fc.integer({ min: -2, max: 2 })).map(([name, value]) => ({
      [name]: [{ var: 'age' }, value],
    })),
    fc.integer({ min: -2, max: 2 }).map((value) => ({ '<': [value, { var: 'age' }] })),
    fc
      .constantFrom('=', '!=', '<', '<=', '>', '>=')
      .map((order) => ({ sem_ver: [{ var: 'version' }, order, '1.2.0'] })),
    fc.tuple(fc.constantFrom('starts_with', 'ends_with'), fc.constantFrom('a', 'E')).map(([name, affix]) => ({
      [name]: [{ var: 'country' }, affix],
    })),
    attribute.map((one) => ({ in: [one, ['DE', 'abc', '1.2.0']] })),
    fc.constant({ in: ['b', { var: 'country' }] }),
    fc.constant({ $ref: 'shared' }),
  );
  const { condition, outcome } = fc.letrec<{ condition: object; outcome: unknown }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 2 },
      leaf,
      fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((all) => ({ and: all })),
      fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((any) => ({ or: any })),
      tie('condition').map((one) => ({ '!': [one] })),
    ),
    outcome: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom<unknown>('a', 'b', null),
      fc
        .tuple(
          fc.array(fc.tuple(tie('condition'), tie('outcome')), { minLength: 1, maxLength: 3 }),
          fc.option(tie('outcome')),
        )
        .map(([steps, rest]) => ({ if: [...steps.flat(), ...(rest === null ? [] : [rest])] })),
    ),
  }));
  const contexts = fc.array(
    fc.record(
      {
        country: fc.constantFrom('DE', 'abc', 'xb', ''),
        age: fc.integer({ min: -3, max: 3 }),
        version: fc.constantFrom('1.2.0', '1.1.9', '2.0.0', '1.2.0-beta', 'none'),
      },
      { requiredKeys: [], noNullPrototype: true },
    ),
    { minLength: 20, maxLength: 20 },
  );
  await fc.assert(
    fc.asyncProperty(fc.record({ shared: leaf, condition, outcome, contexts }), async (world) => {
      fc.pre(!JSON.stringify(world.shared).includes('$ref'));
      const targeting = { if: [world.condition, world.outcome, 'b'] };
      const variants = { a: 'A', b: 'B', c: 'C' };
      const document = {
        $evaluators: { shared: world.shared },
        flags: { tested: { state: 'ENABLED', variants, defaultVariant: 'c', targeting } },
      };
      const flag = await imported(document);
      const set = compileFlagSet({ flags: [flag], segments: [] });
      const inFlagd = flagdOf({ ...exported([]), ...document } as never);
      for (const context of world.contexts) {
        const here = set.evaluate('tested', context, AT)?.value ?? DEFAULT_OF_THE_CODE;
        expect({ context, served: here }).toEqual({ context, served: inFlagd(flag, context) });
      }
    }),
    { numRuns: 200 },
  );
});
