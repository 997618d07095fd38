import { Injectable } from '@nestjs/common';
import { EventsQueries, RevisionCompacted } from '#platform/change-log';
import type { EventPage } from '#platform/change-log';
import { Database } from '#platform/database';
import { EventPresenters, toCloudEvent } from '#platform/events';
import { stringifyExact } from '#platform/http';
import { DeliveryQueries } from '../application/delivery.queries.js';
import type { DeliveryDetails } from '../application/delivery.queries.js';
import { Redelivery } from '../application/redelivery.js';
import {
  DeliveryEventRemoved,
  DeliveryNotFound,
  DeliveryPending,
  WebhookDisabled,
} from '../domain/errors.js';
import type { DeliveryId } from '../domain/identity.js';
import { WebhookRepository } from '../domain/webhook.repository.js';

interface StoredEvent {
  readonly stream: string;
  readonly revision: string;
  readonly sub: number;
  readonly aggregate_id: string;
  readonly body: string | null;
}

@Injectable()
export class SqlRedelivery extends Redelivery {
  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveryQueries,
    private readonly webhooks: WebhookRepository,
    private readonly events: EventsQueries,
    private readonly presenters: EventPresenters,
  ) {
    super();
  }

  override redeliver(id: DeliveryId): Promise<DeliveryDetails> {
    return this.database.run(async () => {
      const delivery = await this.deliveries.get(id);
      const { snapshot } = await this.webhooks.get(delivery.webhookId);
      if (snapshot.disabled) throw new WebhookDisabled(snapshot.id);
      const { rowCount } = await this.database.transaction.query({
        name: 'webhook_redeliver',
        text: `update webhooks.delivery set status = 'pending', beside = true, due_at = clock_timestamp(), tries = 0,
                 over_at = null, body = $2 where id = $1 and status <> 'pending'`,
        values: [id, await this.#bodyOf(id)],
      });
      if (rowCount === 0) throw new DeliveryPending();
      return this.deliveries.get(id);
    });
  }

  /** What was taken is read from the log once more. @throws DeliveryNotFound, DeliveryEventRemoved */
  async #bodyOf(id: DeliveryId): Promise<string> {
    const [stored] = await this.database.read<StoredEvent>({
      name: 'webhook_delivery_event',
      text: 'select stream, revision, sub, aggregate_id, body from webhooks.delivery where id = $1',
      values: [id],
    });
    if (!stored) throw new DeliveryNotFound();
    if (stored.body !== null) return stored.body;
    const { stream, sub, aggregate_id: aggregateId } = stored;
    const revision = Number(stored.revision);
    const { events } = await this.#page(stream, revision, aggregateId);
    const event = events.find((each) => each.revision === revision && each.sub === sub);
    if (!event) throw new DeliveryEventRemoved();
    const state = this.presenters.present(event.aggregateType, event.snapshot);
    return stringifyExact(toCloudEvent(event, state));
  }

  /** @throws DeliveryEventRemoved where the stream is not whole there any more */
  async #page(stream: string, revision: number, aggregateId: string): Promise<EventPage> {
    try {
      return await this.events.page(stream, revision - 1, { aggregateIds: [aggregateId] }, 1);
    } catch (error) {
      if (error instanceof RevisionCompacted) throw new DeliveryEventRemoved();
      throw error;
    }
  }
}
