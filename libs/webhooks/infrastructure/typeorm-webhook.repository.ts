import { Injectable } from '@nestjs/common';
import { HistoryQueries, VersionedStore, VersionNotFound } from '#platform/change-log';
import { tenantColumn } from '#platform/context';
import { Database, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import { WebhookNotFound } from '../domain/errors.js';
import type { WebhookId } from '../domain/identity.js';
import { Webhook } from '../domain/webhook.js';
import type { WebhookContent } from '../domain/webhook-content.js';
import { WebhookRepository } from '../domain/webhook.repository.js';
import {
  toWebhookContent,
  toWebhookState,
  WEBHOOK_MAPPING,
  WEBHOOK_TYPE,
  WebhookTable,
} from './webhook.table.js';
import type { WebhookRecord, WebhookRow } from './webhook.table.js';

@Injectable()
export class TypeOrmWebhookRepository extends WebhookRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly history: HistoryQueries,
  ) {
    super();
  }

  override async get(id: WebhookId): Promise<Webhook> {
    const row = await this.store.lock(WebhookTable, { id });
    if (!row) throw new WebhookNotFound();
    return this.#restore(row);
  }

  override async findOwn(tenant: string | null, id: WebhookId): Promise<Webhook | null> {
    const row = await this.database.manager.findOne(WebhookTable, {
      where: { tenant: tenantColumn(tenant), id },
      lock: { mode: 'pessimistic_write' },
    });
    return row && this.#restore(row);
  }

  override async contentAt(id: WebhookId, version: number): Promise<WebhookContent> {
    const { row } = await this.history.version({ aggregateType: WEBHOOK_TYPE, id }, version);
    if (!row) throw new VersionNotFound(version); // That version took it away: there is nothing to go back to.
    return toWebhookContent(row as unknown as WebhookRecord);
  }

  override isIdUsed(id: WebhookId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  override async save(webhook: Webhook): Promise<void> {
    try {
      await this.store.save(webhook, WEBHOOK_MAPPING);
    } catch (error) {
      if (isUniqueViolation(error, 'webhook_pkey')) throw new IdConflict();
      throw error;
    }
  }

  #restore(row: WebhookRow): Webhook {
    return this.store.watch(Webhook.restore(toWebhookState(row)), WEBHOOK_MAPPING);
  }
}
