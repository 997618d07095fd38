import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext, readTenant } from '#platform/context';
import { AsOfQuery, BatchResponse, Endpoint, IfMatch, toInstant, toPageResponse } from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { ConfigurationQueries } from '../application/configuration.queries.js';
import { configurationId, configurationName, environmentName, serviceId } from '../domain/identity.js';
import { ConfigurationBatch } from './configuration-batch.js';
import { ConfigurationBodies } from './configuration-bodies.js';
import { ConfigurationWriter } from './configuration-writer.js';
import {
  ConfigurationBatchBody,
  ConfigurationResponse,
  CreateConfigurationBody,
  PatchConfigurationBody,
  ReviseConfigurationBody,
} from './configuration.dto.js';
import {
  ConfigurationListQuery,
  ConfigurationListResponse,
  DeleteQuery,
  EffectiveOneQuery,
  ServiceListQuery,
  WriteQuery,
} from './configuration.queries.dto.js';
import { toConfigurationResponse } from './configuration.wire.js';
import { BatchDryRunResponse, DryRunResponse } from './dry-run.dto.js';
import { toDryRun } from './dry-run.wire.js';

const CREATED = 201;
const OK = 200;
const MULTI_STATUS = 207;
const REFUSED_WRITES = ['conflict', 'stale', 'too-large', 'unsupported', 'unprocessable'] as const;
const SERVICE = {
  name: 'service_id',
  description: 'The service that reads.',
  schema: { type: 'string', maxLength: 100 },
} as const;

@ApiTags('Configuration')
@Controller({ path: 'configurations', version: '1' })
export class ConfigurationsController {
  constructor(
    private readonly queries: ConfigurationQueries,
    private readonly bodies: ConfigurationBodies,
    private readonly writer: ConfigurationWriter,
    private readonly batches: ConfigurationBatch,
    private readonly context: CallContext,
  ) {}

