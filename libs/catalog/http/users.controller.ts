import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext, readTenant } from '#platform/context';
import {
  AsOfQuery,
  Endpoint,
  IfMatch,
  ReasonQuery,
  toInstant,
  toInstantOrNull,
  toPageResponse,
} from '#platform/http';
import { parseSelector } from '#shared-kernel';
import type { ExpectedVersion } from '#shared-kernel';
import { UserQueries } from '../application/user.queries.js';
import { UserService } from '../application/user.service.js';
import { userId } from '../domain/identity.js';
import type { CompanyId, TeamId } from '../domain/identity.js';
import { idsOf } from './id-filter.js';
import { UserBodies } from './user-bodies.js';
import {
  UserListQuery,
  UserListResponse,
  UserResponse,
  CreateUserBody,
  PatchUserBody,
  ReviseUserBody,
} from './user.dto.js';
import { toUserResponse, toStoredUser } from './user.wire.js';
import type { Manner } from './label-changes.js';

const CREATED = 201;
const OK = 200;

@ApiTags('Catalog')
@Controller({ path: 'users', version: '1' })
export class UsersController {
  constructor(
    private readonly service: UserService,
    private readonly queries: UserQueries,
    private readonly bodies: UserBodies,
    private readonly context: CallContext,
  ) {}

  @Post()
  @ApiBody({ type: CreateUserBody })
  @Endpoint({
    name: 'createUser',
    summary: 'Create a user',
    description: 'In a company, and so in its tenant.',
    allow: 'catalog:write',
    status: CREATED,
    also: { [OK]: 'It is there already, with this id and this content.' },
    returns: UserResponse,
    refuses: ['conflict', 'too-large', 'unsupported', 'unprocessable'],
  })
  async create(
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserResponse> {
    const { state, outcome } = await this.service.create(await this.bodies.toNewUser(body));
    if (outcome === 'unchanged') reply.code(OK);
    return toStoredUser(state);
  }

  @Get()
  @Endpoint({
    name: 'listUsers',
    summary: 'List users',
    allow: 'catalog:read',
    returns: UserListResponse,
  })
  async list(@Query() query: UserListQuery): Promise<UserListResponse> {
    const { limit, cursor, sort, include_total: includeTotal } = query;
    const filter = {
      tenant: readTenant(this.context.current.caller, query.tenant_id),
      companyIds: idsOf(query.company_id, '/company_id') as CompanyId[] | undefined,
      emails: query.email,
      active: query.active,
      teamIds: idsOf(query.team_id, '/team_id') as TeamId[] | undefined,
      selector: query.selector === undefined ? undefined : parseSelector(query.selector),
      q: query.q,
      updatedSince: toInstantOrNull(query.updated_since, '/updated_since'),
    };
    return toPageResponse(
      await this.queries.page(filter, { limit, cursor, sort, includeTotal }),
      toUserResponse,
    );
  }

  @Get(':id')
  @Endpoint({
    name: 'getUser',
    summary: 'Get a user',
    allow: 'catalog:read',
    returns: UserResponse,
    refuses: ['not-found', 'gone'],
  })
  async get(@Param('id') id: string, @Query() query: AsOfQuery): Promise<UserResponse> {
    const user =
      query.as_of === undefined
        ? await this.queries.get(userId(id))
        : await this.queries.asOf(userId(id), toInstant(query.as_of, '/as_of'));
    return toUserResponse(user);
  }

  @Put(':id')
  @ApiBody({ type: ReviseUserBody })
  @Endpoint({
    name: 'updateUser',
    summary: 'Change a user',
    description: 'What is absent stays as it is, null clears.',
    allow: 'catalog:write',
    returns: UserResponse,
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported'],
  })
  update(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<UserResponse> {
    return this.#revise({ id, ifVersion }, body, 'replace');
  }

  @Patch(':id')
  @ApiBody({ type: PatchUserBody })
  @Endpoint({
    name: 'patchUser',
    summary: 'Change a user by merge patch',
    description: 'RFC 7396 over the members of the user; labels merge by key.',
    allow: 'catalog:write',
    returns: UserResponse,
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported'],
  })
  patch(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<UserResponse> {
    return this.#revise({ id, ifVersion }, body, 'merge');
  }

  @Delete(':id')
  @Endpoint({
    name: 'deleteUser',
    summary: 'Delete a user; its history stays',
    description: 'It leaves its teams with it, and cannot go as long as it is the only owner of one.',
    allow: 'catalog:write',
    status: 204,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async delete(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: ReasonQuery,
  ): Promise<void> {
    await this.service.delete({ id: userId(id), ifVersion }, query.change_reason ?? null);
  }

  async #revise(
    { id, ifVersion }: { id: string; ifVersion: ExpectedVersion },
    body: unknown,
    manner: Manner,
  ): Promise<UserResponse> {
    const { asked, reason } = await this.bodies.toRevision(body, manner);
    return toStoredUser(await this.service.revise({ id: userId(id), ifVersion }, asked, reason));
  }
}
