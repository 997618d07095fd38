import { Body, Controller, Delete, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiParam, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Endpoint, IfMatch, ReasonQuery, UpsertConditions } from '#platform/http';
import type { ExpectedVersion, UpsertOptions } from '#shared-kernel';
import { ResourceHealthService } from '../application/resource-health.service.js';
import { ResourceService } from '../application/resource.service.js';
import { resourceId } from '../domain/identity.js';
import { EndpointHealthResponse, PutEndpointBody, ReportHealthBody } from './endpoint.dto.js';
import { ResourceBodies } from './resource-bodies.js';
import { CatalogResourceResponse } from './resource.dto.js';
import { toHealthResponse, toResourceResponse } from './resource.wire.js';

const CREATED = 201;
const NAME = {
  name: 'name',
  description: 'The name of the endpoint.',
  schema: { type: 'string', maxLength: 63 },
} as const;

@ApiTags('Catalog')
@Controller({ path: 'resources/:id', version: '1' })
export class ResourceEndpointsController {
  constructor(
    private readonly service: ResourceService,
    private readonly health: ResourceHealthService,
    private readonly bodies: ResourceBodies,
  ) {}

  @Put('endpoints/:name')
  @ApiParam(NAME)
  @ApiExtraModels(PutEndpointBody)
  @ApiBody({
    schema: {
      allOf: [{ $ref: getSchemaPath(PutEndpointBody) }],
      anyOf: [{ required: ['url'] }, { required: ['host', 'port', 'protocol'] }],
    },
  })
  @Endpoint({
    name: 'putResourceEndpoint',
    summary: 'Add an endpoint to a resource, or replace the one of this name',
    description: 'The answer is the resource. The health of an endpoint that is replaced stays.',
    allow: 'catalog:write',
    also: { [CREATED]: 'The endpoint is new.' },
    returns: CatalogResourceResponse,
    refuses: ['not-found', 'stale', 'too-large', 'unsupported'],
  })
  async put(
    @Param('id') id: string,
    @Param('name') name: string,
    @UpsertConditions() conditions: UpsertOptions,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CatalogResourceResponse> {
    const target = { id: resourceId(id), ...conditions };
    const { asked, reason } = await this.bodies.toEndpoint(name, body);
    const { state, outcome } = await this.service.putEndpoint(target, asked, reason);
    if (outcome === 'created') reply.code(CREATED).header('location', `/api/v1/resources/${target.id}`);
    return toResourceResponse(state);
  }

  @Delete('endpoints/:name')
  @ApiParam(NAME)
  @Endpoint({
    name: 'deleteResourceEndpoint',
    summary: 'Remove an endpoint from a resource, with its health',
    allow: 'catalog:write',
    status: 204,
    refuses: ['not-found', 'stale'],
  })
  async remove(
    @Param('id') id: string,
    @Param('name') name: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: ReasonQuery,
  ): Promise<void> {
    const target = { id: resourceId(id), ifVersion };
    await this.service.removeEndpoint(target, name, query.change_reason ?? null);
  }

  @Put('endpoints/:name/health')
  @ApiParam(NAME)
  @ApiBody({ type: ReportHealthBody })
  @Endpoint({
    name: 'reportEndpointHealth',
    summary: 'Report how an endpoint is',
    description:
      'Moves no version. A change of status is told in the change log as `health_changed`; so is a check that is older than its ttl_seconds, by which the endpoint is critical.',
    allow: 'catalog:write',
    returns: EndpointHealthResponse,
    refuses: ['not-found', 'too-large', 'unsupported'],
  })
  async report(
    @Param('id') id: string,
    @Param('name') name: string,
    @Body() body: unknown,
  ): Promise<EndpointHealthResponse> {
    const resource = resourceId(id);
    const report = await this.bodies.toReport(name, body);
    return toHealthResponse(await this.health.report(resource, name, report));
  }

  @Post('heartbeat')
  @Endpoint({
    name: 'sendResourceHeartbeat',
    summary: 'Tell that a resource is alive',
    description: 'Moves no version. Told in the change log, as `revived`, only when the resource was stale.',
    allow: 'catalog:write',
    status: 204,
    refuses: ['not-found'],
  })
  async heartbeat(@Param('id') id: string): Promise<void> {
    await this.health.heartbeat(resourceId(id));
  }
}
