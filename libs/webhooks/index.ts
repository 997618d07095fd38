export { WebhookTable } from './infrastructure/webhook.table.js';
export { WebhooksModule } from './webhooks.module.js';
