import { Body, Controller, Delete, Get, Param, Put, Query, Res } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Endpoint, IfMatch, isUuid, ReasonQuery, toPageResponse, UpsertConditions } from '#platform/http';
import { InvalidInput } from '#shared-kernel';
import type { ExpectedVersion, UpsertOptions } from '#shared-kernel';
import { MemberQueries } from '../application/member.queries.js';
import type { Reach } from '../application/member.queries.js';
import { MemberService } from '../application/member.service.js';
import { teamId, userId } from '../domain/identity.js';
import type { UserId } from '../domain/identity.js';
import { MEMBER_ROLES } from '../domain/member.js';
import type { MemberRole } from '../domain/member.js';
import {
  MemberListQuery,
  MemberListResponse,
  MemberResponse,
  PutMemberBody,
  UserTeamListQuery,
  UserTeamListResponse,
} from './member.dto.js';
import { toMemberResponse, toUserTeamResponse } from './member.wire.js';

const CREATED = 201;
const TEAM_PARAM = {
  name: 'id',
  description: 'The id of the team.',
  schema: { type: 'string', format: 'uuid' },
} as const;
const USER_PARAM = {
  name: 'user_id',
  description: 'The id of the user.',
  schema: { type: 'string', format: 'uuid' },
} as const;

/** Which member of which team. */
interface MemberPath {
  readonly id: string;
  readonly user_id: string;
}

/** Who is in which team, from both sides. */
@ApiTags('Catalog')
@Controller({ version: '1' })
export class MembersController {
  constructor(
    private readonly service: MemberService,
    private readonly queries: MemberQueries,
  ) {}

  @Get('teams/:id/members')
  @Endpoint({
    name: 'listTeamMembers',
    summary: 'List the members of a team',
    allow: 'catalog:read',
    returns: MemberListResponse,
    refuses: ['not-found'],
  })
  async members(@Param('id') id: string, @Query() query: MemberListQuery): Promise<MemberListResponse> {
    const { limit, cursor, sort, include_total: includeTotal } = query;
    const request = { limit, cursor, sort, includeTotal };
    return toPageResponse(
      await this.queries.membersOf(teamId(id), reachOf(query), request),
      toMemberResponse,
    );
  }

  @Get('teams/:id/members/:user_id')
  @ApiParam(USER_PARAM)
  @Endpoint({
    name: 'getTeamMember',
    summary: 'Get a member of a team',
    allow: 'catalog:read',
    returns: MemberResponse,
    refuses: ['not-found'],
  })
  async member(@Param('id') id: string, @Param('user_id') user_id: string): Promise<MemberResponse> {
    return toMemberResponse(await this.queries.member(teamId(id), userIn(user_id)));
  }

  @Put('teams/:id/members/:user_id')
  @ApiParam(TEAM_PARAM)
  @ApiParam(USER_PARAM)
  @Endpoint({
    name: 'putTeamMember',
    summary: 'Make a user a member of a team, or another kind of member',
    description:
      'Without a role somebody new is a plain member, and a member stays what it is. The version of If-Match and of the ETag in the answer is the team’s.',
    allow: 'catalog:write',
    also: { [CREATED]: 'The user has joined the team.' },
    returns: MemberResponse,
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported', 'unprocessable'],
  })
  async put(
    @Param() { id, user_id }: MemberPath,
    @UpsertConditions() conditions: UpsertOptions,
    @Body() body: PutMemberBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MemberResponse> {
    const target = { id: teamId(id), ...conditions };
    const asked = { userId: userIn(user_id), role: roleOf(body), reason: body?.change_reason ?? null };
    const { outcome, member, teamVersion } = await this.service.admit(target, asked);
    reply.header('etag', `"${teamVersion}"`);
    if (outcome === 'joined')
      reply.code(CREATED).header('location', `/api/v1/teams/${target.id}/members/${asked.userId}`);
    return toMemberResponse(member);
  }

  @Delete('teams/:id/members/:user_id')
  @ApiParam(TEAM_PARAM)
  @ApiParam(USER_PARAM)
  @Endpoint({
    name: 'removeTeamMember',
    summary: 'Take a user out of a team',
    description: 'Not the last owner. The version of If-Match is the team’s.',
    allow: 'catalog:write',
    status: 204,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async remove(
    @Param() { id, user_id }: MemberPath,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: ReasonQuery,
  ): Promise<void> {
    const target = { id: teamId(id), ifVersion };
    await this.service.dismiss(target, userIn(user_id), query.change_reason ?? null);
  }

  @Get('users/:id/teams')
  @Endpoint({
    name: 'listUserTeams',
    summary: 'List the teams of a user',
    allow: 'catalog:read',
    returns: UserTeamListResponse,
    refuses: ['not-found'],
  })
  async teams(@Param('id') id: string, @Query() query: UserTeamListQuery): Promise<UserTeamListResponse> {
    const { limit, cursor, sort, include_total: includeTotal } = query;
    const request = { limit, cursor, sort, includeTotal };
    return toPageResponse(
      await this.queries.teamsOf(userId(id), reachOf(query), request),
      toUserTeamResponse,
    );
  }
}

const reachOf = ({ transitive }: { readonly transitive?: boolean }): Reach =>
  transitive === true ? 'transitive' : 'direct';

const roleOf = (body: PutMemberBody | undefined): MemberRole | null =>
  MEMBER_ROLES.find((role) => role === body?.role) ?? null;

/** The id of a user in the path; one that no user has is unknown, whatever it looks like. @throws InvalidInput */
function userIn(text: string): UserId {
  if (!isUuid(text)) throw InvalidInput.at('/user_id', 'pattern', 'An id is a UUID.');
  return text.toLowerCase() as UserId;
}
