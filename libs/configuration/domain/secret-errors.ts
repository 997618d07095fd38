import { DomainError } from '#shared-kernel';
import type { ErrorFacts, Violation } from '#shared-kernel';

/** There is no such provider, or not for this owner. */
export class SecretProviderNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'secret_provider_not_found';
  constructor() {
    super('There is no such secret provider.');
  }
}

/** Another provider of the same owner has this alias. */
export class ProviderAliasTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'provider_alias_taken';
  override readonly facts: ErrorFacts;

  constructor(alias: string, conflictingId: string | null) {
    super(`The alias "${alias}" is taken.`);
    this.facts = conflictingId === null ? {} : { conflicting_id: conflictingId };
  }
}

/** Another provider of the same owner is the default one. */
export class DefaultProviderTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'provider_default_taken';
  override readonly facts: ErrorFacts;

  constructor(conflictingId: string | null) {
    super('Another provider is the default one.');
    this.facts = conflictingId === null ? {} : { conflicting_id: conflictingId };
  }
}

/** A configuration that refers to a provider. */
export interface ProviderUser {
  readonly id: string;
  readonly tenant: string | null;
  readonly service: string;
  readonly name: string;
  readonly environment: string;
}

/** Configurations refer to the provider. */
export class ProviderInUse extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'provider_in_use';
  override readonly facts: ErrorFacts;

  /** The first 100 of them. */
  constructor(alias: string, users: readonly ProviderUser[]) {
    super(`Configurations refer to the secret provider "${alias}".`);
    this.facts = { used_by: users.map(toFact) };
  }
}

/** Why a secret cannot be had, in one word. */
export type SecretCause =
  | 'provider_unknown' // No provider of this alias, or no default one.
  | 'path_forbidden' // The provider does not let this path through.
  | 'not_found'
  | 'deleted'
  | 'field_missing'
  | 'forbidden' // The provider refuses the service this secret.
  | 'login_failed' // The provider does not let the service in.
  | 'sealed'
  | 'throttled'
  | 'timeout'
  | 'unreachable'
  | 'unavailable' // The provider answers, and cannot answer this now.
  | 'redirected'
  | 'refused' // The provider does not understand what it is asked.
  | 'malformed' // The answer cannot be read.
  | 'too_large'
  | 'undecryptable';

/** Why one secret cannot be had. The detail holds no secret, no credential and nothing that a provider said. */
export interface UnresolvedSecret {
  readonly key: string;
  readonly cause: SecretCause;
  readonly detail: string;
}

/** Secrets that were asked for cannot be had. */
export class SecretUnresolvable extends DomainError {
  readonly kind = 'bad-gateway';
  readonly code = 'secret_unresolvable';
  override readonly facts: ErrorFacts;

  constructor(readonly unresolved: readonly UnresolvedSecret[]) {
    super(`Secrets cannot be had: ${unresolved.map(({ key, cause }) => `${key} (${cause})`).join(', ')}.`);
    this.facts = { errors: unresolved.map(toViolation) };
  }
}

const toViolation = ({ key, cause, detail }: UnresolvedSecret): Violation => ({
  pointer: key,
  code: cause,
  detail,
});

const toFact = ({ id, tenant, service, name, environment }: ProviderUser): Record<string, string | null> => ({
  configuration_id: id,
  service_id: service,
  name,
  environment,
  tenant_id: tenant,
});
