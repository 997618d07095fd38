import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { DomainError, InvalidInput } from '#shared-kernel';
import type { ErrorKind, Violation } from '#shared-kernel';

/** The one media type of refusals (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';
const RETRY_AFTER_SECONDS = 1;

/** The status code of each kind of refusal. */
export const STATUS_OF: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  gone: 410,
  stale: 412,
  'too-large': 413,
  unsupported: 415,
  unprocessable: 422,
  'precondition-required': 428,
  limit: 429,
  'bad-gateway': 502,
  unavailable: 503,
};

/** A refusal on the wire. */
export interface Problem {
  /** `urn:metastore:problem:<code>` */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** Stable and snake_case. */
  readonly code: string;
  readonly request_id?: string;
  readonly errors?: readonly Violation[];
}

/** A refusal and the headers that go with it. */
export interface Refusal {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
}

/** What Fastify and Node say of a request that never reached a handler. */
const FRAMEWORK_CODES: Readonly<Record<string, { status: number; code: string; detail: string }>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'unsupported_media_type',
    detail: 'The body has a media type that is not taken here; the API reference names those that are.',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    code: 'body_too_large',
    detail: 'The body is larger than this route takes.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'invalid_content_length',
    detail: 'The body is not as long as Content-Length says.',
  },
  FST_ERR_MAX_PARAM_LENGTH: { status: 414, code: 'path_too_long', detail: 'A part of the path is too long.' },
  FST_ERR_BAD_URL: { status: 400, code: 'malformed_url', detail: 'The path is not well-formed.' },
  HPE_INVALID_URL: { status: 400, code: 'malformed_url', detail: 'The path is not well-formed.' },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'headers_too_large',
    detail: 'The headers have more than 16 KiB in all.',
  },
  MALFORMED_REQUEST: {
    status: 400,
    code: 'malformed_request',
    detail: 'This is not well-formed HTTP: the method, the version or a header.',
  },
  EXPECTATION_FAILED: {
    status: 417,
    code: 'expectation_failed',
    detail: 'Of Expect, only 100-continue is known here.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'request_timeout',
    detail: 'The request did not come to its end in time.',
  },
};

/** Whether it has a refusal of its own, and is not only some fault. */
export const isKnownToFramework = (error: { code?: string }): boolean =>
  FRAMEWORK_CODES[error.code ?? ''] !== undefined;

/**
 * Turns whatever was thrown into a refusal. What is neither a refusal of ours nor one of the framework's is a bug: the
 * caller learns nothing but the request id.
 */
export function refusalOf(error: unknown, requestId: string | undefined): Refusal {
  if (error instanceof DomainError) return refusalOfDomain(error, requestId);
  const known = FRAMEWORK_CODES[codeOf(error) ?? codeOf((error as Error | null)?.cause) ?? ''];
  if (known) return { problem: problem(known.status, known.code, known.detail, requestId), headers: {} };
  const violations = violationsOfSchema(error);
  if (violations) return refusalOfDomain(new InvalidInput(violations), requestId);
  const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
  if (status === 404) {
    return { problem: problem(404, 'route_not_found', 'There is no such route.', requestId), headers: {} };
  }
  if (status >= 400 && status < 500) {
    const code = (STATUS_CODES[status] ?? 'bad request').toLowerCase().replaceAll(/[^a-z]+/g, '_');
    return { problem: problem(status, code, undefined, requestId), headers: {} };
  }
  return { problem: problem(500, 'internal_error', undefined, requestId), headers: {} };
}

/** Nest wraps what Fastify throws. */
const codeOf = (error: unknown): string | undefined => (error as { code?: string } | null | undefined)?.code;

/** What Fastify's compiled schemas say of a hot route's input. */
interface SchemaMistake {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

function violationsOfSchema(error: unknown): Violation[] | null {
  const { validation } = (error ?? {}) as { validation?: readonly SchemaMistake[] };
  if (!Array.isArray(validation)) return null;
  return (validation as readonly SchemaMistake[]).map(({ instancePath, keyword, message = '', params }) => {
    const name = params['additionalProperty'] ?? params['missingProperty'];
    return {
      pointer: typeof name === 'string' ? `${instancePath}/${name}` : instancePath,
      code: SCHEMA_CODES[keyword] ?? 'invalid',
      detail: keyword === 'additionalProperties' ? 'There is no such property.' : `It ${message}.`,
    };
  });
}

/** JSON Schema's keywords, in our codes. */
const SCHEMA_CODES: Readonly<Record<string, string>> = {
  additionalProperties: 'unknown_property',
  required: 'required',
  type: 'type',
  enum: 'choice',
  pattern: 'pattern',
  minLength: 'too_short',
  maxLength: 'too_long',
};

function refusalOfDomain(error: DomainError, requestId: string | undefined): Refusal {
  const status = STATUS_OF[error.kind];
  const headers: Record<string, string> = {};
  if (error.kind === 'unavailable' || error.kind === 'limit') {
    headers['Retry-After'] = String(RETRY_AFTER_SECONDS);
  }
  if (error.kind === 'unauthenticated') headers['WWW-Authenticate'] = 'Bearer';
  const { current_version: version, allow } = error.facts;
  if (error.kind === 'stale' && typeof version === 'number') headers['ETag'] = `"${version}"`;
  if (typeof allow === 'string') headers['Allow'] = allow;
  return { problem: { ...problem(status, error.code, error.message, requestId), ...error.facts }, headers };
}

function problem(
  status: number,
  code: string,
  detail: string | undefined,
  requestId: string | undefined,
): Problem {
  return {
    type: `urn:metastore:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    ...(detail === undefined ? {} : { detail }),
    code,
    ...(requestId === undefined ? {} : { request_id: requestId }),
  };
}

function statusOf(error: unknown): number {
  const { statusCode } = (error ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : 500;
}
