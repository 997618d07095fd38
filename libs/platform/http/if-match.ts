import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError, InvalidInput } from '#shared-kernel';
import type { ExpectedVersion } from '#shared-kernel';

/** A write must say which version it was decided on, because this installation requires it. */
export class PreconditionRequired extends DomainError {
  readonly kind = 'precondition-required';
  readonly code = 'precondition_required';
  constructor(detail = 'Send If-Match with the ETag that you last saw.') {
    super(detail);
  }
}

/** A strong entity tag of ours: the version in quotes. */
const VERSION_TAG = /^"([1-9]\d{0,8})"$/;
/** Matches no version, because versions start at 1: a tag that is none of ours is a mismatch, not a mistake. */
const NO_VERSION = -1;
const TAG = '(?:W/)?"[\\x21\\x23-\\x7e\\x80-\\xff]*"';
const ANY_TAG = new RegExp(TAG, 'g');
const TAG_LIST = new RegExp(`^${TAG}(?:[ \\t]*,[ \\t]*${TAG})*$`);

/**
 * The version that the client decided on: from `If-Match: "7"`, `If-Match: "7", "8"` or `If-Match: *` (RFC 9110,
 * 13.1.1). Null when it says nothing.
 * @throws InvalidInput, PreconditionRequired
 */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): ExpectedVersion =>
  ifMatchOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** @throws InvalidInput, PreconditionRequired */
export function ifMatchOf(request: FastifyRequest): ExpectedVersion {
  const header = request.headers['if-match']?.trim();
  if (header === undefined) {
    if (request.server.requireIfMatch) throw new PreconditionRequired();
    return null;
  }
  if (header === '*') return 'any';
  if (!TAG_LIST.test(header)) {
    throw InvalidInput.at('/If-Match', 'malformed', 'If-Match takes entity tags, for example "7", or *.');
  }
  const [first = NO_VERSION, ...others] = (header.match(ANY_TAG) ?? []).map(versionOf);
  return others.length === 0 ? first : [first, ...others];
}

const versionOf = (tag: string): number => Number(VERSION_TAG.exec(tag)?.[1] ?? NO_VERSION);

/** True when one of the tags of If-None-Match is this one, by weak comparison (RFC 9110, 13.1.2). */
export function noneMatchHits(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header === etag || header.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === opaque);
}
