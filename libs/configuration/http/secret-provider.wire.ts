import type { SecretProviderView } from '../application/secret-provider.queries.js';
import type { ProviderState } from '../domain/secret-provider.js';
import type { SecretProviderResponse } from './secret-provider.dto.js';
import { toSettings } from './secret-provider-settings.js';

/** As it is shown. */
export function toProviderResponse(provider: SecretProviderView): SecretProviderResponse {
  const { stamp } = provider;
  return {
    id: provider.id,
    tenant_id: provider.tenant,
    version: provider.version,
    alias: provider.alias,
    kind: provider.settings.kind,
    settings: toSettings(provider.settings),
    path_prefixes: provider.pathPrefixes,
    is_default: provider.isDefault,
    description: provider.description,
    created_at: stamp.createdAt.toISOString(),
    updated_at: stamp.updatedAt.toISOString(),
    created_by: stamp.createdBy,
    updated_by: stamp.updatedBy,
  };
}

/** What was just stored, as it is shown. */
export function toStoredProvider({ stamp, ...provider }: ProviderState): SecretProviderResponse {
  if (!stamp) throw new Error('Only what is stored can be shown.');
  return toProviderResponse({ ...provider, stamp });
}

/** What is told of it to whoever does not administer providers: that it is there, and not where it leads. */
export function toProviderNotice({ id, tenant, version, alias, settings }: SecretProviderView): object {
  return { id, tenant_id: tenant, version, alias, kind: settings.kind };
}
