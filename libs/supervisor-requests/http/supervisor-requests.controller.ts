import {
  Body,
  Controller,
  Delete,
  Get,
  HttpStatus,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiBody, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AsOfQuery, Endpoint, IfMatch, ReasonQuery, toInstant } from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { RequestCallbacks } from '../application/request-callbacks.js';
import { Settling } from '../application/settling.js';
import { SupervisorRequestQueries } from '../application/supervisor-request.queries.js';
import { SupervisorRequestService } from '../application/supervisor-request.service.js';
import type { NewSupervisorRequest } from '../application/supervisor-request.service.js';
import { supervisorRequestId } from '../domain/identity.js';
import { checkedStoreId } from '../domain/store-id.js';
import { CreatedSupervisorRequestResponse } from './callbacks.dto.js';
import { SupervisorRequestBodies } from './supervisor-request-bodies.js';
import {
  CreateStoreSupervisorRequestBody,
  CreateSupervisorRequestBody,
  ReviseSupervisorRequestBody,
} from './supervisor-request-bodies.dto.js';
import { SupervisorRequestResponse } from './supervisor-request.dto.js';
import { toStoredSupervisorRequest, toSupervisorRequestResponse } from './supervisor-request.wire.js';
import { RequestWaits, WAITING } from './waiting.js';
import { StoreIdParam } from './store-id.param.js';

const PATH = '/api/v1/supervisor-requests';
const CREATION = {
  allow: 'supervisor:write',
  status: HttpStatus.CREATED,
  also: {
    [HttpStatus.OK]:
      'It is there already, with this id and this content; or a pending one of the store has its dedupe key.',
  },
  returns: CreatedSupervisorRequestResponse,
  refuses: ['conflict', 'too-large', 'unsupported', 'unprocessable', 'limit', 'unavailable'],
} as const;

@ApiTags('Supervisor requests')
@Controller({ version: '1' })
export class SupervisorRequestsController {
  constructor(
    private readonly service: SupervisorRequestService,
    private readonly queries: SupervisorRequestQueries,
    private readonly settling: Settling,
    private readonly bodies: SupervisorRequestBodies,
    private readonly waits: RequestWaits,
    private readonly callbacks: RequestCallbacks,
  ) {}

  @Post('supervisor-requests')
  @ApiBody({ type: CreateSupervisorRequestBody })
  @Endpoint({ ...CREATION, name: 'createSupervisorRequest', summary: 'Ask a person' })
  async create(
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreatedSupervisorRequestResponse> {
    return this.#create(await this.bodies.toNew(body), reply);
  }

  @Post('stores/:store_id/supervisor-requests')
  @StoreIdParam()
  @ApiBody({ type: CreateStoreSupervisorRequestBody })
  @Endpoint({ ...CREATION, name: 'createStoreSupervisorRequest', summary: 'Ask a person of a store' })
  async createInStore(
    @Param('store_id') store: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreatedSupervisorRequestResponse> {
    return this.#create(await this.bodies.toNewOfStore(body, checkedStoreId(store)), reply);
  }

  @Get('supervisor-requests/:id')
  @ApiHeader(WAITING)
  @Endpoint({
    name: 'getSupervisorRequest',
    summary: 'Get what a person was asked, and what became of it',
    description: 'From expires_at on it is shown as timed out, whether or not anybody wrote that before.',
    allow: 'supervisor:read',
    returns: SupervisorRequestResponse,
    refuses: ['not-found', 'gone'],
  })
  async get(
    @Param('id') text: string,
    @Query() { as_of: at }: AsOfQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SupervisorRequestResponse> {
    const id = supervisorRequestId(text);
    if (at === undefined) return toSupervisorRequestResponse(await this.waits.read(id, request, reply));
    await this.settling.settleOne(id);
    return toSupervisorRequestResponse(await this.queries.asOf(id, toInstant(at, '/as_of')));
  }

  @Patch('supervisor-requests/:id')
  @ApiBody({ type: ReviseSupervisorRequestBody })
  @Endpoint({
    name: 'patchSupervisorRequest',
    summary: 'Change a pending request by merge patch',
    description: 'RFC 7396: details are merged, null removes.',
    allow: 'supervisor:write',
    returns: SupervisorRequestResponse,
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported', 'unprocessable'],
  })
  async patch(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<SupervisorRequestResponse> {
    const { asked, reason } = await this.bodies.toRevision(body);
    const target = { id: supervisorRequestId(id), ifVersion };
    return toStoredSupervisorRequest(await this.service.revise(target, asked, reason));
  }

  @Delete('supervisor-requests/:id')
  @Endpoint({
    name: 'deleteSupervisorRequest',
    summary: 'Delete a request that is not pending; its history stays',
    allow: 'supervisor:write',
    status: HttpStatus.NO_CONTENT,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async delete(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: ReasonQuery,
  ): Promise<void> {
    await this.service.delete({ id: supervisorRequestId(id), ifVersion }, query.change_reason ?? null);
  }

  /** What callbacks are signed by is told once. */
  async #create(
    request: NewSupervisorRequest,
    reply: FastifyReply,
  ): Promise<CreatedSupervisorRequestResponse> {
    const { state, outcome } = await this.service.create(request);
    reply.header('location', `${PATH}/${state.id}`);
    if (outcome === 'unchanged') reply.code(HttpStatus.OK);
    if (outcome === 'unchanged' || state.callbackUrl === null) return toStoredSupervisorRequest(state);
    reply.header('cache-control', 'no-store');
    return { ...toStoredSupervisorRequest(state), callback_secret: this.callbacks.secretOf(state) };
  }
}