  @Post()
  @ApiBody({ type: CreateConfigurationBody })
  @Endpoint({
    name: 'createConfiguration',
    summary: 'Create a configuration',
    allow: 'configurations:write',
    status: CREATED,
    also: { [OK]: 'It is there already, with this id and this content.' },
    returns: ConfigurationResponse,
    rehearses: DryRunResponse,
    refuses: ['conflict', 'too-large', 'unsupported', 'unprocessable'],
  })
  async create(
    @Query() query: WriteQuery,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConfigurationResponse | DryRunResponse> {
    const asked = await this.bodies.toNew(body);
    const done = await this.writer.run(query, (writes) => writes.create(asked));
    if (query.dry_run === true || done.result.outcome === 'unchanged') reply.code(OK);
    return query.dry_run === true ? toDryRun(done) : this.writer.show(done.result.state);
  }

  @Get()
  @Endpoint({
    name: 'listConfigurations',
    summary: 'List configurations',
    allow: 'configurations:read',
    returns: ConfigurationListResponse,
  })
  list(@Query() query: ConfigurationListQuery): Promise<ConfigurationListResponse> {
    return this.#page(query, query.service_id);
  }

  @Get('service/:service_id')
  @ApiParam(SERVICE)
  @Endpoint({
    name: 'listConfigurationsOfService',
    summary: 'List the configurations of a service',
    allow: 'configurations:read',
    returns: ConfigurationListResponse,
  })
  listOfService(
    @Param('service_id') service: string,
    @Query() query: ServiceListQuery,
  ): Promise<ConfigurationListResponse> {
    return this.#page(query, [serviceId(service)]);
  }

  @Get('service/:service_id/:name')
  @ApiParam(SERVICE)
  @ApiParam({
    name: 'name',
    description: 'What the document is about.',
    schema: { type: 'string', maxLength: 100 },
  })
  @Endpoint({
    name: 'getEffectiveConfigurationOfService',
    summary: 'Get the configuration that is effective now in one environment',
    description:
      'As it is stored, without the layers below it: the tenant’s own before the shared one, one with a window before the one without.',
    allow: 'configurations:read',
    returns: ConfigurationResponse,
    refuses: ['not-found'],
  })
  async effective(
    @Param('service_id') service: string,
    @Param('name') name: string,
    @Query() query: EffectiveOneQuery,
  ): Promise<ConfigurationResponse> {
    const scope = {
      tenant: readTenant(this.context.current.caller, query.tenant_id),
      service: serviceId(service),
      name: configurationName(name),
      environment: environmentName(query.environment),
    };
    return toConfigurationResponse(await this.queries.effective(scope));
  }

  @Post('batch')
  @Endpoint({
    name: 'batchConfigurations',
    summary: 'Create, update and delete several configurations',
    description:
      'atomic: all or nothing, and the effective documents are checked once, at the end. partial: each by itself; the status is then 207.',
    allow: 'configurations:write',
    also: { [MULTI_STATUS]: 'Some may have failed; the results tell.' },
    returns: BatchResponse,
    rehearses: BatchDryRunResponse,
    refuses: ['too-large', 'unsupported', 'unprocessable'],
  })
  batch(
    @Query() query: WriteQuery,
    @Body() body: ConfigurationBatchBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BatchResponse | BatchDryRunResponse> {
    if (query.dry_run === true) return this.batches.rehearse(body);
    if (body.mode === 'partial') reply.code(MULTI_STATUS);
    return this.batches.run(body);
  }

  @Get(':id')
  @Endpoint({
    name: 'getConfiguration',
    summary: 'Get a configuration',
    allow: 'configurations:read',
    returns: ConfigurationResponse,
    refuses: ['not-found', 'gone'],
  })
  async get(@Param('id') id: string, @Query() query: AsOfQuery): Promise<ConfigurationResponse> {
    const configuration =
      query.as_of === undefined
        ? await this.queries.get(configurationId(id))
        : await this.queries.asOf(configurationId(id), toInstant(query.as_of, '/as_of'));
    return toConfigurationResponse(configuration);
  }

  @Put(':id')
  @ApiBody({ type: ReviseConfigurationBody })
  @Endpoint({
    name: 'updateConfiguration',
    summary: 'Change a configuration',
    description: 'What is absent stays as it is, null clears. Values are merged unless `merge` is false.',
    allow: 'configurations:write',
    returns: ConfigurationResponse,
    rehearses: DryRunResponse,
    refuses: ['not-found', ...REFUSED_WRITES],
  })
  async update(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: WriteQuery,
    @Body() body: unknown,
  ): Promise<ConfigurationResponse | DryRunResponse> {
    const { asked, reason } = await this.bodies.toRevision(body);
    const target = { id: configurationId(id), ifVersion };
    return this.writer.write(query, (writes) => writes.revise(target, asked, reason));
  }

  @Patch(':id')
  @ApiBody({ type: PatchConfigurationBody })
  @Endpoint({
    name: 'patchConfiguration',
    summary: 'Change a configuration by merge patch',
    description: 'RFC 7396 over the members of the configuration and, deep, over its values.',
    allow: 'configurations:write',
    returns: ConfigurationResponse,
    rehearses: DryRunResponse,
    refuses: ['not-found', ...REFUSED_WRITES],
  })
  async patch(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: WriteQuery,
    @Body() body: unknown,
  ): Promise<ConfigurationResponse | DryRunResponse> {
    const { asked, reason } = await this.bodies.toPatch(body);
    const target = { id: configurationId(id), ifVersion };
    return this.writer.write(query, (writes) => writes.revise(target, asked, reason));
  }

  @Delete(':id')
  @Endpoint({
    name: 'deleteConfiguration',
    summary: 'Delete a configuration; its history stays',
    allow: 'configurations:write',
    status: 204,
    rehearses: DryRunResponse,
    refuses: ['not-found', 'conflict', 'stale', 'unprocessable'],
  })
  async delete(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: DeleteQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DryRunResponse | undefined> {
    const target = { id: configurationId(id), ifVersion };
    const reason = query.change_reason ?? null;
    const done = await this.writer.run(query, (writes) => writes.delete(target, reason));
    if (query.dry_run !== true) return undefined;
    reply.code(OK);
    return toDryRun(done);
  }

  async #page(
    query: ServiceListQuery,
    services: readonly string[] | undefined,
  ): Promise<ConfigurationListResponse> {
    const { limit, cursor, sort, include_total: includeTotal } = query;
    const filter = {
      tenant: readTenant(this.context.current.caller, query.tenant_id),
      services,
      environments: query.environment,
      isActive: query.active,
      effectiveAt:
        query.effective_at === undefined ? undefined : toInstant(query.effective_at, '/effective_at'),
      q: query.q,
    };
    return toPageResponse(
      await this.queries.page(filter, { limit, cursor, sort, includeTotal }),
      toConfigurationResponse,
    );
  }
}
