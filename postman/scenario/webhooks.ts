import type { Steps } from '../step.js';
import { RANKS } from '../sequence.js';

const OF_DELIVERY = { path: { id: '{{webhookDeliveryId}}' } };
const UNTIL_DELIVERED = {
  ...OF_DELIVERY,
  needsReceiver: true,
  until: `body.status === 'delivered'`,
} as const;

export const WEBHOOK_STEPS: Steps = {
  createWebhook: { body: { url: '{{receiverUrl}}' } },
  listWebhookDeliveries: {
    ...{ rank: RANKS.whole + 1, until: 'body.items.length > 0' },
    keep: { webhookDeliveryId: 'items[0].id' },
  },
  getWebhookDelivery: [
    { ...OF_DELIVERY, rank: RANKS.whole + 2 },
    { ...UNTIL_DELIVERED, rank: RANKS.whole + 3, name: 'Wait until it is delivered' },
    { ...UNTIL_DELIVERED, rank: RANKS.whole + 5, name: 'Wait until it is delivered once more' },
  ],
  // Only what was delivered or given up is delivered once more.
  redeliverToWebhook: { ...OF_DELIVERY, rank: RANKS.whole + 4, needsReceiver: true },
};
