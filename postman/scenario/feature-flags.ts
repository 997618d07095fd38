import type { Steps } from '../step.js';
import { RANKS } from '../sequence.js';

const RULE = { attribute: 'plan', operator: 'eq', value: 'gold', result: true };
const FLAG = { name: '{{featureFlagName}}' };

const CALLER = { context: { targetingKey: 'user-123', country: 'US' } };

export const FLAG_STEPS: Steps = {
  batchFeatureFlags: {
    whole: { operations: [{ op: 'update', id: '{{featureFlagId}}', description: 'In a batch' }] },
  },
  evaluateFlag: { body: FLAG },
  importFeatureFlags: { query: { dry_run: 'true', format: 'flagd' }, whole: { flags: {} } },
  addFeatureFlagRule: { whole: RULE },
  replaceFeatureFlagRule: { whole: { ...RULE, value: 'silver' } },
  rollOutFeatureFlag: { body: { percentage: 25 } },
  setFeatureFlagEnvironmentOverride: { body: { value: true } },
  archiveFeatureFlag: { rank: RANKS.whole + 1 },
  restoreFeatureFlag: { rank: RANKS.whole + 2 },
  evaluateFlagsOfrep: { whole: CALLER },
  evaluateFlagOfrep: { path: { key: '{{featureFlagName}}' }, whole: CALLER },
};
