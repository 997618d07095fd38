import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext, readTenant } from '#platform/context';
import { AsOfQuery, Endpoint, IfMatch, toInstant, toInstantOrNull, toPageResponse } from '#platform/http';
import type { Manner } from '#platform/http';
import { parseSelector } from '#shared-kernel';
import type { ExpectedVersion } from '#shared-kernel';
import { TeamQueries } from '../application/team.queries.js';
import { TeamRemovalService } from '../application/team-removal.service.js';
import { TeamService } from '../application/team.service.js';
import { teamId } from '../domain/identity.js';
import type { CompanyId, TeamId, UserId } from '../domain/identity.js';
import { idsOf } from './id-filter.js';
import { TeamBodies } from './team-bodies.js';
import {
  TeamListQuery,
  TeamListResponse,
  TeamResponse,
  CreateTeamBody,
  DeleteTeamQuery,
  PossessionListQuery,
  PossessionListResponse,
  PatchTeamBody,
  ReviseTeamBody,
} from './team.dto.js';
import { toPossession, toTeamResponse, toStoredTeam } from './team.wire.js';

const CREATED = 201;
const OK = 200;

@ApiTags('Catalog')
@Controller({ path: 'teams', version: '1' })
export class TeamsController {
  constructor(
    private readonly service: TeamService,
    private readonly removal: TeamRemovalService,
    private readonly queries: TeamQueries,
    private readonly bodies: TeamBodies,
    private readonly context: CallContext,
  ) {}

  @Post()
  @ApiBody({ type: CreateTeamBody })
  @Endpoint({
    name: 'createTeam',
    summary: 'Create a team',
    description: 'In a company, and so in its tenant.',
    allow: 'catalog:write',
    status: CREATED,
    also: { [OK]: 'It is there already, with this id and this content.' },
    returns: TeamResponse,
    refuses: ['conflict', 'too-large', 'unsupported', 'unprocessable'],
  })
  async create(
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TeamResponse> {
    const { state, outcome } = await this.service.create(await this.bodies.toNew(body));
    if (outcome === 'unchanged') reply.code(OK);
    return toStoredTeam(state);
  }

  @Get()
  @Endpoint({
    name: 'listTeams',
    summary: 'List teams',
    allow: 'catalog:read',
    returns: TeamListResponse,
  })
  async list(@Query() query: TeamListQuery): Promise<TeamListResponse> {
    const { limit, cursor, sort, include_total: includeTotal } = query;
    const filter = {
      tenant: readTenant(this.context.current.caller, query.tenant_id),
      companyIds: idsOf(query.company_id, '/company_id') as CompanyId[] | undefined,
      parentIds: idsOf(query.parent_team_id, '/parent_team_id') as TeamId[] | undefined,
      isRoot: query.root,
      slugs: query.slug,
      memberIds: idsOf(query.member, '/member') as UserId[] | undefined,
      selector: query.selector === undefined ? undefined : parseSelector(query.selector),
      q: query.q,
      updatedSince: toInstantOrNull(query.updated_since, '/updated_since'),
    };
    return toPageResponse(
      await this.queries.page(filter, { limit, cursor, sort, includeTotal }),
      toTeamResponse,
    );
  }

  @Get(':id')
  @Endpoint({
    name: 'getTeam',
    summary: 'Get a team',
    allow: 'catalog:read',
    returns: TeamResponse,
    refuses: ['not-found', 'gone'],
  })
  async get(@Param('id') id: string, @Query() query: AsOfQuery): Promise<TeamResponse> {
    const team =
      query.as_of === undefined
        ? await this.queries.get(teamId(id))
        : await this.queries.asOf(teamId(id), toInstant(query.as_of, '/as_of'));
    return toTeamResponse(team);
  }

  @Put(':id')
  @ApiBody({ type: ReviseTeamBody })
  @Endpoint({
    name: 'updateTeam',
    summary: 'Change a team',
    description: 'What is absent stays as it is, null clears.',
    allow: 'catalog:write',
    returns: TeamResponse,
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported', 'unprocessable'],
  })
  update(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<TeamResponse> {
    return this.#revise({ id, ifVersion }, body, 'replace');
  }

  @Patch(':id')
  @ApiBody({ type: PatchTeamBody })
  @Endpoint({
    name: 'patchTeam',
    summary: 'Change a team by merge patch',
    description:
      'RFC 7396 over the members of the team; labels merge by key. `parent_team_id` null makes it a root.',
    allow: 'catalog:write',
    returns: TeamResponse,
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported', 'unprocessable'],
  })
  patch(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<TeamResponse> {
    return this.#revise({ id, ifVersion }, body, 'merge');
  }

  @Get(':id/owned')
  @Endpoint({
    name: 'listTeamPossessions',
    summary: 'List what a team owns in the catalog',
    description: 'Environments, resources, and the teams right below it.',
    allow: 'catalog:read',
    returns: PossessionListResponse,
    refuses: ['not-found'],
  })
  async owned(@Param('id') id: string, @Query() query: PossessionListQuery): Promise<PossessionListResponse> {
    const { limit, cursor, sort, include_total: includeTotal } = query;
    const page = await this.queries.owned(teamId(id), { limit, cursor, sort, includeTotal });
    return toPageResponse(page, toPossession);
  }

  @Delete(':id')
  @Endpoint({
    name: 'deleteTeam',
    summary: 'Delete a team; its history stays',
    description:
      'Its members leave it. As long as it owns something (environments, resources, teams below it, devices), it goes only where `reassign_to` names an heir: the teams below it go below the heir.',
    allow: 'catalog:write',
    status: 204,
    refuses: ['not-found', 'conflict', 'stale', 'unprocessable'],
  })
  async delete(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: DeleteTeamQuery,
  ): Promise<void> {
    const target = { id: teamId(id), ifVersion };
    const { reassign_to, change_reason: reason = null } = query;
    if (reassign_to === undefined) return this.removal.delete(target, reason);
    const heir = { id: reassign_to.toLowerCase() as TeamId, pointer: '/reassign_to' };
    return this.removal.deleteInFavourOf(target, heir, reason);
  }

  async #revise(
    { id, ifVersion }: { id: string; ifVersion: ExpectedVersion },
    body: unknown,
    manner: Manner,
  ): Promise<TeamResponse> {
    const { asked, reason } = await this.bodies.toRevision(body, manner);
    return toStoredTeam(await this.service.revise({ id: teamId(id), ifVersion }, asked, reason));
  }
}
