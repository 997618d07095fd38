import { DomainError } from '#shared-kernel';
import type { ErrorFacts } from '#shared-kernel';

/** There is no such configuration, or not for this caller. */
export class ConfigurationNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'configuration_not_found';
  constructor() {
    super('There is no such configuration.');
  }
}

/** Another active configuration of the same scope is effective at the same time. */
export class OverlappingWindow extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'overlapping_window';
  override readonly facts: ErrorFacts;

  constructor(conflictingId: string | null) {
    super(
      'Another active configuration of this service, name, environment and tenant has this time already.',
    );
    this.facts = conflictingId === null ? {} : { conflicting_id: conflictingId };
  }
}
