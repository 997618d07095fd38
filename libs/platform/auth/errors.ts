import { DomainError } from '#shared-kernel';

/** Nobody said who calls, and here that is needed. */
export class CredentialMissing extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'credential_missing';
  constructor() {
    super('Send an API key: Authorization: Bearer mst_….');
  }
}

/** The credential opens nothing: unknown, wrong, expired or revoked. Which of them is not said. */
export class CredentialInvalid extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'credential_invalid';
  constructor() {
    super('The API key is not valid.');
  }
}

/** The caller is known, and may not do this. */
export class PermissionDenied extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'permission_denied';
  override readonly facts;

  constructor(permission: string) {
    super(`This needs the permission ${permission}.`);
    this.facts = { permission };
  }
}
