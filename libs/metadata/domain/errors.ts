import { DomainError } from '#shared-kernel';
import type { ErrorFacts } from '#shared-kernel';

/** There is no such entry, or not for this caller, or it has expired. */
export class EntryNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'metadata_not_found';
  constructor() {
    super('There is no such entry.');
  }
}

/** Another entry of the same tenant and namespace has this key. */
export class MetadataKeyTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'metadata_key_taken';
  override readonly facts: ErrorFacts;

  constructor(namespace: string, key: string, conflictingId: string | null) {
    super(`The key "${key}" is taken in the namespace "${namespace}".`);
    this.facts = conflictingId === null ? {} : { conflicting_id: conflictingId };
  }
}
