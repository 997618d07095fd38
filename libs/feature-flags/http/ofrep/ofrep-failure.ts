import type { WholeAnswer } from '#platform/http';
import { refusalOf } from '#platform/http';

/** OpenFeature's codes, as far as the protocol uses them. */
export type OfrepErrorCode =
  'FLAG_NOT_FOUND' | 'PARSE_ERROR' | 'TARGETING_KEY_MISSING' | 'INVALID_CONTEXT' | 'GENERAL';

const STATUS_OF: Readonly<Record<OfrepErrorCode, number>> = {
  FLAG_NOT_FOUND: 404,
  PARSE_ERROR: 400,
  TARGETING_KEY_MISSING: 400,
  INVALID_CONTEXT: 400,
  GENERAL: 500,
};
/** Refusals of the platform whose status the protocol has, too. */
const OF_THE_PLATFORM: ReadonlySet<number> = new Set([401, 403, 429]);
/** What else the platform may say of a request, in OpenFeature's codes. */
const CODE_OF: Readonly<Record<number, OfrepErrorCode>> = {
  413: 'INVALID_CONTEXT',
  415: 'PARSE_ERROR',
  422: 'INVALID_CONTEXT',
};
const BAD_REQUEST = 400;
const INTERNAL_ERROR = 500;
const JSON_TYPE = 'application/json; charset=utf-8';

/** With every answer that has a body. */
export const JSON_HEADERS: readonly string[] = ['content-type', JSON_TYPE];

/** The protocol's own refusals. */
export class OfrepFailure extends Error {
  constructor(
    readonly code: OfrepErrorCode,
    details: string,
  ) {
    super(details);
  }
}

/** A failure as it stands in an answer, alone or in a list; null where no single flag was asked for. */
export function failureText(key: string | null, errorCode: OfrepErrorCode, errorDetails: string): string {
  return JSON.stringify({ ...(key !== null && { key }), errorCode, errorDetails });
}

export const statusOf = (code: OfrepErrorCode): number => STATUS_OF[code];

/**
 * Whatever was thrown, as the protocol says it: never a problem document, and no status that its clients do not know. A part
 * that is away is 500 with Retry-After, because clients take no more than that from a 503.
 */
export function failureOf(error: unknown, key: string | null): WholeAnswer {
  if (error instanceof OfrepFailure) {
    const body = failureText(key, error.code, error.message);
    return { status: statusOf(error.code), headers: JSON_HEADERS, body };
  }
  const { problem, headers } = refusalOf(error, undefined);
  const all = [...JSON_HEADERS, ...Object.entries(headers).flatMap(([name, value]) => [name, value])];
  const details = problem.detail ?? problem.title;
  if (OF_THE_PLATFORM.has(problem.status)) {
    const known = { ...(key !== null && { key }), errorCode: 'GENERAL', errorDetails: details };
    return { status: problem.status, headers: all, body: JSON.stringify({ ...known, code: problem.code }) };
  }
  if (problem.status >= INTERNAL_ERROR) {
    const body = failureText(key, 'GENERAL', 'The service failed; X-Request-Id names this request.');
    return { status: INTERNAL_ERROR, headers: all, body };
  }
  const body = failureText(key, CODE_OF[problem.status] ?? 'GENERAL', details);
  return { status: BAD_REQUEST, headers: all, body };
}
