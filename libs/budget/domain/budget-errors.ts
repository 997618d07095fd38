import { DomainError } from '#shared-kernel';
import type { ErrorFacts } from '#shared-kernel';

/** There is no such budget, or not for this caller. */
export class BudgetNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'budget_not_found';
  constructor() {
    super('There is no such budget.');
  }
}

/** Another budget of the tenant has this name. */
export class BudgetNameTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'budget_name_taken';
  override readonly facts: ErrorFacts;

  /** The holder's id, once it is known. */
  constructor(
    readonly tenant: string | null,
    readonly budget: string,
    conflictingId: string | null,
  ) {
    super(`The name "${budget}" is taken.`);
    this.facts = conflictingId === null ? {} : { conflicting_id: conflictingId };
  }
}
