import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { SHARED_TENANT } from '#platform/context';
import { Conditions, containsPattern } from '#platform/database';
import { WebhookQueries } from '../application/webhook.queries.js';
import type { WebhookFilter, WebhookView } from '../application/webhook.queries.js';
import { WebhookNotFound } from '../domain/errors.js';
import type { WebhookId } from '../domain/identity.js';
import { toWebhookView, WEBHOOK_COLUMNS, WEBHOOK_TYPE } from './webhook.table.js';
import type { WebhookRecord } from './webhook.table.js';

@Injectable()
export class SqlWebhookQueries extends WebhookQueries {
  readonly #views: StoredViews<WebhookRecord, WebhookView>;

  constructor(views: StoredViewFactory) {
    super();
    this.#views = views.of<WebhookRecord, WebhookView>({
      aggregateType: WEBHOOK_TYPE,
      list: {
        name: 'webhooks',
        table: 'webhooks.webhook',
        columns: WEBHOOK_COLUMNS,
        sorts: {
          url: { column: 'url', type: 'text' },
          created_at: { column: 'created_at', type: 'timestamptz' },
          updated_at: { column: 'updated_at', type: 'timestamptz' },
        },
        defaultSort: 'created_at',
      },
      toView: toWebhookView,
      notFound: () => new WebhookNotFound(),
    });
  }

  override get(id: WebhookId): Promise<WebhookView> {
    return this.#views.get(id);
  }

  override asOf(id: WebhookId, at: Date): Promise<WebhookView> {
    return this.#views.asOf(id, at);
  }

  override page({ tenant, enabled, q }: WebhookFilter, request: PageRequest): Promise<Page<WebhookView>> {
    const tenants = tenant === null ? [SHARED_TENANT] : [tenant, SHARED_TENANT];
    const where = new Conditions()
      .when(enabled, (conditions, on) => conditions.and(`(t.disabled_reason is null) = ?`, on))
      .when(q, (conditions, text) =>
        conditions.and('t.id in (select webhooks.search_webhook(?, ?))', tenants, containsPattern(text)),
      );
    return this.#views.page(tenant, where, request);
  }

  override versions(id: WebhookId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.#views.versions(id, request);
  }

  override version(id: WebhookId, version: number): Promise<PastStateOf<WebhookView>> {
    return this.#views.version(id, version);
  }
}
