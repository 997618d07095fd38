import { DomainError } from '#shared-kernel';
import type { ErrorFacts } from '#shared-kernel';
import type { CompanyId } from './identity.js';

/** There is no such user, or not for this caller. */
export class UserNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'user_not_found';
  constructor() {
    super('There is no such user.');
  }
}

/** Another user of the company has this address. */
export class UserEmailTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'user_email_taken';
  override readonly facts: ErrorFacts;

  /** The holder's id, once it is known. */
  constructor(
    readonly companyId: CompanyId,
    readonly email: string,
    conflictingId: string | null,
  ) {
    super(`The address "${email}" is taken.`);
    this.facts = conflictingId === null ? {} : { conflicting_id: conflictingId };
  }
}
