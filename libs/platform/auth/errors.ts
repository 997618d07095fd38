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

/** The URL was not signed here, or not as it is now. */
export class SignedUrlInvalid extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'signed_url_invalid';
  constructor() {
    super('The token does not fit the URL: it opens the very URL that was signed, and no other.');
  }
}

/** The time of the URL is over. */
export class SignedUrlExpired extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'signed_url_expired';
  constructor() {
    super('The URL has expired: have it signed anew.');
  }
}

/** The stream of a URL that is to be signed needs a permission that the caller does not have. */
export class StreamForbidden extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'stream_forbidden';
  override readonly facts;

  constructor(permission: string) {
    super(
      `Whoever has the URL of a stream signed may follow it: this one needs the permission ${permission}.`,
    );
    this.facts = { permission };
  }
}
