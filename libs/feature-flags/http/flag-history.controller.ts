import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CallContext } from '#platform/context';
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
import { FeatureFlagQueries } from '../application/feature-flag.queries.js';
import type { FlagView } from '../application/feature-flag.queries.js';
import { FeatureFlagService } from '../application/feature-flag.service.js';
import type { FlagState } from '../domain/feature-flag.js';
import { flagId } from '../domain/identity.js';
import { FlagResponse } from './flag.response.dto.js';
import { toResponse, toStoredResponse } from './flag.wire.js';
import { WirePlaces } from './wire-places.js';

@ApiTags('Feature flags')
@Controller({ path: 'feature-flags/:id', version: '1' })
export class FlagHistoryController {
  constructor(
    private readonly service: FeatureFlagService,
    private readonly queries: FeatureFlagQueries,
    private readonly context: CallContext,
  ) {}

  @Get('versions')
  @Endpoint({
    name: 'listFeatureFlagVersions',
    summary: 'List the versions of a flag, newest first',
    description: 'Also of one that was deleted.',
    allow: 'flags:read',
    returns: VersionListResponse,
    refuses: ['not-found'],
  })
  async versions(@Param('id') id: string, @Query() query: VersionsQuery): Promise<VersionListResponse> {
    return toPageResponse(await this.queries.versions(flagId(id), query), toVersion);
  }

  @Get('versions/:version')
  @Endpoint({
    name: 'getFeatureFlagVersion',
    summary: 'Get a flag as it was in a version',
    allow: 'flags:read',
    returns: VersionResponse,
    refuses: ['not-found'],
  })
  async version(
    @Param('id') id: string,
    @VersionNumber('version') version: number,
  ): Promise<VersionResponse> {
    const past = await this.queries.version(flagId(id), version);
    return { ...toVersion(past), state: past.flag && this.#show(past.flag) };
  }

  @Get('versions/:a/diff/:b')
  @Endpoint({
    name: 'diffFeatureFlagVersions',
    summary: 'Get what changed between two versions of a flag',
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
    const before = (await this.queries.version(flagId(id), a)).flag;
    const after = (await this.queries.version(flagId(id), b)).flag;
    return jsonPatch(before && comparable(this.#show(before)), after && comparable(this.#show(after)));
  }

  @Post('rollback/:version')
  @Endpoint({
    name: 'rollBackFeatureFlag',
    summary: 'Bring back the state of a version of a flag, as a new one',
    description: 'The name stays as it is.',
    allow: 'flags:write',
    returns: FlagResponse,
    refuses: ['not-found', 'conflict', 'stale', 'unprocessable'],
  })
  async rollBack(
    @Param('id') id: string,
    @VersionNumber('version') version: number,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: ReasonBody,
  ): Promise<FlagResponse> {
    const target = { id: flagId(id), ifVersion };
    const rollBack = (): Promise<FlagState> =>
      this.service.rollBack(target, version, body?.change_reason ?? null);
    const state = await new WirePlaces().tell(rollBack);
    return toStoredResponse(state, this.context.current.caller.tenant);
  }

  #show(flag: FlagView): FlagResponse {
    return toResponse(flag, this.context.current.caller.tenant);
  }
}
