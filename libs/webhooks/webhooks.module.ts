import { Module } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { EventPresenters } from '#platform/events';
import { DeliveryQueries } from './application/delivery.queries.js';
import { Redelivery } from './application/redelivery.js';
import { WebhookSecrets } from './application/webhook-secrets.js';
import { WebhookTelling } from './application/webhook-telling.js';
import { WebhookTrial } from './application/webhook-trial.js';
import { WebhookQueries } from './application/webhook.queries.js';
import { WebhookService } from './application/webhook.service.js';
import { WebhookRepository } from './domain/webhook.repository.js';
import { DeliveriesController } from './http/deliveries.controller.js';
import { WebhookActsController } from './http/webhook-acts.controller.js';
import { WebhookBodies } from './http/webhook-bodies.js';
import { WebhookHistoryController } from './http/webhook-history.controller.js';
import { toWebhookResponse } from './http/webhook.wire.js';
import { webhookControllers } from './http/webhooks.controller.js';
import { CourierTrial } from './infrastructure/courier-trial.js';
import { DeliveryCleaner } from './infrastructure/delivery-cleaner.js';
import { SealedWebhookSecrets } from './infrastructure/sealed-webhook-secrets.js';
import { SinkTelling } from './infrastructure/sink-telling.js';
import { SqlDeliveries } from './infrastructure/sql-deliveries.js';
import { SqlDeliveryQueries } from './infrastructure/sql-delivery.queries.js';
import { SqlRedelivery } from './infrastructure/sql-redelivery.js';
import { SqlWebhookQueries } from './infrastructure/sql-webhook.queries.js';
import { TypeOrmWebhookRepository } from './infrastructure/typeorm-webhook.repository.js';
import { WebhookSetups } from './infrastructure/webhook-setups.js';
import { WebhookSinks } from './infrastructure/webhook-sinks.js';
import { toWebhookView, WEBHOOK_TYPE } from './infrastructure/webhook.table.js';
import type { WebhookRecord } from './infrastructure/webhook.table.js';

/** Webhooks, wired: ports to adapters, and what runs by itself. */
@Module({
  controllers: [DeliveriesController, ...webhookControllers, WebhookActsController, WebhookHistoryController],
  providers: [
    WebhookService,
    WebhookBodies,
    { provide: WebhookRepository, useClass: TypeOrmWebhookRepository },
    { provide: WebhookQueries, useClass: SqlWebhookQueries },
    SealedWebhookSecrets,
    { provide: WebhookSecrets, useExisting: SealedWebhookSecrets },
    { provide: WebhookTelling, useClass: SinkTelling },
    { provide: WebhookTrial, useClass: CourierTrial },
    { provide: DeliveryQueries, useClass: SqlDeliveryQueries },
    { provide: Redelivery, useClass: SqlRedelivery },
    SqlDeliveries,
    WebhookSetups,
    WebhookSinks,
    DeliveryCleaner,
  ],
})
export class WebhooksModule implements OnApplicationBootstrap {
  constructor(private readonly presenters: EventPresenters) {}

  onApplicationBootstrap(): void {
    this.presenters.register(WEBHOOK_TYPE, (row) =>
      toWebhookResponse(toWebhookView(row as unknown as WebhookRecord)),
    );
  }
}
