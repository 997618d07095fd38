import { DomainError } from '#shared-kernel';

/** The body has a media type that this route does not take. */
export class UnsupportedMediaType extends DomainError {
  readonly kind = 'unsupported';
  readonly code = 'unsupported_media_type';
  constructor(taken: string) {
    super(`This route takes ${taken}.`);
  }
}
