import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext, readTenant } from '#platform/context';
import {
  AsOfQuery,
  BatchResponse,
  Endpoint,
  IfMatch,
  ReasonQuery,
  TenantQuery,
  toInstant,
  toPageResponse,
} from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { FeatureFlagQueries } from '../application/feature-flag.queries.js';
import { FeatureFlagService } from '../application/feature-flag.service.js';
import { FlagNotFound } from '../domain/errors.js';
import { flagId, isName } from '../domain/identity.js';
import { normalTag } from '../domain/profile.js';
import { FlagBatch } from './flag-batch.js';
import { FlagBodies } from './flag-bodies.js';
import { CreateFlagBody, FlagBatchBody, ReviseFlagBody } from './flag.dto.js';
import { FlagListQuery } from './flag.queries.dto.js';
import { FlagListResponse, FlagResponse } from './flag.response.dto.js';
import { toResponse, toStoredResponse } from './flag.wire.js';

const CREATED = 201;
const OK = 200;

@ApiTags('Feature flags')
@Controller({ path: 'feature-flags', version: '1' })
export class FlagsController {
  constructor(
    private readonly service: FeatureFlagService,
    private readonly queries: FeatureFlagQueries,
    private readonly bodies: FlagBodies,
    private readonly batches: FlagBatch,
    private readonly context: CallContext,
  ) {}

  @Post()
  @ApiBody({ type: CreateFlagBody })
  @Endpoint({
    name: 'createFeatureFlag',
    summary: 'Create a flag',
    allow: 'flags:write',
    status: CREATED,
    also: { [OK]: 'It is there already, with this id and this content.' },
    returns: FlagResponse,
    refuses: ['conflict', 'too-large', 'unsupported', 'unprocessable'],
  })
  async create(
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FlagResponse> {
    const { asked, places } = await this.bodies.toNewFlag(body);
    const { state, outcome } = await places.tell(() => this.service.create(asked));
    if (outcome === 'unchanged') reply.code(OK);
    return toStoredResponse(state, this.#onlooker);
  }

  @Get()
  @Endpoint({
    name: 'listFeatureFlags',
    summary: 'List flags',
    description: 'Without the archived ones, unless they are asked for.',
    allow: 'flags:read',
    returns: FlagListResponse,
  })
  async list(@Query() query: FlagListQuery): Promise<FlagListResponse> {
    const { limit, cursor, sort, include_total: includeTotal } = query;
    const filter = {
      tenant: readTenant(this.context.current.caller, query.tenant_id),
      isEnabled: query.enabled,
      tags: query.tags?.map(normalTag),
      kinds: query.kind,
      isArchived: query.archived ?? false,
      isStale: query.stale,
      q: query.q,
    };
    return toPageResponse(await this.queries.page(filter, { limit, cursor, sort, includeTotal }), (flag) =>
      toResponse(flag, this.#onlooker),
    );
  }

  @Post('batch')
  @Endpoint({
    name: 'batchFeatureFlags',
    summary: 'Create, update and delete several flags',
    description: 'atomic: all or nothing. partial: each by itself; the status is then 207.',
    allow: 'flags:write',
    also: { 207: 'Some may have failed; the results tell.' },
    returns: BatchResponse,
    refuses: ['too-large', 'unsupported', 'unprocessable'],
  })
  async batch(
    @Body() body: FlagBatchBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BatchResponse> {
    if (body.mode === 'partial') reply.code(207);
    return this.batches.run(body);
  }

  @Get('name/:name')
  @ApiParam({
    name: 'name',
    description: 'The name of the flag.',
    schema: { type: 'string', maxLength: 255 },
  })
  @Endpoint({
    name: 'getFeatureFlagByName',
    summary: 'Get a flag by its name',
    description: 'The tenant’s own, else the shared one.',
    allow: 'flags:read',
    returns: FlagResponse,
    refuses: ['not-found'],
  })
  async byName(@Param('name') name: string, @Query() query: TenantQuery): Promise<FlagResponse> {
    const tenant = readTenant(this.context.current.caller, query.tenant_id);
    if (!isName(name)) throw new FlagNotFound();
    return toResponse(await this.queries.byName(tenant, name), this.#onlooker);
  }

  @Get(':id')
  @Endpoint({
    name: 'getFeatureFlag',
    summary: 'Get a flag',
    allow: 'flags:read',
    returns: FlagResponse,
    refuses: ['not-found', 'gone'],
  })
  async get(@Param('id') id: string, @Query() query: AsOfQuery): Promise<FlagResponse> {
    const flag =
      query.as_of === undefined
        ? await this.queries.get(flagId(id))
        : await this.queries.asOf(flagId(id), toInstant(query.as_of, '/as_of'));
    return toResponse(flag, this.#onlooker);
  }

  @Put(':id')
  @ApiBody({ type: ReviseFlagBody })
  @Endpoint({
    name: 'updateFeatureFlag',
    summary: 'Change a flag',
    description: 'What is absent stays as it is, null clears.',
    allow: 'flags:write',
    returns: FlagResponse,
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported', 'unprocessable'],
  })
  async update(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<FlagResponse> {
    const { asked, places, reason } = await this.bodies.toRevision(body, 'replace');
    return toStoredResponse(
      await places.tell(() => this.service.revise({ id: flagId(id), ifVersion }, asked, reason)),
      this.#onlooker,
    );
  }

  @Patch(':id')
  @ApiBody({ type: ReviseFlagBody })
  @Endpoint({
    name: 'patchFeatureFlag',
    summary: 'Change a flag by merge patch',
    description:
      'RFC 7396 over the members of the flag, of its overrides and of its ramp; a value is one member and is replaced whole.',
    allow: 'flags:write',
    returns: FlagResponse,
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported', 'unprocessable'],
  })
  async patch(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<FlagResponse> {
    const { asked, places, reason } = await this.bodies.toRevision(body, 'merge');
    return toStoredResponse(
      await places.tell(() => this.service.revise({ id: flagId(id), ifVersion }, asked, reason)),
      this.#onlooker,
    );
  }

  @Delete(':id')
  @Endpoint({
    name: 'deleteFeatureFlag',
    summary: 'Delete a flag that nothing refers to; its history stays',
    allow: 'flags:write',
    status: 204,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async delete(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: ReasonQuery,
  ): Promise<void> {
    await this.service.delete({ id: flagId(id), ifVersion }, query.change_reason ?? null);
  }

  get #onlooker(): string | null {
    return this.context.current.caller.tenant;
  }
}
