import { compileFlagSet } from '#flag-evaluator';
import type { FlagDefinition, FlagInput, FlagSet, SegmentInput } from '#flag-evaluator';

/** What a test says of a flag. */
export interface FlagDetails extends Partial<FlagDefinition> {
  readonly version?: number;
  readonly isClientVisible?: boolean;
}

/** A flag as an evaluator gets it, on for everyone: a test names only what it is about. */
export function aFlagInput(name: string, details: FlagDetails = {}): FlagInput {
  const { version = 1, isClientVisible = false, ...definition } = details;
  return {
    ...{ name, version, isArchived: false, isClientVisible },
    definition: {
      type: 'boolean',
      enabled: true,
      defaultValue: false,
      rolloutValue: true,
      rolloutPercentage: 100,
      bucketBy: null,
      variants: [],
      salt: name,
      targetingRules: [],
      tenantOverrides: {},
      environmentOverrides: {},
      prerequisites: [],
      expiresAt: null,
      schedule: [],
      ramp: null,
      ...definition,
    },
  };
}

export function aFlagSet(flags: readonly FlagInput[], segments: readonly SegmentInput[] = []): FlagSet {
  return compileFlagSet({ flags, segments });
}
