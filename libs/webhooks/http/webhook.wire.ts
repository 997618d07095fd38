import type { EnabledWebhook, ToldWebhook } from '../application/webhook.service.js';
import type { WebhookView } from '../application/webhook.queries.js';
import type { WebhookState } from '../domain/webhook.js';
import type { CreatedWebhookResponse, EnabledWebhookResponse, WebhookResponse } from './webhook.dto.js';

/** As it is shown. */
export const toWebhookResponse = (webhook: WebhookView): WebhookResponse => ({
  id: webhook.id,
  tenant_id: webhook.tenant,
  version: webhook.version,
  url: webhook.url,
  description: webhook.description,
  types: webhook.types,
  aggregate_types: webhook.aggregateTypes,
  aggregate_ids: webhook.aggregateIds,
  prefix: webhook.prefix,
  include_shared: webhook.includeShared,
  enabled: webhook.disabled === null,
  disabled_reason: webhook.disabled?.reason ?? null,
  disabled_at: webhook.disabled?.at.toISOString() ?? null,
  created_at: webhook.stamp.createdAt.toISOString(),
  updated_at: webhook.stamp.updatedAt.toISOString(),
  created_by: webhook.stamp.createdBy,
  updated_by: webhook.stamp.updatedBy,
});

/** What was just stored, as it is shown. */
export function toStoredWebhook({ stamp, ...webhook }: WebhookState): WebhookResponse {
  if (!stamp) throw new Error('Only what is stored can be shown.');
  return toWebhookResponse({ ...webhook, stamp });
}

/** The same with the secret that was just made, if one was. */
export const toToldWebhook = ({ secret, ...webhook }: ToldWebhook): CreatedWebhookResponse => ({
  ...toStoredWebhook(webhook),
  ...(secret !== undefined && { secret }),
});

export const toEnabledWebhook = ({ state, gaps }: EnabledWebhook): EnabledWebhookResponse => ({
  ...toStoredWebhook(state),
  gaps: gaps.map(({ tenant, after, until }) => ({ tenant_id: tenant, after, until })),
});
