import { Body, Controller, Delete, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Endpoint, toPageResponse } from '#platform/http';
import { RelationQueries } from '../application/relation.queries.js';
import { RelationService } from '../application/relation.service.js';
import { resourceId } from '../domain/identity.js';
import {
  AddRelationBody,
  GraphQuery,
  GraphResponse,
  RelationListQuery,
  RelationListResponse,
  RelationResponse,
  RemoveRelationQuery,
} from './relation.dto.js';
import { toDirection, toGraphResponse, toRelationResponse } from './relation.wire.js';

const CREATED = 201;
const OK = 200;

@ApiTags('Catalog')
@Controller({ path: 'resources/:id', version: '1' })
export class RelationsController {
  constructor(
    private readonly service: RelationService,
    private readonly queries: RelationQueries,
  ) {}

  @Post('relations')
  @Endpoint({
    name: 'addResourceRelation',
    summary: 'Relate a resource to another one',
    description:
      'To one of the same tenant, or a shared one. Moves no version; the change log tells it as `relation_added`.',
    allow: 'catalog:write',
    status: CREATED,
    also: { [OK]: 'It is there already.' },
    returns: RelationResponse,
    refuses: ['not-found', 'too-large', 'unsupported', 'unprocessable'],
  })
  async add(
    @Param('id') id: string,
    @Body() body: AddRelationBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RelationResponse> {
    const relation = { fromId: resourceId(id), type: body.type, toId: resourceId(body.to_id) };
    const { relation: stored, outcome } = await this.service.add(relation);
    if (outcome === 'unchanged') reply.code(OK);
    else
      reply.header(
        'location',
        `/api/v1/resources/${relation.fromId}/relations?direction=out&type=${body.type}`,
      );
    return toRelationResponse({ ...stored, direction: 'out' });
  }

  @Get('relations')
  @Endpoint({
    name: 'listResourceRelations',
    summary: 'List the relations of a resource',
    description: 'Those from it first, then those to it; each by type and the other end.',
    allow: 'catalog:read',
    returns: RelationListResponse,
    refuses: ['not-found'],
  })
  async list(@Param('id') id: string, @Query() query: RelationListQuery): Promise<RelationListResponse> {
    const { limit, cursor, type: types } = query;
    const filter = { direction: toDirection(query.direction), types };
    return toPageResponse(
      await this.queries.page(resourceId(id), filter, { limit, cursor }),
      toRelationResponse,
    );
  }

  @Delete('relations')
  @Endpoint({
    name: 'removeResourceRelation',
    summary: 'Remove a relation from a resource to another one',
    allow: 'catalog:write',
    status: 204,
    refuses: ['not-found'],
  })
  async remove(@Param('id') id: string, @Query() query: RemoveRelationQuery): Promise<void> {
    const { type, to_id: to } = query;
    await this.service.remove({ fromId: resourceId(id), type, toId: resourceId(to) });
  }

  @Get('graph')
  @Endpoint({
    name: 'getResourceGraph',
    summary: 'Get what a resource is related to, step by step',
    description:
      'Breadth first, each resource once at the depth at which it is reached first; circles are no harm.',
    allow: 'catalog:read',
    returns: GraphResponse,
    refuses: ['not-found'],
  })
  async graph(@Param('id') id: string, @Query() query: GraphQuery): Promise<GraphResponse> {
    const { depth = 1, types } = query;
    const question = { direction: toDirection(query.direction), depth, types };
    return toGraphResponse(await this.queries.graph(resourceId(id), question));
  }
}
