import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext, readTenant } from '#platform/context';
import {
  AsOfQuery,
  Endpoint,
  IfMatch,
  ReasonQuery,
  TenantQuery,
  toInstant,
  toPageResponse,
} from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { EnvironmentQueries } from '../application/environment.queries.js';
import { EnvironmentService } from '../application/environment.service.js';
import { EnvironmentNotFound } from '../domain/environment-errors.js';
import { environmentId, SLUG } from '../domain/identity.js';
import { EnvironmentBodies } from './environment-bodies.js';
import {
  EnvironmentListQuery,
  EnvironmentListResponse,
  EnvironmentResponse,
  CreateEnvironmentBody,
  ReviseEnvironmentBody,
} from './environment.dto.js';
import { toEnvironmentResponse, toStoredEnvironment } from './environment.wire.js';
import { idsOf } from './id-filter.js';
import type { Manner } from './label-changes.js';

const CREATED = 201;
const OK = 200;

@ApiTags('Catalog')
@Controller({ path: 'environments', version: '1' })
export class EnvironmentsController {
  constructor(
    private readonly service: EnvironmentService,
    private readonly queries: EnvironmentQueries,
    private readonly bodies: EnvironmentBodies,
    private readonly context: CallContext,
  ) {}

  @Post()
  @ApiBody({ type: CreateEnvironmentBody })
  @Endpoint({
    name: 'createEnvironment',
    summary: 'Create an environment',
    description:
      'From the first one on that a tenant sees, flags, configurations, devices and resources of the tenant refer to known keys alone: to these, and to development, testing, staging and production.',
    allow: 'catalog:write',
    status: CREATED,
    also: { [OK]: 'It is there already, with this id and this content.' },
    returns: EnvironmentResponse,
    refuses: ['conflict', 'too-large', 'unsupported', 'unprocessable'],
  })
  async create(
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EnvironmentResponse> {
    const { state, outcome } = await this.service.create(await this.bodies.toNewEnvironment(body));
    if (outcome === 'unchanged') reply.code(OK);
    return toStoredEnvironment(state);
  }

  @Get()
  @Endpoint({
    name: 'listEnvironments',
    summary: 'List environments',
    allow: 'catalog:read',
    returns: EnvironmentListResponse,
  })
  async list(@Query() query: EnvironmentListQuery): Promise<EnvironmentListResponse> {
    const { limit, cursor, sort, include_total: includeTotal, key, tier, selector, q, updated_since } = query;
    const filter = {
      tenant: readTenant(this.context.current.caller, query.tenant_id),
      keys: key,
      tiers: tier,
      companyIds: idsOf(query.company_id, '/company_id'),
      ownerTeamIds: idsOf(query.owner_team_id, '/owner_team_id'),
      selector,
      q,
      updatedSince: updated_since === undefined ? undefined : toInstant(updated_since, '/updated_since'),
    };
    return toPageResponse(
      await this.queries.page(filter, { limit, cursor, sort, includeTotal }),
      toEnvironmentResponse,
    );
  }

  @Get('key/:key')
  @ApiParam({
    name: 'key',
    description: 'The key of the environment.',
    schema: { type: 'string', maxLength: 63 },
  })
  @Endpoint({
    name: 'getEnvironmentByKey',
    summary: 'Get an environment by its key',
    description: 'The tenant’s own, else the shared one.',
    allow: 'catalog:read',
    returns: EnvironmentResponse,
    refuses: ['not-found'],
  })
  async byKey(@Param('key') key: string, @Query() query: TenantQuery): Promise<EnvironmentResponse> {
    const tenant = readTenant(this.context.current.caller, query.tenant_id);
    if (!SLUG.test(key)) throw new EnvironmentNotFound();
    return toEnvironmentResponse(await this.queries.byKey(tenant, key));
  }

  @Get(':id')
  @Endpoint({
    name: 'getEnvironment',
    summary: 'Get an environment',
    allow: 'catalog:read',
    returns: EnvironmentResponse,
    refuses: ['not-found', 'gone'],
  })
  async get(@Param('id') id: string, @Query() query: AsOfQuery): Promise<EnvironmentResponse> {
    const environment =
      query.as_of === undefined
        ? await this.queries.get(environmentId(id))
        : await this.queries.asOf(environmentId(id), toInstant(query.as_of, '/as_of'));
    return toEnvironmentResponse(environment);
  }

  @Put(':id')
  @ApiBody({ type: ReviseEnvironmentBody })
  @Endpoint({
    name: 'updateEnvironment',
    summary: 'Change an environment',
    description: 'What is absent stays as it is, null clears.',
    allow: 'catalog:write',
    returns: EnvironmentResponse,
    refuses: ['not-found', 'stale', 'too-large', 'unsupported', 'unprocessable'],
  })
  update(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<EnvironmentResponse> {
    return this.#revise({ id, ifVersion }, body, 'replace');
  }

  @Patch(':id')
  @ApiBody({ type: ReviseEnvironmentBody })
  @Endpoint({
    name: 'patchEnvironment',
    summary: 'Change an environment by merge patch',
    description: 'RFC 7396 over the members of the environment; labels merge by key.',
    allow: 'catalog:write',
    returns: EnvironmentResponse,
    refuses: ['not-found', 'stale', 'too-large', 'unsupported', 'unprocessable'],
  })
  patch(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<EnvironmentResponse> {
    return this.#revise({ id, ifVersion }, body, 'merge');
  }

  @Delete(':id')
  @Endpoint({
    name: 'deleteEnvironment',
    summary: 'Delete an environment in which no resource stands; its history stays',
    allow: 'catalog:write',
    status: 204,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async delete(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: ReasonQuery,
  ): Promise<void> {
    await this.service.delete({ id: environmentId(id), ifVersion }, query.change_reason ?? null);
  }

  async #revise(
    { id, ifVersion }: { id: string; ifVersion: ExpectedVersion },
    body: unknown,
    manner: Manner,
  ): Promise<EnvironmentResponse> {
    const { asked, reason } = await this.bodies.toRevision(body, manner);
    return toStoredEnvironment(
      await this.service.revise({ id: environmentId(id), ifVersion }, asked, reason),
    );
  }
}
