import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { InvalidInput } from '#shared-kernel';
import type { PastVersion } from '#shared-kernel';
import { AnyJson, Choice, Instant, ListOf, Text, Whole, YesNo } from './fields.js';
import { LIMIT_DEFAULT, LIMIT_MAX } from './list-query.js';

const VERSION = /^[1-9]\d{0,8}$/;

/** A version in the path. @throws InvalidInput */
export function VersionNumber(name: string): ParameterDecorator {
  return (target, method, index) => {
    const descriptor = method && Object.getOwnPropertyDescriptor(target, method);
    const description = 'A version of the resource.';
    if (descriptor)
      ApiParam({ name, description, schema: { type: 'integer', minimum: 1 } })(target, method, descriptor);
    versionParam(name)(target, method, index);
  };
}

const versionParam = createParamDecorator((name: string, context: ExecutionContext): number => {
  const { [name]: text = '' } = context.switchToHttp().getRequest<FastifyRequest>().params as Record<
    string,
    string
  >;
  if (!VERSION.test(text))
    throw InvalidInput.at(`/${name}`, 'pattern', 'A version is a whole number from 1.');
  return Number(text);
});

export class VersionsQuery {
  @Whole({ optional: true, min: 1, max: LIMIT_MAX, default: LIMIT_DEFAULT, description: 'Versions a page.' })
  readonly limit: number = LIMIT_DEFAULT;

  @Text({ optional: true, min: 1, max: 4_096, description: '`next_cursor` of the page before; opaque.' })
  readonly cursor?: string;
}

export class AsOfQuery {
  @Instant({ optional: true, description: 'As it was at this instant.' })
  readonly as_of?: string;
}

/** The field by which a change says why. */
export const REASON = {
  optional: true,
  nullable: true,
  max: 500,
  description: 'Why; kept in the history.',
} as const;

/** Why something is done that needs no other words. */
export class ReasonBody {
  @Text(REASON)
  readonly change_reason?: string | null;
}

/** Where a change has no body. */
export class ReasonQuery {
  @Text({ optional: true, max: 500, description: 'Why; kept in the history.' })
  readonly change_reason?: string;
}

/** One version of a resource. */
export class VersionResponse {
  @Whole({ min: 1 })
  readonly version!: number;

  @Text({ description: 'What happened, in the past tense.', example: 'updated' })
  readonly type!: string;

  @Text()
  readonly changed_by!: string;

  @Instant()
  readonly changed_at!: string;

  @Text({ nullable: true })
  readonly change_reason!: string | null;

  @Whole({ nullable: true, min: 1, description: 'The version that was brought back.' })
  readonly rolled_back_from!: number | null;

  @AnyJson({
    optional: true,
    description: 'The resource as it was; null in the version that removed it. In lists it is left out.',
  })
  readonly state?: object | null;
}

/** A version as it is listed. */
export function toVersion(past: PastVersion): Omit<VersionResponse, 'state'> {
  return {
    version: past.version,
    type: past.type,
    changed_by: past.changedBy,
    changed_at: past.changedAt.toISOString(),
    change_reason: past.changeReason,
    rolled_back_from: past.rolledBackFrom,
  };
}

/** The versions of a resource, newest first. */
export class VersionListResponse {
  @ListOf(() => VersionResponse)
  readonly items!: readonly VersionResponse[];

  @Whole()
  readonly limit!: number;

  @YesNo()
  readonly has_more!: boolean;

  @Text({ nullable: true })
  readonly next_cursor!: string | null;
}

/** One operation of a JSON Patch (RFC 6902). */
export class PatchOperation {
  @Choice(['add', 'remove', 'replace', 'move', 'copy', 'test'])
  readonly op!: string;

  @Text({ description: 'JSON Pointer.', example: '/value/pool_size' })
  readonly path!: string;

  @Text({ optional: true, description: 'JSON Pointer.' })
  readonly from?: string;

  @AnyJson({ optional: true })
  readonly value?: unknown;
}
