import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { CallContext } from '#platform/context';
import { Endpoint, IfMatch, ReasonBody } from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { SupervisorRequestService } from '../application/supervisor-request.service.js';
import { supervisorRequestId } from '../domain/identity.js';
import { SupervisorRequestBodies } from './supervisor-request-bodies.js';
import { EscalateBody, RespondBody } from './supervisor-request-bodies.dto.js';
import { SupervisorRequestResponse } from './supervisor-request.dto.js';
import { toStoredSupervisorRequest } from './supervisor-request.wire.js';

/** Of several who decide at once one wins; the others are told what became of the request. */
@ApiTags('Supervisor requests')
@Controller({ path: 'supervisor-requests/:id', version: '1' })
export class SupervisorRequestDecisionsController {
  constructor(
    private readonly service: SupervisorRequestService,
    private readonly bodies: SupervisorRequestBodies,
    private readonly context: CallContext,
  ) {}

  @Post('respond')
  @ApiBody({ type: RespondBody })
  @Endpoint({
    name: 'respondToSupervisorRequest',
    summary: 'Respond to a request',
    description:
      'The first response in time counts. After the timeout one is taken where allow_late_response says so.',
    allow: 'supervisor:respond',
    returns: SupervisorRequestResponse,
    refuses: [
      ...(['forbidden', 'not-found', 'conflict', 'stale', 'too-large', 'unsupported'] as const),
      ...(['unprocessable', 'limit', 'unavailable'] as const),
    ],
  })
  async respond(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<SupervisorRequestResponse> {
    const { asked, reason } = await this.bodies.toAnswer(body);
    const { actor: by } = this.context.current.caller;
    const target = { id: supervisorRequestId(id), ifVersion };
    return toStoredSupervisorRequest(await this.service.respond(target, asked, { by, reason }));
  }

  @Post('cancel')
  @Endpoint({
    name: 'cancelSupervisorRequest',
    summary: 'Take back a pending request',
    allow: 'supervisor:write',
    returns: SupervisorRequestResponse,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async cancel(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: ReasonBody,
  ): Promise<SupervisorRequestResponse> {
    const target = { id: supervisorRequestId(id), ifVersion };
    return toStoredSupervisorRequest(await this.service.cancel(target, body?.change_reason ?? null));
  }

  @Post('escalate')
  @ApiBody({ type: EscalateBody })
  @Endpoint({
    name: 'escalateSupervisorRequest',
    summary: 'Escalate a pending request at once',
    description:
      'To the priority or the team that is named; else the next step of its escalation is applied now.',
    allow: 'supervisor:write',
    returns: SupervisorRequestResponse,
    refuses: ['not-found', 'conflict', 'stale', 'unprocessable'],
  })
  async escalate(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<SupervisorRequestResponse> {
    const { asked, reason } = await this.bodies.toEscalation(body);
    const target = { id: supervisorRequestId(id), ifVersion };
    return toStoredSupervisorRequest(await this.service.escalate(target, asked, reason));
  }
}
