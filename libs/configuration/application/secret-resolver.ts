import type { SecretReference } from '../domain/secret-reference.js';

/** A secret that is asked for. */
export interface SecretQuestion {
  readonly reference: SecretReference;
  /** Whose configuration asks; null is shared. */
  readonly tenant: string | null;
  /** How the refusal names it, for example `database: /credentials/password`. */
  readonly key: string;
}

/** A secret in the clear: it goes to the one who asked and nowhere else. */
export interface ResolvedSecret {
  readonly value: string;
  /** As the provider calls it; null where it has none. */
  readonly version: string | null;
  /** Which provider gave it, as it is registered now: another one calls other secrets by the same versions. */
  readonly from: string;
}

/** Fetches secrets from their providers. An abstract class, so that it is also its injection token. */
export abstract class SecretResolver {
  /**
   * In the order of the questions; null for one that may be left out and cannot be had. Each secret is fetched once.
   * @throws SecretUnresolvable naming the key, never the secret
   */
  abstract resolve(questions: readonly SecretQuestion[]): Promise<readonly (ResolvedSecret | null)[]>;

  /**
   * That a configuration of this tenant may ask for it: the provider is registered and the path is below an allowed
   * prefix. In the open unit of work: until it ends no provider is taken away.
   * @throws InvalidInput at the pointer, as `provider_unknown` or `path_forbidden`
   */
  abstract expectAllowed(
    tenant: string | null,
    references: readonly { readonly reference: SecretReference; readonly pointer: string }[],
  ): Promise<void>;
}
