import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  comparable,
  Endpoint,
  IfMatch,
  jsonPatch,
  PatchOperation,
  ReasonBody,
  toPageResponse,
  toVersion,
  VersionListResponse,
  VersionNumber,
  VersionResponse,
  VersionsQuery,
} from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { SegmentQueries } from '../application/segment.queries.js';
import { SegmentService } from '../application/segment.service.js';
import { segmentId } from '../domain/identity.js';
import type { SegmentState } from '../domain/segment.js';
import { SegmentResponse } from './segment.dto.js';
import { toSegmentResponse, toStoredSegment } from './segment.wire.js';
import { WirePlaces } from './wire-places.js';

@ApiTags('Feature flags')
@Controller({ path: 'feature-flags/segments/:id', version: '1' })
export class SegmentHistoryController {
  constructor(
    private readonly service: SegmentService,
    private readonly queries: SegmentQueries,
  ) {}

  @Get('versions')
  @Endpoint({
    name: 'listSegmentVersions',
    summary: 'List the versions of a segment, newest first',
    description: 'Also of one that was deleted.',
    allow: 'flags:read',
    returns: VersionListResponse,
    refuses: ['not-found'],
  })
  async versions(@Param('id') id: string, @Query() query: VersionsQuery): Promise<VersionListResponse> {
    return toPageResponse(await this.queries.versions(segmentId(id), query), toVersion);
  }

  @Get('versions/:version')
  @Endpoint({
    name: 'getSegmentVersion',
    summary: 'Get a segment as it was in a version',
    allow: 'flags:read',
    returns: VersionResponse,
    refuses: ['not-found'],
  })
  async version(
    @Param('id') id: string,
    @VersionNumber('version') version: number,
  ): Promise<VersionResponse> {
    const past = await this.queries.version(segmentId(id), version);
    return { ...toVersion(past), state: past.segment && toSegmentResponse(past.segment) };
  }

  @Get('versions/:a/diff/:b')
  @Endpoint({
    name: 'diffSegmentVersions',
    summary: 'Get what changed between two versions of a segment',
    description: 'A JSON Patch (RFC 6902) that makes the second out of the first.',
    allow: 'flags:read',
    returns: PatchOperation,
    returnsList: true,
    refuses: ['not-found'],
  })
  async diff(
    @Param('id') id: string,
    @VersionNumber('a') a: number,
    @VersionNumber('b') b: number,
  ): Promise<PatchOperation[]> {
    const before = (await this.queries.version(segmentId(id), a)).segment;
    const after = (await this.queries.version(segmentId(id), b)).segment;
    return jsonPatch(
      before && comparable(toSegmentResponse(before)),
      after && comparable(toSegmentResponse(after)),
    );
  }

  @Post('rollback/:version')
  @Endpoint({
    name: 'rollBackSegment',
    summary: 'Bring back the state of a version of a segment, as a new one',
    description: 'The name stays as it is.',
    allow: 'flags:write',
    returns: SegmentResponse,
    refuses: ['not-found', 'stale', 'unprocessable'],
  })
  async rollBack(
    @Param('id') id: string,
    @VersionNumber('version') version: number,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: ReasonBody,
  ): Promise<SegmentResponse> {
    const target = { id: segmentId(id), ifVersion };
    const rollBack = (): Promise<SegmentState> =>
      this.service.rollBack(target, version, body?.change_reason ?? null);
    return toStoredSegment(await new WirePlaces().tell(rollBack));
  }
}
