/** What a caller can do about a refusal; the HTTP layer turns each kind into one status code. */
export type ErrorKind =
  | 'invalid' // 400: the input breaks a rule that the caller can read.
  | 'unauthenticated' // 401: no credential, or one that is not valid.
  | 'forbidden' // 403: the credential does not reach this.
  | 'not-found' // 404
  | 'method-not-allowed' // 405: the path is there, the method is not.
  | 'conflict' // 409: state or uniqueness.
  | 'gone' // 410: it was there.
  | 'stale' // 412: the caller looked at an older version.
  | 'too-large' // 413
  | 'unsupported' // 415: a media type that is not taken here.
  | 'unprocessable' // 422: well-formed, yet impossible.
  | 'precondition-required' // 428
  | 'limit' // 429: later, or slower.
  | 'bad-gateway' // 502: something outside that was asked does not give what is needed.
  | 'unavailable'; // 503: a part that is needed is away; try again.

/** One rule that the input breaks, and where. */
export interface Violation {
  /** JSON Pointer (RFC 6901) into the body, or the name of the query parameter, path segment or header. */
  readonly pointer: string;
  /** Stable and snake_case. */
  readonly code: string;
  readonly detail: string;
  /** Where the input is a text of lines: which one, from 1. */
  readonly line?: number;
}

/** Facts about a refusal that a program can act on, for example `conflicting_id`. Never a secret. */
export type ErrorFacts = Readonly<Record<string, Fact | readonly Violation[]>>;

/** Any JSON: one thing, or several that belong together, for example what names a resource. */
export type Fact = string | number | boolean | null | readonly Fact[] | { readonly [name: string]: Fact };

/** A refusal in the language of the domain. Everything else that is thrown is a bug or a broken machine. */
export abstract class DomainError extends Error {
  abstract readonly kind: ErrorKind;
  /** Stable and snake_case; each code has a page under docs/problems. */
  abstract readonly code: string;
  readonly facts: ErrorFacts = {};
}

/** Input that breaks rules: all of them at once, each with its place. */
export class InvalidInput extends DomainError {
  readonly kind = 'invalid';
  readonly code: string = 'invalid_input';
  override readonly facts: ErrorFacts;

  constructor(readonly violations: readonly Violation[]) {
    super(
      violations.map(({ pointer, detail }) => (pointer === '' ? detail : `${pointer}: ${detail}`)).join(' '),
    );
    this.facts = { errors: violations };
  }

  static at(pointer: string, code: string, detail: string): InvalidInput {
    return new InvalidInput([{ pointer, code, detail }]);
  }
}
