import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { ExpectedVersion } from '#shared-kernel';
import {
  Endpoint,
  IfMatch,
  PatchOperation,
  ReasonBody,
  toPageResponse,
  toVersion,
  VersionListResponse,
  VersionNumber,
  VersionResponse,
  VersionsQuery,
} from '#platform/http';
import { MetadataQueries } from '../application/metadata.queries.js';
import { MetadataService } from '../application/metadata.service.js';
import { entryId } from '../domain/identity.js';
import { EntryResponse } from './entry.dto.js';
import { RevealQuery } from './entry.queries.dto.js';
import { diffOf } from './entry-diff.js';
import { Reveal } from './reveal.js';
import { toResponse, toStoredResponse } from './entry.wire.js';

@ApiTags('Metadata')
@Controller({ path: 'metadata/:id', version: '1' })
export class MetadataHistoryController {
  constructor(
    private readonly service: MetadataService,
    private readonly queries: MetadataQueries,
    private readonly reveal: Reveal,
  ) {}

  @Get('versions')
  @Endpoint({
    name: 'listMetadataEntryVersions',
    summary: 'List the versions of an entry, newest first',
    description: 'Also of one that was deleted.',
    allow: 'metadata:read',
    returns: VersionListResponse,
    refuses: ['not-found'],
  })
  async versions(@Param('id') id: string, @Query() query: VersionsQuery): Promise<VersionListResponse> {
    return toPageResponse(await this.queries.versions(entryId(id), query), toVersion);
  }

  @Get('versions/:version')
  @Endpoint({
    name: 'getMetadataEntryVersion',
    summary: 'Get an entry as it was in a version',
    allow: 'metadata:read',
    returns: VersionResponse,
    refuses: ['not-found', 'gone'],
  })
  async version(
    @Param('id') id: string,
    @VersionNumber('version') version: number,
    @Query() query: RevealQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VersionResponse> {
    const past = await this.queries.version(entryId(id), version, this.reveal.showing(query.reveal, reply));
    return { ...toVersion(past), state: past.entry && toResponse(past.entry) };
  }

  @Get('versions/:a/diff/:b')
  @Endpoint({
    name: 'diffMetadataEntryVersions',
    summary: 'Get what changed between two versions',
    description: 'A JSON Patch (RFC 6902) that makes the second out of the first.',
    allow: 'metadata:read',
    returns: PatchOperation,
    returnsList: true,
    refuses: ['not-found', 'gone'],
  })
  async diff(
    @Param('id') id: string,
    @VersionNumber('a') a: number,
    @VersionNumber('b') b: number,
  ): Promise<PatchOperation[]> {
    const [before, after] = [
      await this.queries.version(entryId(id), a, 'redacted'),
      await this.queries.version(entryId(id), b, 'redacted'),
    ];
    return diffOf(before.entry, after.entry);
  }

  @Post('rollback/:version')
  @Endpoint({
    name: 'rollBackMetadataEntry',
    summary: 'Bring back the state of a version, as a new one',
    description: 'Key and namespace stay as they are.',
    allow: 'metadata:write',
    returns: EntryResponse,
    refuses: ['not-found', 'gone', 'stale'],
  })
  async rollBack(
    @Param('id') id: string,
    @VersionNumber('version') version: number,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: ReasonBody,
  ): Promise<EntryResponse> {
    return toStoredResponse(
      await this.service.rollBack({ id: entryId(id), ifVersion }, version, body?.change_reason ?? null),
    );
  }
}
