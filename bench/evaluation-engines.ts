import { EventEmitter } from 'node:events';
import { GrowthBookClient } from '@growthbook/growthbook';
import { FlagdCore } from '@openfeature/flagd-core';
import unleashModule from 'unleash-client/lib/client.js';
import type { RepositoryInterface } from 'unleash-client/lib/repository/index.js';
import type { FeatureInterface } from 'unleash-client/lib/feature.js';
import { defaultStrategies } from 'unleash-client/lib/strategy/index.js';
import { Operator } from 'unleash-client/lib/strategy/strategy.js';
import { compileFlagSet } from '#flag-evaluator';
import type { FlagDefinition, TargetingRule } from '#flag-evaluator';
import { AGE_MIN, COUNTRIES, PLAN, ROLLOUT_PERCENTAGE } from './flag-sample.js';
import type { Visitor } from './flag-sample.js';

/** Makes of each visitor the question whether the flag is on for them; what a library can prepare, it has prepared. */
export type Engine = (visitors: readonly Visitor[]) => readonly (() => boolean)[];

const NAME = 'checkout';

function metastore(visitors: readonly Visitor[]): readonly (() => boolean)[] {
  const rule: TargetingRule = {
    ...{ id: 'r', priority: 0, description: null, result: true, variant: null },
    rolloutPercentage: ROLLOUT_PERCENTAGE,
    conditions: [
      { attribute: 'country', operator: 'in', value: COUNTRIES },
      { attribute: 'plan', operator: 'eq', value: PLAN },
      { attribute: 'age', operator: 'gte', value: AGE_MIN },
    ],
  };
  const definition: FlagDefinition = {
    type: 'boolean',
    ...{ enabled: true, defaultValue: false, rolloutValue: true, rolloutPercentage: 0 },
    ...{ bucketBy: null, variants: [], salt: NAME, targetingRules: [rule], tenantOverrides: {} },
    ...{ environmentOverrides: {}, prerequisites: [], expiresAt: null, schedule: [], ramp: null },
  };
  const flag = { name: NAME, version: 1, isArchived: false, isClientVisible: false, definition };
  const set = compileFlagSet({ flags: [flag], segments: [] });
  const at = { tenant: null, environment: 'production', now: Date.now() };
  return visitors.map((visitor) => {
    const context = { ...visitor };
    return () => set.evaluate(NAME, context, at)?.value === true;
  });
}

function flagd(visitors: readonly Visitor[]): readonly (() => boolean)[] {
  const conditions = [
    { in: [{ var: 'country' }, COUNTRIES] },
    { '==': [{ var: 'plan' }, PLAN] },
    { '>=': [{ var: 'age' }, AGE_MIN] },
  ];
  const fractional = [
    ['on', ROLLOUT_PERCENTAGE],
    ['off', 100 - ROLLOUT_PERCENTAGE],
  ];
  const targeting = { if: [{ and: conditions }, { fractional }, 'off'] };
  const flag = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', targeting };
  const core = new FlagdCore();
  core.setConfigurations(JSON.stringify({ flags: { [NAME]: flag } }));
  return visitors.map((visitor) => {
    const context = { ...visitor };
    return () => core.resolveBooleanEvaluation(NAME, false, context).value;
  });
}

function growthBook(visitors: readonly Visitor[]): readonly (() => boolean)[] {
  const condition = { country: { $in: COUNTRIES }, plan: PLAN, age: { $gte: AGE_MIN } };
  const rule = { condition, force: true, coverage: ROLLOUT_PERCENTAGE / 100, hashAttribute: 'id' };
  const client = new GrowthBookClient().initSync({
    payload: { features: { [NAME]: { defaultValue: false, rules: [rule] } } },
  });
  return visitors.map(({ targetingKey, ...others }) => {
    const attributes = { id: targetingKey, ...others };
    return () => client.isOn(NAME, { attributes });
  });
}

function unleash(visitors: readonly Visitor[]): readonly (() => boolean)[] {
  const constraint = { caseInsensitive: false, inverted: false };
  const feature: FeatureInterface = {
    name: NAME,
    enabled: true,
    strategies: [
      {
        name: 'flexibleRollout',
        parameters: { rollout: ROLLOUT_PERCENTAGE, stickiness: 'userId', groupId: NAME },
        constraints: [
          { ...constraint, contextName: 'country', operator: Operator.IN, values: COUNTRIES },
          { ...constraint, contextName: 'plan', operator: Operator.IN, values: [PLAN] },
          { ...constraint, contextName: 'age', operator: Operator.NUM_GTE, value: AGE_MIN, values: [] },
        ],
      },
    ],
  };
  const client = new unleashModule.default(new OneFeature(feature), defaultStrategies);
  return visitors.map(({ targetingKey, ...properties }) => {
    const context = { userId: targetingKey, properties };
    return () => client.isEnabled(NAME, context, () => false);
  });
}

/** What the client would have fetched. */
class OneFeature extends EventEmitter implements RepositoryInterface {
  constructor(private readonly feature: FeatureInterface) {
    super();
  }

  getToggle(): FeatureInterface {
    return this.feature;
  }

  getToggles(): FeatureInterface[] {
    return [this.feature];
  }

  getTogglesWithSegmentData(): [] {
    return [];
  }

  getSegment(): undefined {
    return undefined;
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): void {
    this.removeAllListeners();
  }
}

/** By the name of the package. */
export const ENGINES = {
  metastore,
  '@openfeature/flagd-core': flagd,
  '@growthbook/growthbook': growthBook,
  'unleash-client': unleash,
} as const satisfies Readonly<Record<string, Engine>>;

export type EngineName = keyof typeof ENGINES;
