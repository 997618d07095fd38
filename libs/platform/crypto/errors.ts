import { DomainError } from '#shared-kernel';

/**
 * Something is sealed under a key that this process does not have. A refusal, not a crash: the request is fine, and it
 * goes through as soon as an operator puts the key back.
 */
export class UnknownEncryptionKey extends DomainError {
  readonly kind = 'unavailable';
  readonly code = 'encryption_key_unknown';
  constructor(kekId: string) {
    super(`The encryption key "${kekId}" is not in the keyring.`);
  }
}

/**
 * What is stored is not what was sealed here: bits changed, or it was moved from another place. No caller can cause or
 * mend it, so it is no refusal: a person must look.
 */
export class CiphertextInvalid extends Error {
  override readonly name = 'CiphertextInvalid';
  constructor(what: string) {
    super(`${what} does not open: it was altered, or it belongs somewhere else.`);
  }
}
