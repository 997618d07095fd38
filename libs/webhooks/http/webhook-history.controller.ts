import { historyController } from '#platform/http';
import { WebhookQueries } from '../application/webhook.queries.js';
import { WebhookService } from '../application/webhook.service.js';
import { webhookId } from '../domain/identity.js';
import { WebhookResponse } from './webhook.dto.js';
import { toStoredWebhook, toWebhookResponse } from './webhook.wire.js';

export const WebhookHistoryController = historyController({
  path: 'webhooks/:id',
  tag: 'Webhooks',
  name: 'Webhook',
  noun: 'a webhook',
  read: 'events:read',
  write: 'events:write',
  rollbackNote: 'Whether it is enabled stays as it is, and so does its secret.',
  returns: WebhookResponse,
  queries: WebhookQueries,
  service: WebhookService,
  idOf: webhookId,
  toResponse: toWebhookResponse,
  toStored: toStoredWebhook,
});
