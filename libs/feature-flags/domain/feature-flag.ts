import { AggregateRoot, InvalidInput } from '#shared-kernel';
import type { Stamp } from '#shared-kernel';
import type { EnvironmentOverride, FlagDefinition, FlagValue, TargetingRule } from '#flag-evaluator';
import { redefined, sameJson, settledDefinition, usualRolloutValue, withoutPast } from './definition.js';
import { FlagArchived, FlagOverrideNotFound, FlagRuleNotFound } from './errors.js';
import type { FlagId, FlagName } from './identity.js';
import { checkedProfile } from './profile.js';
import type { FlagProfile } from './profile.js';

/** The part of a flag that has a history and can be rolled back. */
export interface FlagContent {
  readonly profile: FlagProfile;
  /** All that decides what it serves. */
  readonly definition: FlagDefinition;
}

/** Everything there is to know about a flag: what is stored, and what a test builds. */
export interface FlagState extends FlagContent {
  readonly id: FlagId;
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp | null;
  readonly name: FlagName;
  readonly archivedAt: Date | null;
}

/** What is to change; absent leaves as it is. A `rolloutValue` of null is the usual one. */
export interface FlagRevision {
  readonly name?: FlagName;
  readonly profile?: Partial<FlagProfile>;
  readonly definition?: Partial<FlagDefinition>;
}

/** When, and why in the words of whoever does it. */
export interface Occasion {
  readonly now: Date;
  readonly reason: string | null;
}

/** A switch that decides, caller by caller, which value a feature has. */
export class FeatureFlag extends AggregateRoot<FlagState> {
  /** @throws InvalidInput, InvalidDefinition */
  static create(
    identity: { readonly id: FlagId; readonly tenant: string | null },
    name: FlagName,
    { profile, definition }: FlagContent,
    reason: string | null = null,
  ): FeatureFlag {
    const rolloutValue = definition.rolloutValue ?? usualRolloutValue(definition);
    const flag = new FeatureFlag({
      ...identity,
      version: 0,
      stamp: null,
      name,
      archivedAt: null,
      profile: checkedProfile(profile),
      definition: settledDefinition({ ...definition, rolloutValue }),
    });
    flag.record('created', { reason });
    return flag;
  }

  /** Rebuilds a stored flag; for repositories and tests alone. */
  static restore(state: FlagState): FeatureFlag {
    return new FeatureFlag(state);
  }

