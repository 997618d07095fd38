import { DomainError } from '#shared-kernel';
import type { ErrorFacts, Violation } from '#shared-kernel';

export class ItemNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'item_not_found';
  constructor() {
    super('There is no such item.');
  }
}

/** Of a reconciled item something is to change besides notes and labels, or it is to go. */
export class ItemReconciled extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'item_reconciled';
  constructor() {
    super('The item is reconciled: only its notes and labels may change.');
  }
}

/** An item names a payor or a payee that its tenant does not see; other references that are not there are told with it. */
export class PayeeUnknown extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'payee_unknown';
  override readonly facts: ErrorFacts;

  constructor(violations: readonly Violation[]) {
    super(violations.map(({ detail }) => detail).join(' '));
    this.facts = { errors: violations };
  }
}

/** The same of a category. */
export class CategoryUnknown extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'category_unknown';
  override readonly facts: ErrorFacts;

  constructor(violations: readonly Violation[]) {
    super(violations.map(({ detail }) => detail).join(' '));
    this.facts = { errors: violations };
  }
}
