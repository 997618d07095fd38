import { InvalidInput } from '#shared-kernel';
import { aDefinition, aFlag, aFlagId, aFlagName, aNewFlag, aProfile, aRule } from '../testing/a-flag.js';
import { FlagArchived, FlagOverrideNotFound, FlagRuleNotFound, InvalidDefinition } from './errors.js';
import { FeatureFlag } from './feature-flag.js';

const NOW = new Date('2026-05-01T12:00:00.000Z');
const because = { now: NOW, reason: 'because' };
const PAST = { at: NOW.getTime() - 1, set: { enabled: true, rolloutPercentage: 50 } };
const violationsOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as InvalidInput).violations.map(({ pointer, code }) => `${pointer} ${code}`);
  }
};

describe('a new flag', () => {
  it('is what was asked for, and not yet stored', () => {
    const [id, name] = [aFlagId(), aFlagName()];
    const content = { profile: aProfile(), definition: aDefinition() };
    const flag = FeatureFlag.create({ id, tenant: 'acme' }, name, content, 'because');
    expect(flag.snapshot).toEqual({
      id,
      tenant: 'acme',
      name,
      version: 0,
      stamp: null,
      archivedAt: null,
      ...content,
    });
    expect(flag.change).toEqual({ type: 'created', reason: 'because', rolledBackFrom: null, removes: false });
  });

  it('gets the usual rollout value where it says none', () => {
    const definition = aDefinition({ type: 'string', defaultValue: 'a', rolloutValue: null });
    expect(aNewFlag({ definition }).snapshot.definition.rolloutValue).toBe('a');
  });

  it('has tags in lower case, each once, and a profile that fits', () => {
    const tags = [' A', 'b', 'a '];
    expect(aNewFlag({ profile: aProfile({ tags }) }).snapshot.profile.tags).toEqual(['a', 'b']);
    const profile = aProfile({
      tags: ['', 'x'.repeat(101)],
      description: 'x'.repeat(1_001),
      owner: 'x'.repeat(256),
    });
    expect(violationsOf(() => aNewFlag({ profile }))).toEqual([
      '/description too_long',
      '/owner too_long',
      '/tags/0 length',
      '/tags/1 length',
    ]);
    const many = Array.from({ length: 51 }, (_, index) => `tag-${index}`);
    expect(violationsOf(() => aNewFlag({ profile: aProfile({ tags: many }) }))).toEqual(['/tags too_many']);
  });
});

describe('revising', () => {
  it('changes what is named and leaves the rest', () => {
    const flag = aFlag();
    const { profile, definition } = flag.snapshot;
    const name = aFlagName();
    flag.revise({ name, profile: { owner: 'me' }, definition: { bucketBy: 'account' } }, because);
    expect(flag.snapshot).toMatchObject({
      name,
      profile: { ...profile, owner: 'me' },
      definition: { ...definition, bucketBy: 'account' },
    });
    expect(flag.change).toMatchObject({ type: 'updated', reason: 'because' });
  });

  it('notes nothing where nothing changes', () => {
    const flag = aFlag();
    const { name, profile, definition } = flag.snapshot;
    flag.revise({ name, profile, definition }, because);
    expect(flag.change).toBeNull();
  });

  it('refuses another type', () => {
    const flag = aFlag();
    expect(violationsOf(() => flag.revise({ definition: { type: 'string' } }, because))).toEqual([
      '/type fixed',
    ]);
  });

  it('counts for more than the schedule where it changes what the schedule did', () => {
    const flag = aFlag({ definition: aDefinition({ schedule: [PAST] }) });
    flag.revise({ definition: { rolloutPercentage: 100, enabled: true } }, because);
    expect(flag.change).toBeNull();
    flag.revise({ definition: { rolloutPercentage: 10 } }, because);
    expect(flag.snapshot.definition.schedule).toEqual([{ at: PAST.at, set: { enabled: true } }]);
  });
});

describe('the kill switch', () => {
  it('disables, whatever the schedule has done until now', () => {
    const flag = aFlag({ definition: aDefinition({ enabled: false, schedule: [PAST] }) });
    flag.disable(because);
    expect(flag.snapshot.definition.schedule).toEqual([{ at: PAST.at, set: { rolloutPercentage: 50 } }]);
    expect(flag.change).toMatchObject({ type: 'disabled', reason: 'because' });
  });

  it('enables again, and does nothing twice', () => {
    const flag = aFlag({ definition: aDefinition({ enabled: false }) });
    flag.disable(because);
    expect(flag.change).toBeNull();
    flag.enable(because);
    expect([flag.snapshot.definition.enabled, flag.change?.type]).toEqual([true, 'enabled']);
  });
});

describe('rolling out', () => {
  it('sets the percentage and nothing else', () => {
    const flag = aFlag();
    const { definition } = flag.snapshot;
    flag.rollOutTo(12.345, because);
    expect(flag.snapshot.definition).toEqual({ ...definition, rolloutPercentage: 12.345 });
    expect(flag.change?.type).toBe('rolled_out');
  });

  it.each([-1, 100.001, 0.0001, Number.NaN])('refuses %d percent', (percentage) => {
    expect(() => aFlag().rollOutTo(percentage, because)).toThrow(InvalidDefinition);
  });
});

