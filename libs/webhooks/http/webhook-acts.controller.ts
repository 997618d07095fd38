import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Endpoint, IfMatch, ReasonBody } from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { OVERLAP_SECONDS_DEFAULT } from '../application/webhook-secrets.js';
import { WebhookTrial } from '../application/webhook-trial.js';
import { WebhookService } from '../application/webhook.service.js';
import { webhookId } from '../domain/identity.js';
import {
  CreatedWebhookResponse,
  EnabledWebhookResponse,
  RotateWebhookSecretBody,
  WebhookResponse,
  WebhookTestResponse,
} from './webhook.dto.js';
import { toEnabledWebhook, toStoredWebhook, toToldWebhook } from './webhook.wire.js';

@ApiTags('Webhooks')
@Controller({ path: 'webhooks/:id', version: '1' })
export class WebhookActsController {
  constructor(
    private readonly service: WebhookService,
    private readonly trial: WebhookTrial,
  ) {}

  @Post('rotate-secret')
  @Endpoint({
    name: 'rotateWebhookSecret',
    summary: 'Sign by a new secret',
    description:
      'The answer has the new secret, and no other answer ever has it. For a while deliveries are signed by the one of before, too.',
    allow: 'events:write',
    returns: CreatedWebhookResponse,
    refuses: ['not-found', 'stale'],
  })
  async rotate(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body()
    {
      overlap_seconds: overlap = OVERLAP_SECONDS_DEFAULT,
      change_reason: reason = null,
    }: RotateWebhookSecretBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreatedWebhookResponse> {
    const told = await this.service.rotateSecret({ id: webhookId(id), ifVersion }, overlap, reason);
    reply.header('cache-control', 'no-store');
    return toToldWebhook(told);
  }

  @Post('enable')
  @Endpoint({
    name: 'enableWebhook',
    summary: 'Tell a webhook again',
    description:
      'It goes on from where it stopped; `gaps` says what was removed from the change log since. Nothing happens where it is enabled.',
    allow: 'events:write',
    returns: EnabledWebhookResponse,
    refuses: ['not-found', 'stale'],
  })
  async enable(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() { change_reason: reason = null }: ReasonBody,
  ): Promise<EnabledWebhookResponse> {
    return toEnabledWebhook(await this.service.enable({ id: webhookId(id), ifVersion }, reason));
  }

  @Post('disable')
  @Endpoint({
    name: 'disableWebhook',
    summary: 'Send nothing to a webhook until it is enabled',
    description: 'Where it stopped is kept. Nothing happens where it is disabled.',
    allow: 'events:write',
    returns: WebhookResponse,
    refuses: ['not-found', 'stale'],
  })
  async disable(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() { change_reason: reason = null }: ReasonBody,
  ): Promise<WebhookResponse> {
    return toStoredWebhook(await this.service.disable({ id: webhookId(id), ifVersion }, reason));
  }

  @Post('test')
  @Endpoint({
    name: 'testWebhook',
    summary: 'Send an event to a webhook now, to see how it goes',
    description:
      'An event io.metastore.webhooks.webhook.test.v1, which is in no change log; once, and also where it is disabled. The status is 200 however it went: the body tells.',
    allow: 'events:write',
    returns: WebhookTestResponse,
    refuses: ['not-found', 'limit'],
  })
  async test(@Param('id') id: string): Promise<WebhookTestResponse> {
    const outcome = await this.trial.run(webhookId(id));
    return {
      delivered: outcome.isDelivered,
      status: outcome.status,
      reason: outcome.reason,
      duration_ms: outcome.durationMs,
      message_id: outcome.messageId,
    };
  }
}
