import fc from 'fast-check';
import { checkFlag } from './check-flag.js';
import { OPERATORS } from './definition.js';
import type { Condition, FlagDefinition, FlagValue } from './definition.js';

it('law: never throws on anything of the declared type', () => {
  const scalar = fc.oneof(fc.string(), fc.double(), fc.boolean());
  const value = fc.jsonValue().map((json) => json as FlagValue);
  const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 20 },
      fc.record(
        {
          attribute: fc.string(),
          operator: fc.constantFrom(...OPERATORS),
          value: fc.oneof(scalar, fc.array(scalar)),
        },
        { requiredKeys: ['attribute', 'operator'] },
      ),
      fc.record({ not: tie('condition') }),
      fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
      fc.record({ flag: fc.string(), equals: value }),
    ),
  }));
  const definition = fc.record<FlagDefinition>({
    type: fc.constantFrom('boolean', 'string', 'number', 'object'),
    enabled: fc.boolean(),
    defaultValue: value,
    rolloutValue: value,
    rolloutPercentage: fc.double(),
    bucketBy: fc.option(fc.string()),
    salt: fc.string(),
    variants: fc.array(
      fc.record({
        name: fc.string(),
        value,
        weight: fc.double(),
        ranges: fc.array(fc.record({ from: fc.double(), until: fc.double() })),
      }),
      { maxLength: 3 },
    ),
    targetingRules: fc.array(
      fc.record({
        id: fc.string(),
        priority: fc.double(),
        description: fc.constant(null),
        conditions: fc.array(condition, { maxLength: 4 }),
        result: fc.option(value),
        variant: fc.option(fc.string()),
        rolloutPercentage: fc.option(fc.double()),
      }),
      { maxLength: 3 },
    ),
    tenantOverrides: fc.dictionary(fc.string(), value),
    environmentOverrides: fc.dictionary(fc.string(), fc.record({ value }, { requiredKeys: [] })),
    prerequisites: fc.array(fc.record({ flag: fc.string(), equals: value })),
    expiresAt: fc.option(fc.double()),
    schedule: fc.array(fc.record({ at: fc.double(), set: fc.record({ rolloutPercentage: fc.double() }) })),
    ramp: fc.option(
      fc.record({ from: fc.double(), to: fc.double(), startsAt: fc.double(), endsAt: fc.double() }),
    ),
  });
  fc.assert(
    fc.property(definition, (flag) => {
      for (const { pointer, code, detail } of checkFlag(flag)) {
        expect(pointer).toMatch(/^\//);
        expect(code).toMatch(/^[a-z_]+$/);
        expect(detail).toMatch(/\.$/);
      }
    }),
    { numRuns: 300 },
  );
});
