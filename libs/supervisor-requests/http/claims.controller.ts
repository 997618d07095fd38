import { Body, Controller, Delete, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext, writeTenant } from '#platform/context';
import { Endpoint, IfMatch, ReasonQuery } from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { ClaimService } from '../application/claim.service.js';
import { supervisorRequestId } from '../domain/identity.js';
import { checkedStoreId } from '../domain/store-id.js';
import { toLasting, toNextWanted } from './claim-bodies.js';
import { ClaimBody, ClaimNextBody } from './claim.dto.js';
import { SupervisorRequestResponse } from './supervisor-request.dto.js';
import { toStoredSupervisorRequest } from './supervisor-request.wire.js';
import { StoreIdParam } from './store-id.param.js';

/** Whoever has it may let go of a claim that somebody else has. */
const RELEASE_ANYONES = 'supervisor:write';

@ApiTags('Supervisor requests')
@Controller({ version: '1' })
export class ClaimsController {
  constructor(
    private readonly service: ClaimService,
    private readonly context: CallContext,
  ) {}

  @Post('supervisor-requests/:id/claim')
  @ApiBody({ type: ClaimBody, required: false })
  @Endpoint({
    name: 'claimSupervisorRequest',
    summary: 'Claim a request, so that nobody else responds meanwhile',
    description: 'Claimed by the caller already, the claim is renewed. It runs out by itself.',
    allow: 'supervisor:respond',
    returns: SupervisorRequestResponse,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async claim(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<SupervisorRequestResponse> {
    const target = { id: supervisorRequestId(id), ifVersion };
    const lasting = await toLasting(body);
    return toStoredSupervisorRequest(await this.service.claim(target, { ...lasting, by: this.#actor }));
  }

  @Post('supervisor-requests/:id/claim/renew')
  @ApiBody({ type: ClaimBody, required: false })
  @Endpoint({
    name: 'renewSupervisorRequestClaim',
    summary: 'Keep a claim for longer',
    description: 'Refused once it ran out, because somebody else may have responded since.',
    allow: 'supervisor:respond',
    returns: SupervisorRequestResponse,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async renew(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<SupervisorRequestResponse> {
    const target = { id: supervisorRequestId(id), ifVersion };
    const lasting = await toLasting(body);
    return toStoredSupervisorRequest(await this.service.renew(target, { ...lasting, by: this.#actor }));
  }

  @Delete('supervisor-requests/:id/claim')
  @Endpoint({
    name: 'releaseSupervisorRequestClaim',
    summary: 'Let go of a claim',
    description:
      'Of one’s own; with `supervisor:write` of anyone’s. Where nobody has one, nothing is to be done.',
    allow: 'supervisor:respond',
    status: HttpStatus.NO_CONTENT,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async release(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: ReasonQuery,
  ): Promise<void> {
    const { actor: by, permissions } = this.context.current.caller;
    await this.service.release(
      { id: supervisorRequestId(id), ifVersion },
      { by, of: permissions.has(RELEASE_ANYONES) ? 'anyone' : 'own', reason: query.change_reason ?? null },
    );
  }

  @Post('stores/:store_id/supervisor-requests/claim-next')
  @StoreIdParam()
  @ApiBody({ type: ClaimNextBody, required: false })
  @Endpoint({
    name: 'claimNextSupervisorRequest',
    summary: 'Claim the most urgent request of a store that nobody works on',
    description: 'The oldest of the most urgent ones. However many ask at once, each gets another one.',
    allow: 'supervisor:respond',
    returns: SupervisorRequestResponse,
    also: { [HttpStatus.NO_CONTENT]: 'There is none.' },
  })
  async claimNext(
    @Param('store_id') store: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SupervisorRequestResponse | undefined> {
    const storeId = checkedStoreId(store);
    const { tenant: named, kinds, priorities, ...lasting } = await toNextWanted(body);
    const tenant = writeTenant(this.context.current.caller, named);
    const wanted = { tenant, storeId, kinds, priorities };
    const claimed = await this.service.claimNext(wanted, { ...lasting, by: this.#actor });
    if (claimed) return toStoredSupervisorRequest(claimed);
    reply.code(HttpStatus.NO_CONTENT);
    return undefined;
  }

  get #actor(): string {
    return this.context.current.caller.actor;
  }
}
