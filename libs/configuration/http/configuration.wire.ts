import type { ConfigurationView } from '../application/configuration.queries.js';
import { isEffectiveAt, secretKeysOf } from '../domain/configuration-content.js';
import type { ConfigurationState } from '../domain/configuration-state.js';
import type { ConfigurationResponse } from './configuration.dto.js';
import { toSecretRef } from './secret-refs.js';

/** As it is shown. */
export function toConfigurationResponse(configuration: ConfigurationView): ConfigurationResponse {
  const { stamp } = configuration;
  return {
    id: configuration.id,
    tenant_id: configuration.tenant,
    version: configuration.version,
    ...comparableState(configuration),
    secret_keys: secretKeysOf(configuration),
    is_effective: isEffectiveAt(configuration, configuration.seenAt),
    created_at: stamp.createdAt.toISOString(),
    updated_at: stamp.updatedAt.toISOString(),
    created_by: stamp.createdBy,
    updated_by: stamp.updatedBy,
  };
}

/** What was just stored, as it is shown. */
export function toStoredConfiguration(state: ConfigurationState, now: Date): ConfigurationResponse {
  const { stamp } = state;
  if (!stamp) throw new Error('Only what is stored can be shown.');
  return toConfigurationResponse({ ...state, stamp, seenAt: now });
}

type Derived = 'secret_keys' | 'is_effective';

/** What somebody changes of a configuration; what follows from that is left out. */
type Comparable = Omit<
  ConfigurationResponse,
  Derived | 'id' | 'tenant_id' | 'version' | 'created_at' | 'updated_at' | 'created_by' | 'updated_by'
>;

/** The same, also of a state that is not stored. */
export const comparableState = (state: ConfigurationState): Comparable => ({
  service_id: state.service,
  name: state.name,
  environment: state.environment,
  description: state.description,
  values: state.values,
  schema_id: state.schemaId,
  secret_refs: state.secretRefs.map(toSecretRef),
  final_keys: state.finalKeys,
  is_active: state.isActive,
  effective_from: state.effectiveFrom?.toISOString() ?? null,
  effective_until: state.effectiveUntil?.toISOString() ?? null,
});
