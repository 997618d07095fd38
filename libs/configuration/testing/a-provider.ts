import type { ProviderId } from '../domain/identity.js';
import { SecretProvider } from '../domain/secret-provider.js';
import type { ProviderAlias, ProviderState } from '../domain/secret-provider.js';
import type { Surroundings } from '../domain/secret-provider-settings.js';

/** A machine whose own variables begin with `OWN_`. */
export const SURROUNDINGS: Surroundings = {
  fileRoots: ['/run/secrets'],
  isReserved: (variable) => variable.startsWith('OWN_'),
};

const unremarkable: ProviderState = {
  id: '01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10' as ProviderId,
  tenant: null,
  version: 1,
  stamp: null,
  alias: 'prod-vault' as ProviderAlias,
  settings: {
    ...{ kind: 'vault', address: 'https://vault.example', namespace: null, mount: 'secret' },
    auth: { method: 'token' },
  },
  credentials: { token: 'hvs.x' },
  pathPrefixes: ['*'],
  isDefault: false,
  description: null,
};

/** A stored provider with unremarkable values: a test names only what it is about. */
export const aProvider = (state: Partial<ProviderState> = {}): SecretProvider =>
  SecretProvider.restore({ ...unremarkable, ...state });
