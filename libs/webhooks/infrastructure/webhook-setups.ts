import { Injectable } from '@nestjs/common';
import type { EventFilter } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import { Database } from '#platform/database';
import type { WebhookId } from '../domain/identity.js';
import { SealedWebhookSecrets } from './sealed-webhook-secrets.js';
import type { SigningSecrets } from './sealed-webhook-secrets.js';
import { streamsOf, toWebhookView, WEBHOOK_COLUMNS } from './webhook.table.js';
import type { WebhookRecord } from './webhook.table.js';

/** What has to be known of a webhook to tell it something. */
export interface WebhookSetup {
  readonly id: WebhookId;
  /** As the database calls it. */
  readonly tenant: string;
  readonly url: string;
  readonly isEnabled: boolean;
  readonly streams: readonly string[];
  readonly filter: EventFilter;
  readonly signing: SigningSecrets;
}

const PREFIX_LENGTH = 'io.metastore.'.length;
const SUFFIX_LENGTH = '.v1'.length;

/** Webhooks as whoever tells them sees them. */
@Injectable()
export class WebhookSetups {
  constructor(
    private readonly database: Database,
    private readonly secrets: SealedWebhookSecrets,
  ) {}

  /** Null: there is none. */
  async of(id: WebhookId): Promise<WebhookSetup | null> {
    const [record] = await this.database.read<WebhookRecord>({
      name: 'webhook_setup',
      text: `select ${WEBHOOK_COLUMNS} from webhooks.webhook t where t.id = $1`,
      values: [id],
    });
    if (!record) return null;
    const view = toWebhookView(record);
    return {
      id,
      tenant: record.tenant,
      url: view.url,
      isEnabled: view.disabled === null,
      streams: streamsOf({ tenant: tenantFromColumn(record.tenant), includeShared: view.includeShared }),
      filter: {
        types: anyOf(view.types.map((type) => type.slice(PREFIX_LENGTH, -SUFFIX_LENGTH))),
        aggregateTypes: anyOf(view.aggregateTypes),
        aggregateIds: anyOf(view.aggregateIds),
        prefix: view.prefix ?? undefined,
      },
      signing: await this.secrets.of(id),
    };
  }
}

/** Empty is everything, and not nothing. */
const anyOf = (items: readonly string[]): readonly string[] | undefined =>
  items.length === 0 ? undefined : items;
