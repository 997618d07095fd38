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

/** The id belongs to something else, or to a configuration with other content. */
export class IdConflict extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'id_conflict';
  override readonly facts: ErrorFacts;

  /** The id is told where the caller may see what has it. */
  constructor(conflictingId: string | null = null) {
    super('This id is used already, and not for this.');
    this.facts = conflictingId === null ? {} : { conflicting_id: conflictingId };
  }
}
