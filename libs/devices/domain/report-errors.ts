import { DomainError } from '#shared-kernel';
import type { ErrorFacts, Violation } from '#shared-kernel';

/** A status that the type of the device does not know. */
export class StatusInvalid extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'status_invalid';
  override readonly facts: ErrorFacts;

  constructor(readonly violations: readonly Violation[]) {
    super(violations.map(({ pointer, detail }) => `${pointer}: ${detail}`).join(' '));
    this.facts = { errors: violations };
  }
}

/** So many reports wait to be written that one more would only wait longer than anybody waits. */
export class ReportsBusy extends DomainError {
  readonly kind = 'unavailable';
  readonly code = 'reports_busy';
  constructor() {
    super('Too many reports wait to be written already. Try again.');
  }
}
