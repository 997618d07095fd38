import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError, InvalidInput } from '#shared-kernel';

/** A write must say which version it was decided on, because this installation requires it. */
export class PreconditionRequired extends DomainError {
  readonly kind = 'precondition-required';
  readonly code = 'precondition_required';
  constructor() {
    super('Send If-Match with the ETag that you last saw.');
  }
}

/** A strong entity tag of ours: the version in quotes. */
const VERSION_TAG = /^"([1-9]\d{0,8})"$/;
/** Matches no version, because versions start at 1: a tag that is none of ours is a mismatch, not a mistake. */
const NO_VERSION = -1;
const ANY_TAG = /^(W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;

/**
 * The version that the client decided on: from `If-Match: "7"`. Null when any will do (`*`, or no header).
 * @throws InvalidInput, PreconditionRequired
 */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): number | null =>
  ifMatchOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

export function ifMatchOf(request: FastifyRequest): number | null {
  const header = request.headers['if-match']?.trim();
  if (header === undefined) {
    if (request.server.requireIfMatch) throw new PreconditionRequired();
    return null;
  }
  if (header === '*') return null;
  if (!ANY_TAG.test(header)) {
    throw InvalidInput.at('/If-Match', 'malformed', 'If-Match takes one entity tag, for example "7", or *.');
  }
  const version = VERSION_TAG.exec(header)?.[1];
  return version === undefined ? NO_VERSION : Number(version);
}

/** True when one of the tags of If-None-Match is this one, by weak comparison (RFC 9110, 13.1.2). */
export function noneMatchHits(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header === etag || header.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === opaque);
}
