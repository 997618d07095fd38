import { DomainError } from '#shared-kernel';
import type { ErrorFacts, Violation } from '#shared-kernel';

/** A schema that is not taken; all reasons at once, each with its place. */
export class SchemaRefused extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'schema_refused';
  override readonly facts: ErrorFacts;

  constructor(readonly violations: readonly Violation[]) {
    super(violations.map(({ pointer, detail }) => `${pointer}: ${detail}`).join(' '));
    this.facts = { errors: violations };
  }
}

/** Work with the schema was stopped at the limit of time or memory of one job. */
export class SchemaTooExpensive extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'schema_too_expensive';
  constructor() {
    super('The schema takes more time or memory than one check may have, and was stopped.');
  }
}

/** Too many checks of this tenant wait already. */
export class ValidationBusy extends DomainError {
  readonly kind = 'limit';
  readonly code = 'validation_busy';
  constructor() {
    super('Too many checks against schemas wait already. Try again.');
  }
}

/** No worker came up in time, or the process is going away. */
export class ValidationUnavailable extends DomainError {
  readonly kind = 'unavailable';
  readonly code = 'validation_unavailable';
  constructor() {
    super('Nothing can be checked against a schema now. Try again.');
  }
}
