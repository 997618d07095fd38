import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Endpoint } from '#platform/http';
import { RequestCallbacks } from '../application/request-callbacks.js';
import type { CallbackView } from '../application/request-callbacks.js';
import { SupervisorRequestQueries } from '../application/supervisor-request.queries.js';
import { supervisorRequestId } from '../domain/identity.js';
import { CallbackResponse } from './callbacks.dto.js';
import type { CallbackDeliveryResponse } from './callbacks.dto.js';

@ApiTags('Supervisor requests')
@Controller({ path: 'supervisor-requests', version: '1' })
export class CallbacksController {
  constructor(
    private readonly queries: SupervisorRequestQueries,
    private readonly callbacks: RequestCallbacks,
  ) {}

  @Get(':id/callback')
  @Endpoint({
    name: 'getSupervisorRequestCallback',
    summary: 'Tell whether the asker was called back',
    description:
      'Nothing is due before the end of the request; a response that comes after the timeout is told by itself. Attempts change no version.',
    allow: 'supervisor:read',
    returns: CallbackResponse,
    refuses: ['not-found'],
  })
  async get(@Param('id') id: string): Promise<CallbackResponse> {
    const { id: requestId, callbackUrl } = await this.queries.get(supervisorRequestId(id));
    const deliveries = await this.callbacks.of(requestId);
    return { callback_url: callbackUrl, deliveries: deliveries.map(toDelivery) };
  }
}

const toDelivery = (callback: CallbackView): CallbackDeliveryResponse => ({
  id: callback.id,
  version: callback.version,
  status: callback.status,
  attempts: callback.attempts,
  last_attempt_at: callback.lastAttemptAt?.toISOString() ?? null,
  last_error: callback.lastError,
  next_attempt_at: callback.nextAttemptAt?.toISOString() ?? null,
});
