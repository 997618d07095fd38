import { randomUUID } from 'node:crypto';
import type { Condition, FlagDefinition, TargetingRule } from '#flag-evaluator';
import { FeatureFlag } from '../domain/feature-flag.js';
import type { FlagState } from '../domain/feature-flag.js';
import { flagId, flagName, segmentId, segmentName } from '../domain/identity.js';
import type { FlagId, FlagName, SegmentId, SegmentName } from '../domain/identity.js';
import type { FlagProfile } from '../domain/profile.js';
import { Segment } from '../domain/segment.js';
import type { SegmentState } from '../domain/segment.js';

/** Ids and names that nothing has. */
export const aFlagId = (): FlagId => flagId(randomUUID());
export const aSegmentId = (): SegmentId => segmentId(randomUUID());
export const aFlagName = (): FlagName => flagName(`flag-${randomUUID()}`);
export const aSegmentName = (): SegmentName => segmentName(`segment-${randomUUID()}`);

/** A profile with unremarkable values: a test names only what it is about. */
export const aProfile = (profile: Partial<FlagProfile> = {}): FlagProfile => ({
  description: 'The new checkout',
  tags: ['checkout'],
  owner: null,
  kind: 'release',
  isClientVisible: false,
  ...profile,
});

/** A boolean flag, on for everybody. */
export const aDefinition = (definition: Partial<FlagDefinition> = {}): FlagDefinition => ({
  type: 'boolean',
  enabled: true,
  defaultValue: false,
  rolloutValue: true,
  rolloutPercentage: 100,
  bucketBy: null,
  variants: [],
  salt: 'salt',
  targetingRules: [],
  tenantOverrides: {},
  environmentOverrides: {},
  prerequisites: [],
  expiresAt: null,
  schedule: [],
  ramp: null,
  ...definition,
});

export const aRule = (rule: Partial<TargetingRule> = {}): TargetingRule => ({
  id: randomUUID(),
  priority: 0,
  description: null,
  conditions: [{ attribute: 'country', operator: 'eq', value: 'US' }],
  result: true,
  variant: null,
  rolloutPercentage: null,
  ...rule,
});

const STAMP = {
  createdAt: new Date('2026-01-01T00:00:00.000Z'),
  createdBy: 'ada',
  updatedAt: new Date('2026-01-01T00:00:00.000Z'),
  updatedBy: 'ada',
};

/** A stored flag with unremarkable values. */
export const aFlag = (state: Partial<FlagState> = {}): FeatureFlag =>
  FeatureFlag.restore({
    id: aFlagId(),
    tenant: null,
    version: 1,
    stamp: STAMP,
    name: aFlagName(),
    archivedAt: null,
    profile: aProfile(),
    definition: aDefinition(),
    ...state,
  });

/** A flag that was never stored. */
export const aNewFlag = (state: Partial<Omit<FlagState, 'version' | 'stamp'>> = {}): FeatureFlag => {
  const { id = aFlagId(), tenant = null, name = aFlagName() } = state;
  const { profile = aProfile(), definition = aDefinition() } = state;
  return FeatureFlag.create({ id, tenant }, name, { profile, definition });
};

/** A segment that was never stored. */
export const aNewSegment = (
  state: Partial<Omit<SegmentState, 'version' | 'stamp' | 'definition'>> & {
    readonly conditions?: readonly Condition[];
  } = {},
): Segment => {
  const { id = aSegmentId(), tenant = null, name = aSegmentName(), description = null } = state;
  const definition = { include: ['user-1'], exclude: [], conditions: state.conditions ?? [] };
  return Segment.create({ id, tenant }, name, { description, definition });
};
