import type { ErrorKind } from '#shared-kernel';
import { STATUS_OF } from './problem.js';

/** The router's own refusal of a part of a path. */
export const PATH_TOO_LONG = 414;
/** A fault of the service. */
export const FAULT = 500;

const MEANING_OF_KIND: Readonly<Record<ErrorKind, string>> = {
  invalid: 'The input breaks a rule; `errors` names each place.',
  unauthenticated: 'No credential, or one that is not valid.',
  forbidden: 'The credential does not reach this.',
  'not-found': 'There is no such thing, or not for this credential.',
  'method-not-allowed': 'The path takes other methods.',
  conflict: 'The state, or something that has the same name, stands against it.',
  gone: 'It was there, and is not any more.',
  stale: 'If-Match names another version than the present one.',
  'too-large': 'The body is larger than this route takes.',
  unsupported: 'The body has a media type that is not taken here.',
  unprocessable: 'Well-formed, and yet impossible.',
  'precondition-required': 'This installation requires If-Match.',
  limit: 'Too many requests; see Retry-After.',
  'bad-gateway': 'Something outside that was asked does not give what is needed.',
  unavailable: 'A part that is needed is away; see Retry-After.',
};

const MEANING: ReadonlyMap<number, string> = new Map([
  ...Object.entries(MEANING_OF_KIND).map(
    ([kind, meaning]) => [STATUS_OF[kind as ErrorKind], meaning] as const,
  ),
  [PATH_TOO_LONG, 'A part of the path is too long.'] as const,
  [FAULT, 'A fault of the service; its log tells more of `request_id`.'] as const,
]);

/** A response of the document. */
export interface DocumentedResponse {
  description: string;
  headers?: Record<string, unknown>;
  content?: Record<string, unknown>;
}

/** What the document says of a refusal. */
export function refusalResponse(status: number): DocumentedResponse {
  return {
    description: MEANING.get(status) ?? 'Refused; the problem tells why.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemResponse' } } },
  };
}
