import type { ProviderUser } from './secret-errors.js';
import type { ProviderId } from './identity.js';
import type { ProviderAlias, SecretProvider } from './secret-provider.js';

/** The secret providers of the installation. An abstract class, so that it is also its injection token. */
export abstract class SecretProviderRepository {
  /** The owner's own provider by its alias, kept for this unit of work: nobody else changes it meanwhile. */
  abstract find(tenant: string | null, alias: ProviderAlias): Promise<SecretProvider | null>;

  /** The id of the owner's default provider; null where there is none. */
  abstract findDefault(tenant: string | null): Promise<ProviderId | null>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: ProviderId): Promise<boolean>;

  /**
   * The first 100 configurations that refer to it. Until the unit of work ends nobody saves another one with a secret.
   */
  abstract usersOf(provider: SecretProvider): Promise<readonly ProviderUser[]>;

  /**
   * Stores the provider and its row in the change log: both, or neither. Nothing happened, nothing is stored.
   * @throws ProviderAliasTaken, DefaultProviderTaken, IdConflict, StaleVersion
   */
  abstract save(provider: SecretProvider): Promise<void>;
}
