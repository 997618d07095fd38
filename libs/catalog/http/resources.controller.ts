import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext } from '#platform/context';
import { AsOfQuery, Endpoint, IfMatch, ReasonQuery, toInstant, toPageResponse } from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { ResourceQueries } from '../application/resource.queries.js';
import { ResourceService } from '../application/resource.service.js';
import { resourceId } from '../domain/identity.js';
import type { Manner } from './label-changes.js';
import { ResourceBodies } from './resource-bodies.js';
import {
  CatalogResourceListResponse,
  CatalogResourceResponse,
  CreateResourceBody,
  ReviseResourceBody,
} from './resource.dto.js';
import { ResourceListQuery } from './resource.queries.dto.js';
import { toResourceFilter, toResourceResponse } from './resource.wire.js';

const CREATED = 201;
const OK = 200;
const REFUSED = ['not-found', 'conflict', 'stale', 'too-large', 'unsupported', 'unprocessable'] as const;

@ApiTags('Catalog')
@Controller({ path: 'resources', version: '1' })
export class ResourcesController {
  constructor(
    private readonly service: ResourceService,
    private readonly queries: ResourceQueries,
    private readonly bodies: ResourceBodies,
    private readonly context: CallContext,
  ) {}

  @Post()
  @ApiBody({ type: CreateResourceBody })
  @Endpoint({
    name: 'createResource',
    summary: 'Create a resource',
    description:
      'A company knows it by namespace, type, name and environment: there are no two of the same. Its tenant is that of the company.',
    allow: 'catalog:write',
    status: CREATED,
    also: { [OK]: 'It is there already, with this id and this content.' },
    returns: CatalogResourceResponse,
    refuses: ['conflict', 'too-large', 'unsupported', 'unprocessable'],
  })
  async create(
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CatalogResourceResponse> {
    const { resource, outcome } = await this.service.create(await this.bodies.toNewResource(body));
    if (outcome === 'unchanged') reply.code(OK);
    return toResourceResponse(resource);
  }

  @Get()
  @Endpoint({
    name: 'listResources',
    summary: 'List resources',
    allow: 'catalog:read',
    returns: CatalogResourceListResponse,
  })
  async list(@Query() query: ResourceListQuery): Promise<CatalogResourceListResponse> {
    const { limit, cursor, sort, include_total: includeTotal } = query;
    const filter = toResourceFilter(this.context.current.caller, query);
    const page = await this.queries.page(filter, { limit, cursor, sort, includeTotal });
    return toPageResponse(page, toResourceResponse);
  }

  @Get(':id')
  @Endpoint({
    name: 'getResource',
    summary: 'Get a resource',
    description:
      'Health, last_seen_at and stale are as they are now, and move no version: who asks with If-None-Match hears of what was said of the resource alone. Of the past, `as_of`, they are not known.',
    allow: 'catalog:read',
    returns: CatalogResourceResponse,
    refuses: ['not-found', 'gone'],
  })
  async get(@Param('id') id: string, @Query() query: AsOfQuery): Promise<CatalogResourceResponse> {
    const resource =
      query.as_of === undefined
        ? await this.queries.get(resourceId(id))
        : await this.queries.asOf(resourceId(id), toInstant(query.as_of, '/as_of'));
    return toResourceResponse(resource);
  }

  @Put(':id')
  @ApiBody({ type: ReviseResourceBody })
  @Endpoint({
    name: 'updateResource',
    summary: 'Change a resource',
    description: 'What is absent stays as it is, null clears. The company is for life.',
    allow: 'catalog:write',
    returns: CatalogResourceResponse,
    refuses: REFUSED,
  })
  update(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<CatalogResourceResponse> {
    return this.#revise({ id, ifVersion }, body, 'replace');
  }

  @Patch(':id')
  @ApiBody({ type: ReviseResourceBody })
  @Endpoint({
    name: 'patchResource',
    summary: 'Change a resource by merge patch',
    description: 'RFC 7396 over the members of the resource; labels and annotations merge by key.',
    allow: 'catalog:write',
    returns: CatalogResourceResponse,
    refuses: REFUSED,
  })
  patch(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<CatalogResourceResponse> {
    return this.#revise({ id, ifVersion }, body, 'merge');
  }

  @Delete(':id')
  @Endpoint({
    name: 'deleteResource',
    summary: 'Delete a resource with its relations; its history stays',
    allow: 'catalog:write',
    status: 204,
    refuses: ['not-found', 'stale'],
  })
  async delete(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: ReasonQuery,
  ): Promise<void> {
    await this.service.delete({ id: resourceId(id), ifVersion }, query.change_reason ?? null);
  }

  async #revise(
    { id, ifVersion }: { id: string; ifVersion: ExpectedVersion },
    body: unknown,
    manner: Manner,
  ): Promise<CatalogResourceResponse> {
    const target = { id: resourceId(id), ifVersion };
    const { asked, reason } = await this.bodies.toRevision(body, manner);
    return toResourceResponse(await this.service.revise(target, asked, reason));
  }
}
