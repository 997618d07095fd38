import { resourceControllers } from '#platform/http';
import { WebhookQueries } from '../application/webhook.queries.js';
import { WebhookService } from '../application/webhook.service.js';
import { webhookId } from '../domain/identity.js';
import { WebhookBodies } from './webhook-bodies.js';
import {
  CreatedWebhookResponse,
  CreateWebhookBody,
  ReviseWebhookBody,
  WebhookListQuery,
  WebhookListResponse,
  WebhookResponse,
} from './webhook.dto.js';
import { toToldWebhook, toWebhookResponse } from './webhook.wire.js';

export const webhookControllers = resourceControllers({
  path: 'webhooks',
  tag: 'Webhooks',
  name: 'Webhook',
  names: 'Webhooks',
  noun: 'a webhook',
  nouns: 'webhooks',
  read: 'events:read',
  write: 'events:write',
  returns: WebhookResponse,
  queries: WebhookQueries,
  service: WebhookService,
  bodies: WebhookBodies,
  idOf: webhookId,
  toResponse: toWebhookResponse,
  toStored: toToldWebhook,
  create: {
    takes: CreateWebhookBody,
    returns: CreatedWebhookResponse,
    tellsSecret: true,
    note: 'It is told what happens from now on. The answer to the request that made it has its secret, and no other answer.',
    refuses: ['conflict'],
  },
  list: {
    takes: WebhookListQuery,
    returns: WebhookListResponse,
    note: 'Sorted by url, created_at or updated_at; the oldest first unless said otherwise.',
    filter: ({ enabled, q }, tenant) => ({ tenant, enabled, q }),
  },
  update: {
    takes: ReviseWebhookBody,
    note: 'What is absent stays as it is, null clears. What waits to be delivered goes to the new URL; filters are for what happens from now on.',
  },
  patch: {
    takes: ReviseWebhookBody,
    note: 'RFC 7396 over the members of the webhook; a list is replaced whole.',
  },
  delete: {
    summary: 'Delete a webhook; its history stays',
    note: 'What waits to be delivered is not delivered any more.',
  },
});
