import { DomainError } from '#shared-kernel';
import type { ErrorFacts } from '#shared-kernel';

/** There is no such company, or not for this caller. */
export class CompanyNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'company_not_found';
  constructor() {
    super('There is no such company.');
  }
}

/** Another company of the tenant has this name. */
export class CompanyNameTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'company_name_taken';
  override readonly facts: ErrorFacts;

  /** The holder's id, once it is known. */
  constructor(
    readonly tenant: string | null,
    readonly company: string,
    conflictingId: string | null,
  ) {
    super(`The name "${company}" is taken.`);
    this.facts = conflictingId === null ? {} : { conflicting_id: conflictingId };
  }
}

/** How much belongs to a company. */
export interface CompanyBelongings {
  readonly users: number;
  readonly teams: number;
  readonly environments: number;
  readonly resources: number;
}

/** Something belongs to the company still, so that it cannot go. */
export class CompanyInUse extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'company_in_use';
  override readonly facts: ErrorFacts;

  constructor(belongings: CompanyBelongings | null) {
    super('Users, teams, environments or resources belong to this company.');
    this.facts = { ...belongings };
  }
}
