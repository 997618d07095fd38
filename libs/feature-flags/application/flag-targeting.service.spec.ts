import { StaleVersion } from '#shared-kernel';
import { FlagCycle, FlagNotFound, FlagOverrideNotFound, FlagRuleNotFound } from '../domain/errors.js';
import type { FlagState } from '../domain/feature-flag.js';
import { aDefinition, aFlagId, aNewFlag, aRule } from '../testing/a-flag.js';
import { ServicesInMemory } from '../testing/services-in-memory.js';
import type { FlagAt } from './flag-changes.js';

let parts: ServicesInMemory;
let flag: FlagState;
let target: FlagAt;

beforeEach(async () => {
  parts = new ServicesInMemory();
  const stored = aNewFlag({ definition: aDefinition({ targetingRules: [aRule({ id: 'a' })] }) });
  await parts.flags.save(stored);
  flag = stored.snapshot;
  target = { id: flag.id, ifVersion: null };
});

const never = (): never => {
  throw new Error('This was not to be asked.');
};

it('rules are added, replaced under their id, and removed', async () => {
  const { targetingService: service } = parts;
  const added = await service.addRule(target, () => aRule({ id: 'b', priority: 1 }), 'because');
  expect([added.version, added.definition.targetingRules.map(({ id }) => id)]).toEqual([2, ['a', 'b']]);
  const other = aRule({ id: 'ignored', priority: 2, result: false });
  const replaced = await service.replaceRule(target, 'a', () => other, null);
  expect(replaced.definition.targetingRules[1]).toEqual({ ...other, id: 'a' });
  const removed = await service.removeRule(target, 'b', null);
  expect(removed.definition.targetingRules.map(({ id }) => id)).toEqual(['a']);
  expect((await parts.flags.get(flag.id)).snapshot).toEqual(removed);
});

it('overrides are set and removed', async () => {
  const { targetingService: service } = parts;
  await service.overrideForTenant(target, 'acme', () => true, null);
  await service.overrideInEnvironment(target, 'test', () => ({ enabled: false }), null);
  const { tenantOverrides, environmentOverrides } = (await parts.flags.get(flag.id)).snapshot.definition;
  expect([tenantOverrides, environmentOverrides]).toEqual([{ acme: true }, { test: { enabled: false } }]);
  await service.removeTenantOverride(target, 'acme', null);
  const left = await service.removeEnvironmentOverride(target, 'test', null);
  expect([left.definition.tenantOverrides, left.definition.environmentOverrides]).toEqual([{}, {}]);
  await expect(service.removeTenantOverride(target, 'acme', null)).rejects.toThrow(FlagOverrideNotFound);
});

it('a rule that closes a circle is refused, and the flag stays as it was', async () => {
  const rule = aRule({ conditions: [{ flag: flag.name, equals: true }] });
  await expect(parts.targetingService.addRule(target, () => rule, null)).rejects.toThrow(FlagCycle);
  expect((await parts.flags.get(flag.id)).snapshot).toEqual(flag);
});

it('what a request says is read only once its flag, its rule and its version are there', async () => {
  const { targetingService: service } = parts;
  const nowhere = { id: aFlagId(), ifVersion: null };
  await expect(service.addRule(nowhere, never, null)).rejects.toThrow(FlagNotFound);
  await expect(service.overrideForTenant(nowhere, 'acme', never, null)).rejects.toThrow(FlagNotFound);
  await expect(service.replaceRule(target, 'nowhere', never, null)).rejects.toThrow(FlagRuleNotFound);
  await expect(service.addRule({ ...target, ifVersion: 7 }, never, null)).rejects.toThrow(StaleVersion);
});
