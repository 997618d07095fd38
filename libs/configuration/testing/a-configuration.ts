import { randomUUID } from 'node:crypto';
import { Configuration } from '../domain/configuration.js';
import type { ConfigurationContent, ConfigurationState, Scope } from '../domain/configuration-state.js';
import { configurationId, configurationName, environmentName, serviceId } from '../domain/identity.js';
import type { ConfigurationId, ServiceId } from '../domain/identity.js';

export const aConfigurationId = (): ConfigurationId => configurationId(randomUUID());
export const aServiceId = (): ServiceId => serviceId(`s-${randomUUID()}`);

/** The shared `database` of production, of a service that nothing has. */
export const aScope = (scope: Partial<Scope> = {}): Scope => ({
  tenant: null,
  service: aServiceId(),
  name: configurationName('database'),
  environment: environmentName('production'),
  ...scope,
});

/** Active, always effective, and otherwise empty: a test names only what it is about. */
export const aContent = (content: Partial<ConfigurationContent> = {}): ConfigurationContent => ({
  values: {},
  schemaId: null,
  secretRefs: [],
  finalKeys: [],
  isActive: true,
  effectiveFrom: null,
  effectiveUntil: null,
  description: null,
  ...content,
});

/** A configuration that is not stored yet. */
export const aNewConfiguration = (
  state: Partial<Scope & ConfigurationContent & { readonly id: ConfigurationId }> = {},
): Configuration => {
  const { id = aConfigurationId(), tenant, service, name, environment, ...content } = state;
  const scope = aScope({
    ...(tenant !== undefined && { tenant }),
    ...(service !== undefined && { service }),
    ...(name !== undefined && { name }),
    ...(environment !== undefined && { environment }),
  });
  return Configuration.create({ id, ...scope }, aContent(content));
};

/** A stored one. */
export const aConfiguration = (state: Partial<ConfigurationState> = {}): Configuration =>
  Configuration.restore({
    id: aConfigurationId(),
    version: 1,
    stamp: null,
    ...aScope(),
    ...aContent(),
    ...state,
  });
