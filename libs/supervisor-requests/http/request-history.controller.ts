import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Endpoint,
  jsonPatch,
  PatchOperation,
  toPageResponse,
  toVersion,
  VersionListResponse,
  VersionNumber,
  VersionResponse,
  VersionsQuery,
} from '#platform/http';
import { RequestHistoryQueries } from '../application/request-history.queries.js';
import type { RequestEvent } from '../application/request-history.queries.js';
import { Settling } from '../application/settling.js';
import { SupervisorRequestQueries } from '../application/supervisor-request.queries.js';
import type { SupervisorRequestView } from '../application/supervisor-request.queries.js';
import { supervisorRequestId } from '../domain/identity.js';
import type { SupervisorRequestId } from '../domain/identity.js';
import { RequestHistoryResponse } from './request-history.dto.js';
import type { RequestEventResponse } from './request-history.dto.js';
import { toResponse, toSupervisorRequestResponse } from './supervisor-request.wire.js';

/** What happened to a request. There is no way back: what was decided was decided. */
@ApiTags('Supervisor requests')
@Controller({ path: 'supervisor-requests/:id', version: '1' })
export class RequestHistoryController {
  constructor(
    private readonly history: RequestHistoryQueries,
    private readonly queries: SupervisorRequestQueries,
    private readonly settling: Settling,
  ) {}

  @Get('history')
  @Endpoint({
    name: 'listSupervisorRequestHistory',
    summary: 'List what happened to a request, newest first',
    description: 'Also of one that was deleted.',
    allow: 'supervisor:read',
    returns: RequestHistoryResponse,
    refuses: ['not-found'],
  })
  async events(@Param('id') id: string, @Query() query: VersionsQuery): Promise<RequestHistoryResponse> {
    return toPageResponse(await this.history.page(await this.#settled(id), query), toEvent);
  }

  @Get('versions')
  @Endpoint({
    name: 'listSupervisorRequestVersions',
    summary: 'List the versions of a request, newest first',
    description: 'Also of one that was deleted.',
    allow: 'supervisor:read',
    returns: VersionListResponse,
    refuses: ['not-found'],
  })
  async versions(@Param('id') id: string, @Query() query: VersionsQuery): Promise<VersionListResponse> {
    return toPageResponse(await this.queries.versions(await this.#settled(id), query), toVersion);
  }

  @Get('versions/:version')
  @Endpoint({
    name: 'getSupervisorRequestVersion',
    summary: 'Get a request as it was in a version',
    allow: 'supervisor:read',
    returns: VersionResponse,
    refuses: ['not-found', 'gone'],
  })
  async version(
    @Param('id') id: string,
    @VersionNumber('version') version: number,
  ): Promise<VersionResponse> {
    const past = await this.queries.version(await this.#settled(id), version);
    return { ...toVersion(past), state: past.state && toSupervisorRequestResponse(past.state) };
  }

  @Get('versions/:a/diff/:b')
  @Endpoint({
    name: 'diffSupervisorRequestVersions',
    summary: 'Get what changed between two versions of a request',
    description: 'A JSON Patch (RFC 6902) that makes the second out of the first.',
    allow: 'supervisor:read',
    returns: PatchOperation,
    returnsList: true,
    refuses: ['not-found', 'gone'],
  })
  async diff(
    @Param('id') text: string,
    @VersionNumber('a') a: number,
    @VersionNumber('b') b: number,
  ): Promise<PatchOperation[]> {
    const id = await this.#settled(text);
    const before = (await this.queries.version(id, a)).state;
    const after = (await this.queries.version(id, b)).state;
    return jsonPatch(before && comparable(before), after && comparable(after));
  }

  /** What fell due has happened, so that it is in the history of whoever looks. */
  async #settled(text: string): Promise<SupervisorRequestId> {
    const id = supervisorRequestId(text);
    await this.settling.settleOne(id);
    return id;
  }
}

/** What somebody, or time, changes of a request; version and stamps change by themselves. */
function comparable(view: SupervisorRequestView): object {
  const {
    id: _,
    tenant_id,
    version,
    created_at,
    updated_at,
    created_by,
    updated_by,
    ...rest
  } = toSupervisorRequestResponse(view);
  return rest;
}

function toEvent({ standing, ...past }: RequestEvent): RequestEventResponse {
  const { claim = null, response = null } = standing ?? {};
  return {
    version: past.version,
    type: past.type,
    at: past.changedAt.toISOString(),
    by: past.changedBy,
    change_reason: past.changeReason,
    status_code: standing?.statusCode ?? null,
    resolution: standing?.resolution ?? null,
    priority: standing?.priority ?? null,
    assignee_team_id: standing?.assigneeTeamId ?? null,
    claim: claim && { by: claim.by, expires_at: claim.expiresAt.toISOString() },
    response: response && toResponse(response),
  };
}
