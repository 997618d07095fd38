import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { InvalidInput } from '#shared-kernel';
import { Endpoint, isUuid, toPageResponse } from '#platform/http';
import { DeliveryQueries } from '../application/delivery.queries.js';
import { Redelivery } from '../application/redelivery.js';
import { deliveryId, webhookId } from '../domain/identity.js';
import {
  WebhookDeliveryDetailsResponse,
  WebhookDeliveryListResponse,
  WebhookDeliveryQuery,
} from './delivery.dto.js';
import { toDeliveryDetails, toDeliveryResponse, toShortType } from './delivery.wire.js';

@ApiTags('Webhooks')
@Controller({ path: 'webhooks', version: '1' })
export class DeliveriesController {
  constructor(
    private readonly deliveries: DeliveryQueries,
    private readonly redelivery: Redelivery,
  ) {}

  @Get(':id/deliveries')
  @Endpoint({
    name: 'listWebhookDeliveries',
    summary: 'List what a webhook was told',
    description:
      'Sorted by created_at, the newest first unless said otherwise. What was delivered is listed for 7 days, what failed for 30.',
    allow: 'events:read',
    returns: WebhookDeliveryListResponse,
    refuses: ['not-found'],
  })
  async list(
    @Param('id') id: string,
    @Query() query: WebhookDeliveryQuery,
  ): Promise<WebhookDeliveryListResponse> {
    const { limit, cursor, sort, include_total: includeTotal } = query;
    if (query.aggregate_id?.some((each) => !isUuid(each)))
      throw InvalidInput.at('/aggregate_id', 'pattern', 'It must be a UUID.');
    const filter = {
      webhookId: webhookId(id),
      statuses: query.status,
      types: query.event_type?.map(toShortType),
      aggregateIds: query.aggregate_id,
    };
    const page = await this.deliveries.page(filter, { limit, cursor, sort, includeTotal });
    return toPageResponse(page, toDeliveryResponse);
  }

  @Get('deliveries/:id')
  @Endpoint({
    name: 'getWebhookDelivery',
    summary: 'Get a delivery and its attempts',
    allow: 'events:read',
    returns: WebhookDeliveryDetailsResponse,
    refuses: ['not-found'],
  })
  async get(@Param('id') id: string): Promise<WebhookDeliveryDetailsResponse> {
    return toDeliveryDetails(await this.deliveries.get(deliveryId(id)));
  }

  @Post('deliveries/:id/redeliver')
  @Endpoint({
    name: 'redeliverToWebhook',
    summary: 'Deliver once more',
    description:
      'What was delivered or failed is sent again soon, under the same webhook-id, beside the order of events.',
    allow: 'events:write',
    status: 202,
    returns: WebhookDeliveryDetailsResponse,
    refuses: ['not-found', 'conflict', 'gone'],
  })
  async redeliver(@Param('id') id: string): Promise<WebhookDeliveryDetailsResponse> {
    return toDeliveryDetails(await this.redelivery.redeliver(deliveryId(id)));
  }
}
