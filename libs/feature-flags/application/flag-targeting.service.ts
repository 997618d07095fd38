import { Injectable } from '@nestjs/common';
import type { EnvironmentOverride, FlagValue, TargetingRule } from '#flag-evaluator';
import type { FlagState } from '../domain/feature-flag.js';
import { FlagChanges } from './flag-changes.js';
import type { FlagAt } from './flag-changes.js';

/** What a request gives, read once the flag that it is for is there. */
export type Read<T> = (current: FlagState) => T;

/** Everything that changes for whom a flag serves what: rules, and overrides for tenants and environments. */
@Injectable()
export class FlagTargetingService {
  constructor(private readonly changes: FlagChanges) {}

  /** @throws FlagNotFound, StaleVersion, FlagArchived, InvalidDefinition, FlagReferenceUnknown, FlagCycle */
  addRule(target: FlagAt, rule: Read<TargetingRule>, reason: string | null): Promise<FlagState> {
    return this.changes.change(target, (flag) => flag.addRule(rule(flag.snapshot), reason));
  }

  /** The rule keeps its id. @throws as addRule, and FlagRuleNotFound */
  replaceRule(
    target: FlagAt,
    ruleId: string,
    rule: Read<TargetingRule>,
    reason: string | null,
  ): Promise<FlagState> {
    return this.changes.change(target, (flag) => {
      flag.expectRule(ruleId);
      flag.replaceRule({ ...rule(flag.snapshot), id: ruleId }, reason);
    });
  }

  /** @throws FlagNotFound, FlagRuleNotFound, StaleVersion, FlagArchived */
  removeRule(target: FlagAt, ruleId: string, reason: string | null): Promise<FlagState> {
    return this.changes.change(target, (flag) => flag.removeRule(ruleId, reason));
  }

  /** @throws FlagNotFound, StaleVersion, FlagArchived, InvalidDefinition */
  overrideForTenant(
    target: FlagAt,
    tenant: string,
    value: Read<FlagValue>,
    reason: string | null,
  ): Promise<FlagState> {
    return this.changes.change(target, (flag) =>
      flag.overrideForTenant(tenant, value(flag.snapshot), reason),
    );
  }

  /** @throws FlagNotFound, FlagOverrideNotFound, StaleVersion, FlagArchived */
  removeTenantOverride(target: FlagAt, tenant: string, reason: string | null): Promise<FlagState> {
    return this.changes.change(target, (flag) => flag.removeTenantOverride(tenant, reason));
  }

  /** @throws FlagNotFound, StaleVersion, FlagArchived, InvalidDefinition */
  overrideInEnvironment(
    target: FlagAt,
    environment: string,
    override: Read<EnvironmentOverride>,
    reason: string | null,
  ): Promise<FlagState> {
    return this.changes.change(target, (flag) =>
      flag.overrideInEnvironment(environment, override(flag.snapshot), reason),
    );
  }

  /** @throws FlagNotFound, FlagOverrideNotFound, StaleVersion, FlagArchived */
  removeEnvironmentOverride(target: FlagAt, environment: string, reason: string | null): Promise<FlagState> {
    return this.changes.change(target, (flag) => flag.removeEnvironmentOverride(environment, reason));
  }
}
