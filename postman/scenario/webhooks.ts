import type { Steps } from '../step.js';
import { RANKS } from '../sequence.js';

export const WEBHOOK_STEPS: Steps = {
  // Nothing leaves this machine: there never is a host of this name.
  createWebhook: { body: { url: 'https://receiver.invalid/hooks/metastore' } },
  listWebhookDeliveries: {
    ...{ rank: RANKS.whole + 1, until: 'body.items.length > 0' },
    keep: { webhookDeliveryId: 'items[0].id' },
  },
  getWebhookDelivery: { rank: RANKS.whole + 2, path: { id: '{{webhookDeliveryId}}' } },
  redeliverToWebhook: { path: { id: '{{webhookDeliveryId}}' } },
};

export const WEBHOOKS_NOT_CALLED = {
  redeliverToWebhook: 'Only what was delivered or given up is delivered once more, and no receiver is there.',
};
