import { DomainError } from '#shared-kernel';
import type { ErrorFacts } from '#shared-kernel';
import type { CompanyId } from './identity.js';
import type { ResourceIdentity } from './resource-content.js';

/** There is no such resource, or not for this caller. */
export class ResourceNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'resource_not_found';
  constructor() {
    super('There is no such resource.');
  }
}

/** Another resource of the company has this namespace, type, name and environment. */
export class ResourceTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'resource_taken';
  override readonly facts: ErrorFacts;

  constructor(
    readonly identity: ResourceIdentity,
    /** Whose it is; null once it was looked up who has it. */
    readonly companyId: CompanyId | null,
    conflictingId: string | null,
  ) {
    const { namespace, type, name, environment } = identity;
    const where = environment === null ? 'without an environment' : `in ${environment}`;
    super(`The company has a ${type} "${name}" in the namespace ${namespace} ${where} already.`);
    this.facts = conflictingId === null ? {} : { conflicting_id: conflictingId };
  }
}

/** The resource has no endpoint of this name. */
export class EndpointNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'endpoint_not_found';
  constructor() {
    super('The resource has no such endpoint.');
  }
}

/** A relation leads back to where it comes from. */
export class RelationToItself extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'relation_to_itself';
  constructor() {
    super('A resource has no relation to itself.');
  }
}

/** There is no such relation from this resource. */
export class RelationNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'relation_not_found';
  constructor() {
    super('There is no such relation from this resource.');
  }
}
