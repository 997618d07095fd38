import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidInput } from '#shared-kernel';
import type { UpsertOptions } from '#shared-kernel';
import { ifMatchOf } from './if-match.js';

/** `If-None-Match: *` creates only, `If-Match` replaces only what the client has seen; both hold. @throws InvalidInput */
export const UpsertConditions = createParamDecorator(
  (_: unknown, context: ExecutionContext): UpsertOptions => {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const noneMatch = request.headers['if-none-match']?.trim();
    if (noneMatch === undefined) return { createOnly: false, ifVersion: ifMatchOf(request) };
    if (noneMatch !== '*')
      throw InvalidInput.at('/If-None-Match', 'malformed', 'On a write If-None-Match takes * alone.');
    return {
      createOnly: true,
      ifVersion: request.headers['if-match'] === undefined ? null : ifMatchOf(request),
    };
  },
);
