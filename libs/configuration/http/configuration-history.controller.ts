import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
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
import { ConfigurationQueries } from '../application/configuration.queries.js';
import { configurationId } from '../domain/identity.js';
import { ConfigurationWriter } from './configuration-writer.js';
import { ConfigurationResponse } from './configuration.dto.js';
import { WriteQuery } from './configuration.queries.dto.js';
import { comparableState, toConfigurationResponse } from './configuration.wire.js';
import { DryRunResponse } from './dry-run.dto.js';

@ApiTags('Configuration')
@Controller({ path: 'configurations/:id', version: '1' })
export class ConfigurationHistoryController {
  constructor(
    private readonly queries: ConfigurationQueries,
    private readonly writer: ConfigurationWriter,
  ) {}

  @Get('versions')
  @Endpoint({
    name: 'listConfigurationVersions',
    summary: 'List the versions of a configuration, newest first',
    description: 'Also of one that was deleted.',
    allow: 'configurations:read',
    returns: VersionListResponse,
    refuses: ['not-found'],
  })
  async versions(@Param('id') id: string, @Query() query: VersionsQuery): Promise<VersionListResponse> {
    return toPageResponse(await this.queries.versions(configurationId(id), query), toVersion);
  }

  @Get('versions/:version')
  @Endpoint({
    name: 'getConfigurationVersion',
    summary: 'Get a configuration as it was in a version',
    allow: 'configurations:read',
    returns: VersionResponse,
    refuses: ['not-found', 'gone'],
  })
  async version(
    @Param('id') id: string,
    @VersionNumber('version') version: number,
  ): Promise<VersionResponse> {
    const past = await this.queries.version(configurationId(id), version);
    return { ...toVersion(past), state: past.state && toConfigurationResponse(past.state) };
  }

  @Get('versions/:a/diff/:b')
  @Endpoint({
    name: 'diffConfigurationVersions',
    summary: 'Get what changed between two versions of a configuration',
    description: 'A JSON Patch (RFC 6902) that makes the second out of the first.',
    allow: 'configurations:read',
    returns: PatchOperation,
    returnsList: true,
    refuses: ['not-found', 'gone'],
  })
  async diff(
    @Param('id') id: string,
    @VersionNumber('a') a: number,
    @VersionNumber('b') b: number,
  ): Promise<PatchOperation[]> {
    const before = (await this.queries.version(configurationId(id), a)).state;
    const after = (await this.queries.version(configurationId(id), b)).state;
    return jsonPatch(before && comparableState(before), after && comparableState(after));
  }

  @Post('rollback/:version')
  @Endpoint({
    name: 'rollBackConfiguration',
    summary: 'Bring back the state of a version of a configuration, as a new one',
    allow: 'configurations:write',
    returns: ConfigurationResponse,
    rehearses: DryRunResponse,
    refuses: ['not-found', 'gone', 'conflict', 'stale', 'unprocessable'],
  })
  rollBack(
    @Param('id') id: string,
    @VersionNumber('version') version: number,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: WriteQuery,
    @Body() body: ReasonBody,
  ): Promise<ConfigurationResponse | DryRunResponse> {
    const target = { id: configurationId(id), ifVersion };
    const reason = body?.change_reason ?? null;
    return this.writer.write(query, (writes) => writes.rollBack(target, version, reason));
  }
}
