import { DomainError } from '#shared-kernel';
import type { ErrorFacts } from '#shared-kernel';

/** There is no such environment, or not for this caller. */
export class EnvironmentNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'environment_not_found';
  constructor() {
    super('There is no such environment.');
  }
}

/** Another environment of the tenant has this key. */
export class EnvironmentKeyTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'environment_key_taken';
  override readonly facts: ErrorFacts;

  /** The holder's id, once it is known. */
  constructor(
    readonly tenant: string | null,
    readonly key: string,
    conflictingId: string | null,
  ) {
    super(`The key "${key}" is taken.`);
    this.facts = conflictingId === null ? {} : { conflicting_id: conflictingId };
  }
}

/** Resources stand in the environment, so that it cannot go. */
export class EnvironmentInUse extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'environment_in_use';
  override readonly facts: ErrorFacts;

  constructor(key: string, resources: number) {
    super(`Resources stand in the environment "${key}".`);
    this.facts = { resources };
  }
}