describe('rules', () => {
  const [first, second] = [aRule({ id: 'a', priority: 1 }), aRule({ id: 'b', priority: 2 })];
  const withBoth = (): FeatureFlag => aFlag({ definition: aDefinition({ targetingRules: [first, second] }) });
  const idsOf = (flag: FeatureFlag): string[] => flag.snapshot.definition.targetingRules.map(({ id }) => id);

  it('are added, replaced and removed in the order of their priority', () => {
    const flag = withBoth();
    flag.addRule(aRule({ id: 'c', priority: 1 }), null);
    expect([idsOf(flag), flag.change?.type]).toEqual([['a', 'c', 'b'], 'rule_added']);
    flag.replaceRule({ ...first, priority: 9 }, null);
    expect([idsOf(flag), flag.change?.type]).toEqual([['c', 'b', 'a'], 'rule_replaced']);
    flag.removeRule('b', 'because');
    expect([idsOf(flag), flag.change]).toMatchObject([
      ['c', 'a'],
      { type: 'rule_removed', reason: 'because' },
    ]);
  });

  it('that are not there are neither replaced nor removed', () => {
    expect(() => withBoth().replaceRule(aRule({ id: 'c' }), null)).toThrow(FlagRuleNotFound);
    expect(() => withBoth().removeRule('c', null)).toThrow(FlagRuleNotFound);
  });

  it('are refused with one id twice', () => {
    expect(violationsOf(() => withBoth().addRule(first, null))).toEqual(['/targetingRules/2/id duplicate']);
  });
});

describe('overrides', () => {
  it('are set and removed, one at a time', () => {
    const flag = aFlag();
    flag.overrideForTenant('acme', true, null);
    flag.overrideForTenant('globex', false, null);
    flag.removeTenantOverride('acme', null);
    flag.overrideInEnvironment('test', { enabled: false }, null);
    flag.overrideInEnvironment('production', { value: true }, null);
    flag.removeEnvironmentOverride('test', null);
    const { tenantOverrides, environmentOverrides } = flag.snapshot.definition;
    expect([tenantOverrides, environmentOverrides]).toEqual([
      { globex: false },
      { production: { value: true } },
    ]);
    expect(flag.change?.type).toBe('environment_override_removed');
  });

  it.each(['acme', 'constructor', 'toString'])('for %s that are not there are not removed', (name) => {
    expect(() => aFlag().removeTenantOverride(name, null)).toThrow(FlagOverrideNotFound);
    expect(() => aFlag().removeEnvironmentOverride(name, null)).toThrow(FlagOverrideNotFound);
  });

  it('have values of the type of the flag', () => {
    expect(violationsOf(() => aFlag().overrideForTenant('acme', 'x', null))).toEqual([
      '/tenantOverrides/acme value_type',
    ]);
  });
});

describe('archiving', () => {
  const changes: [string, (flag: FeatureFlag) => void][] = [
    ['revised', (flag) => flag.revise({ profile: { owner: 'me' } }, because)],
    ['enabled', (flag) => flag.enable(because)],
    ['disabled', (flag) => flag.disable(because)],
    ['rolled out', (flag) => flag.rollOutTo(1, because)],
    ['given a rule', (flag) => flag.addRule(aRule(), null)],
    ['overridden', (flag) => flag.overrideForTenant('acme', true, null)],
    ['rolled back', (flag) => flag.revertTo({ profile: aProfile(), definition: aDefinition() }, 1, null)],
  ];

  it.each(changes)('keeps a flag from being %s', (_, act) => {
    expect(() => act(aFlag({ archivedAt: NOW }))).toThrow(FlagArchived);
  });

  it('happens once, and so does restoring', () => {
    const flag = aFlag();
    flag.archive(because);
    expect([flag.snapshot.archivedAt, flag.change?.type]).toEqual([NOW, 'archived']);
    const again = aFlag({ archivedAt: NOW });
    again.archive({ now: new Date(), reason: null });
    expect([again.snapshot.archivedAt, again.change]).toEqual([NOW, null]);
    again.unarchive('because');
    expect([again.snapshot.archivedAt, again.change]).toMatchObject([
      null,
      { type: 'restored', reason: 'because' },
    ]);
    const living = aFlag();
    living.unarchive(null);
    expect(living.change).toBeNull();
  });

  it('does not keep it from being deleted', () => {
    const flag = aFlag({ archivedAt: NOW });
    flag.delete('because');
    expect(flag.change).toEqual({ type: 'deleted', reason: 'because', rolledBackFrom: null, removes: true });
  });
});

it('going back brings back profile and definition, and keeps the name', () => {
  const flag = aFlag();
  const { name } = flag.snapshot;
  const past = { profile: aProfile({ owner: 'then' }), definition: aDefinition({ rolloutPercentage: 7 }) };
  flag.revertTo(past, 3, 'because');
  expect(flag.snapshot).toMatchObject({ name, ...past });
  expect(flag.change).toEqual({ type: 'rolled_back', reason: 'because', rolledBackFrom: 3, removes: false });
});
