import type { Page, PageRequest, Stamp } from '#shared-kernel';
import type { ProviderAlias, ProviderDefinition } from '../domain/secret-provider.js';

/** A provider as it is shown: without its credentials. */
export interface SecretProviderView extends Omit<ProviderDefinition, 'credentials'> {
  readonly id: string;
  readonly tenant: string | null;
  readonly version: number;
  readonly alias: string;
  readonly stamp: Stamp;
}

/** Everything that is read of secret providers. An abstract class, so that it is also its injection token. */
export abstract class SecretProviderQueries {
  /** The tenant's own provider of this alias, else the shared one. @throws SecretProviderNotFound */
  abstract byAlias(tenant: string | null, alias: ProviderAlias): Promise<SecretProviderView>;

  /** The tenant's providers and the shared ones. @throws InvalidInput, InvalidCursor */
  abstract page(tenant: string | null, request: PageRequest): Promise<Page<SecretProviderView>>;
}
