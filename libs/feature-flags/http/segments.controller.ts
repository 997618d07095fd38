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
import { SegmentQueries } from '../application/segment.queries.js';
import { SegmentService } from '../application/segment.service.js';
import { SegmentNotFound } from '../domain/errors.js';
import { isName, segmentId } from '../domain/identity.js';
import { SegmentBodies } from './segment-bodies.js';
import {
  CreateSegmentBody,
  ReviseSegmentBody,
  SegmentListQuery,
  SegmentListResponse,
  SegmentResponse,
} from './segment.dto.js';
import { toSegmentResponse, toStoredSegment } from './segment.wire.js';

const CREATED = 201;
const OK = 200;

@ApiTags('Feature flags')
@Controller({ path: 'feature-flags/segments', version: '1' })
export class SegmentsController {
  constructor(
    private readonly service: SegmentService,
    private readonly queries: SegmentQueries,
    private readonly bodies: SegmentBodies,
    private readonly context: CallContext,
  ) {}

  @Post()
  @ApiBody({ type: CreateSegmentBody })
  @Endpoint({
    name: 'createSegment',
    summary: 'Create a segment',
    allow: 'flags:write',
    status: CREATED,
    also: { [OK]: 'It is there already, with this id and this content.' },
    returns: SegmentResponse,
    refuses: ['conflict', 'too-large', 'unsupported', 'unprocessable'],
  })
  async create(
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SegmentResponse> {
    const { asked, places } = await this.bodies.toNewSegment(body);
    const { state, outcome } = await places.tell(() => this.service.create(asked));
    if (outcome === 'unchanged') reply.code(OK);
    return toStoredSegment(state);
  }

  @Get()
  @Endpoint({
    name: 'listSegments',
    summary: 'List segments',
    allow: 'flags:read',
    returns: SegmentListResponse,
  })
  async list(@Query() query: SegmentListQuery): Promise<SegmentListResponse> {
    const { limit, cursor, sort, include_total: includeTotal, q } = query;
    const filter = { tenant: readTenant(this.context.current.caller, query.tenant_id), q };
    return toPageResponse(
      await this.queries.page(filter, { limit, cursor, sort, includeTotal }),
      toSegmentResponse,
    );
  }

  @Get('name/:name')
  @ApiParam({
    name: 'name',
    description: 'The name of the segment.',
    schema: { type: 'string', maxLength: 255 },
  })
  @Endpoint({
    name: 'getSegmentByName',
    summary: 'Get a segment by its name',
    description: 'The tenant’s own, else the shared one.',
    allow: 'flags:read',
    returns: SegmentResponse,
    refuses: ['not-found'],
  })
  async byName(@Param('name') name: string, @Query() query: TenantQuery): Promise<SegmentResponse> {
    const tenant = readTenant(this.context.current.caller, query.tenant_id);
    if (!isName(name)) throw new SegmentNotFound();
    return toSegmentResponse(await this.queries.byName(tenant, name));
  }

  @Get(':id')
  @Endpoint({
    name: 'getSegment',
    summary: 'Get a segment',
    allow: 'flags:read',
    returns: SegmentResponse,
    refuses: ['not-found', 'gone'],
  })
  async get(@Param('id') id: string, @Query() query: AsOfQuery): Promise<SegmentResponse> {
    const segment =
      query.as_of === undefined
        ? await this.queries.get(segmentId(id))
        : await this.queries.asOf(segmentId(id), toInstant(query.as_of, '/as_of'));
    return toSegmentResponse(segment);
  }

  @Put(':id')
  @ApiBody({ type: ReviseSegmentBody })
  @Endpoint({
    name: 'updateSegment',
    summary: 'Change a segment',
    description: 'What is absent stays as it is, null clears.',
    allow: 'flags:write',
    returns: SegmentResponse,
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported', 'unprocessable'],
  })
  async update(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<SegmentResponse> {
    const { asked, places, reason } = await this.bodies.toRevision(body);
    const target = { id: segmentId(id), ifVersion };
    return toStoredSegment(await places.tell(() => this.service.revise(target, asked, reason)));
  }

  @Patch(':id')
  @ApiBody({ type: ReviseSegmentBody })
  @Endpoint({
    name: 'patchSegment',
    summary: 'Change a segment by merge patch',
    description: 'RFC 7396 over the members of the segment.',
    allow: 'flags:write',
    returns: SegmentResponse,
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported', 'unprocessable'],
  })
  patch(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<SegmentResponse> {
    return this.update(id, ifVersion, body);
  }

  @Delete(':id')
  @Endpoint({
    name: 'deleteSegment',
    summary: 'Delete a segment that nothing refers to; its history stays',
    allow: 'flags:write',
    status: 204,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async delete(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: ReasonQuery,
  ): Promise<void> {
    await this.service.delete({ id: segmentId(id), ifVersion }, query.change_reason ?? null);
  }
}