  /** Changes what is named and leaves the rest. What is as it was before makes no new version. @throws InvalidInput, FlagArchived */
  revise({ name, profile, definition = {} }: FlagRevision, { now, reason }: Occasion): void {
    const { definition: current } = this.state;
    this.#expectType(definition.type ?? current.type);
    let next = redefined(current, definition);
    for (const property of ['enabled', 'rolloutPercentage'] as const) {
      if (next[property] !== current[property]) next = withoutPast(next, property, now);
    }
    this.#change(
      {
        ...this.state,
        name: name ?? this.state.name,
        profile: checkedProfile({ ...this.state.profile, ...profile }),
        definition: next,
      },
      'updated',
      reason,
    );
  }

  /**
   * Becomes what was written down elsewhere, archived or not, whatever the clock has made of it. What is as it was before
   * makes no new version. @throws InvalidInput, InvalidDefinition
   */
  replaceWith(
    { profile, definition, isArchived }: FlagContent & { readonly isArchived: boolean },
    { now, reason }: Occasion,
  ): void {
    this.#expectType(definition.type);
    const rolloutValue = definition.rolloutValue ?? usualRolloutValue(definition);
    const { archivedAt } = this.state;
    const next: FlagState = {
      ...this.state,
      archivedAt: isArchived ? (archivedAt ?? now) : null,
      profile: checkedProfile(profile),
      definition: settledDefinition({ ...definition, rolloutValue }, this.state.definition.variants),
    };
    if (sameJson(next, this.state)) return;
    this.state = next;
    this.record('updated', { reason });
  }

  /** From now on, whatever the schedule has done until now. @throws FlagArchived */
  enable({ now, reason }: Occasion): void {
    this.#redefine(
      { ...withoutPast(this.state.definition, 'enabled', now), enabled: true },
      'enabled',
      reason,
    );
  }

  /** The kill switch. @throws FlagArchived */
  disable({ now, reason }: Occasion): void {
    this.#redefine(
      { ...withoutPast(this.state.definition, 'enabled', now), enabled: false },
      'disabled',
      reason,
    );
  }

  /** From now on; a ramp that has begun ends with it. @throws InvalidDefinition, FlagArchived */
  rollOutTo(rolloutPercentage: number, { now, reason }: Occasion): void {
    const past = withoutPast(this.state.definition, 'rolloutPercentage', now);
    this.#redefine({ ...past, rolloutPercentage }, 'rolled_out', reason);
  }

  /** It is as if it were not there, and nothing is lost. */
  archive({ now, reason }: Occasion): void {
    if (this.state.archivedAt !== null) return;
    this.state = { ...this.state, archivedAt: now };
    this.record('archived', { reason });
  }

  unarchive(reason: string | null): void {
    if (this.state.archivedAt === null) return;
    this.state = { ...this.state, archivedAt: null };
    this.record('restored', { reason });
  }

  /** @throws InvalidDefinition, FlagArchived */
  addRule(rule: TargetingRule, reason: string | null): void {
    const { targetingRules } = this.state.definition;
    this.#redefine({ targetingRules: [...targetingRules, rule] }, 'rule_added', reason);
  }

  /** Replaces the rule of the same id. @throws FlagRuleNotFound, InvalidDefinition, FlagArchived */
  replaceRule(rule: TargetingRule, reason: string | null): void {
    this.expectRule(rule.id);
    const { targetingRules } = this.state.definition;
    const replaced = targetingRules.map((present) => (present.id === rule.id ? rule : present));
    this.#redefine({ targetingRules: replaced }, 'rule_replaced', reason);
  }

  /** @throws FlagRuleNotFound, FlagArchived */
  removeRule(id: string, reason: string | null): void {
    this.expectRule(id);
    const targetingRules = this.state.definition.targetingRules.filter((rule) => rule.id !== id);
    this.#redefine({ targetingRules }, 'rule_removed', reason);
  }

  /** @throws FlagRuleNotFound */
  expectRule(id: string): TargetingRule {
    const rule = this.state.definition.targetingRules.find((present) => present.id === id);
    if (!rule) throw new FlagRuleNotFound();
    return rule;
  }

  /** @throws InvalidDefinition, FlagArchived */
  overrideForTenant(tenant: string, value: FlagValue, reason: string | null): void {
    const tenantOverrides = { ...this.state.definition.tenantOverrides, [tenant]: value };
    this.#redefine({ tenantOverrides }, 'tenant_override_set', reason);
  }

  /** @throws FlagOverrideNotFound, FlagArchived */
  removeTenantOverride(tenant: string, reason: string | null): void {
    const tenantOverrides = withoutName(this.state.definition.tenantOverrides, tenant);
    this.#redefine({ tenantOverrides }, 'tenant_override_removed', reason);
  }

  /** @throws InvalidDefinition, FlagArchived */
  overrideInEnvironment(environment: string, override: EnvironmentOverride, reason: string | null): void {
    const environmentOverrides = { ...this.state.definition.environmentOverrides, [environment]: override };
    this.#redefine({ environmentOverrides }, 'environment_override_set', reason);
  }

  /** @throws FlagOverrideNotFound, FlagArchived */
  removeEnvironmentOverride(environment: string, reason: string | null): void {
    const environmentOverrides = withoutName(this.state.definition.environmentOverrides, environment);
    this.#redefine({ environmentOverrides }, 'environment_override_removed', reason);
  }

  /** Going back is going forward: an old content becomes the newest version. The name stays. @throws FlagArchived */
  revertTo(past: FlagContent, version: number, reason: string | null): void {
    this.#expectLiving();
    this.state = { ...this.state, ...past };
    this.record('rolled_back', { reason, rolledBackFrom: version });
  }

  /** Takes it away; its history stays. */
  delete(reason: string | null): void {
    this.record('deleted', { reason, removes: true });
  }

  #redefine(changes: Partial<FlagDefinition>, type: string, reason: string | null): void {
    this.#change({ ...this.state, definition: { ...this.state.definition, ...changes } }, type, reason);
  }

  #change(next: FlagState, type: string, reason: string | null): void {
    this.#expectLiving();
    const definition = settledDefinition(next.definition, this.state.definition.variants);
    const settled = { ...next, definition };
    if (sameJson(settled, this.state)) return;
    this.state = settled;
    this.record(type, { reason });
  }

  #expectType(type: FlagDefinition['type']): void {
    const { type: own } = this.state.definition;
    if (type !== own) throw InvalidInput.at('/type', 'fixed', `The type of this flag is ${own} for life.`);
  }

  #expectLiving(): void {
    if (this.state.archivedAt !== null) throw new FlagArchived(this.state.name);
  }
}

/** @throws FlagOverrideNotFound */
function withoutName<Value>(values: Readonly<Record<string, Value>>, name: string): Record<string, Value> {
  if (!Object.hasOwn(values, name)) throw new FlagOverrideNotFound();
  return Object.fromEntries(Object.entries(values).filter(([present]) => present !== name));
}
