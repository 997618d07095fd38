import type {
  Condition,
  EnvironmentOverride,
  FlagDefinition,
  FlagValue,
  Ramp,
  TargetingRule,
} from '#flag-evaluator';
import type { FlagView } from '../application/feature-flag.queries.js';
import type { FlagState } from '../domain/feature-flag.js';
import type { FlagRamp } from './flag-parts.dto.js';
import type { FlagResponse } from './flag.response.dto.js';
import type { RuleResponse } from './rule.dto.js';

/** The credential's tenant, which decides which overrides of a shared flag are shown; null sees all. */
export type Onlooker = string | null;

/** As it is shown. What a shared flag is for other tenants is none of a tenant's business. */
export function toResponse(flag: FlagView, onlooker: Onlooker): FlagResponse {
  const { profile, definition, stamp } = flag;
  const overrides = toOverrides(definition);
  return {
    id: flag.id,
    tenant_id: flag.tenant,
    version: flag.version,
    name: flag.name,
    description: profile.description,
    tags: profile.tags,
    owner: profile.owner,
    kind: profile.kind,
    client_visible: profile.isClientVisible,
    archived_at: flag.archivedAt?.toISOString() ?? null,
    ...toDefinition(definition),
    tenant_overrides:
      flag.tenant === null && onlooker !== null
        ? ownOverride(definition.tenantOverrides, onlooker)
        : definition.tenantOverrides,
    environment_overrides: overrides,
    created_at: stamp.createdAt.toISOString(),
    updated_at: stamp.updatedAt.toISOString(),
    created_by: stamp.createdBy,
    updated_by: stamp.updatedBy,
  };
}

/** What was just stored, as it is shown. */
export const toStoredResponse = (state: FlagState, onlooker: Onlooker): FlagResponse =>
  toResponse(viewOf(state), onlooker);

export function toRule(rule: TargetingRule): RuleResponse {
  const { id, priority, description, conditions, result, variant, rolloutPercentage } = rule;
  return {
    id,
    priority,
    description,
    conditions: conditions.map(toCondition),
    ...(variant === null ? { result } : { variant }),
    rollout_percentage: rolloutPercentage,
  };
}

/** On the wire conditions look as they do inside. */
export const toCondition = (condition: Condition): object => condition;

export const toOverrides = ({ environmentOverrides }: FlagDefinition): Record<string, object> =>
  Object.fromEntries(
    Object.entries(environmentOverrides).map(([environment, override]) => [
      environment,
      toOverride(override),
    ]),
  );

type ShownDefinition = Omit<
  FlagResponse,
  | 'id'
  | 'tenant_id'
  | 'version'
  | 'name'
  | 'description'
  | 'tags'
  | 'owner'
  | 'kind'
  | 'client_visible'
  | 'archived_at'
  | 'tenant_overrides'
  | 'environment_overrides'
  | 'created_at'
  | 'updated_at'
  | 'created_by'
  | 'updated_by'
>;

function toDefinition(definition: FlagDefinition): ShownDefinition {
  const { ramp } = definition;
  return {
    type: definition.type,
    enabled: definition.enabled,
    default_value: definition.defaultValue,
    rollout_value: definition.rolloutValue,
    rollout_percentage: definition.rolloutPercentage,
    bucket_by: definition.bucketBy,
    variants: definition.variants.map(({ name, value, weight }) => ({ name, value, weight })),
    salt: definition.salt,
    targeting_rules: definition.targetingRules.map(toRule),
    prerequisites: definition.prerequisites.map(({ flag, equals }) => ({ flag, equals })),
    expires_at: definition.expiresAt === null ? null : toTime(definition.expiresAt),
    schedule: definition.schedule.map(({ at, set: { enabled, rolloutPercentage } }) => ({
      at: toTime(at),
      set: {
        ...(enabled !== undefined && { enabled }),
        ...(rolloutPercentage !== undefined && { rollout_percentage: rolloutPercentage }),
      },
    })),
    ramp: ramp && toRamp(ramp),
  };
}

export const toRamp = ({ from, to, startsAt, endsAt }: Ramp): FlagRamp => ({
  from,
  to,
  starts_at: toTime(startsAt),
  ends_at: toTime(endsAt),
});

function toOverride({ enabled, defaultValue, rolloutPercentage, value }: EnvironmentOverride): object {
  return {
    ...(enabled !== undefined && { enabled }),
    ...(defaultValue !== undefined && { default_value: defaultValue }),
    ...(rolloutPercentage !== undefined && { rollout_percentage: rolloutPercentage }),
    ...(value !== undefined && { value }),
  };
}

function ownOverride(
  overrides: Readonly<Record<string, FlagValue>>,
  tenant: string,
): Record<string, FlagValue> {
  const value = Object.hasOwn(overrides, tenant) ? overrides[tenant] : undefined;
  return value === undefined ? {} : { [tenant]: value };
}

function viewOf(state: FlagState): FlagView {
  const { stamp, ...rest } = state;
  if (!stamp) throw new Error('Only what is stored can be shown.');
  return { ...rest, stamp };
}

const toTime = (milliseconds: number): string => new Date(milliseconds).toISOString();
