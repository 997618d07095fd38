import { EntitySchema } from 'typeorm';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { SHARED_TENANT, tenantColumn, tenantFromColumn } from '#platform/context';
import { foldCase } from '#platform/database';
import type { WebhookView } from '../application/webhook.queries.js';
import type { WebhookId } from '../domain/identity.js';
import type { Disabled, DisabledReason, WebhookState } from '../domain/webhook.js';
import type { WebhookContent } from '../domain/webhook-content.js';

export const WEBHOOK_TYPE = 'webhooks.webhook';

/** A webhook as it is stored. */
export interface WebhookRow extends StoredRow {
  readonly url: string;
  readonly description: string | null;
  readonly types: string[];
  readonly aggregateTypes: string[];
  readonly aggregateIds: string[];
  readonly prefix: string | null;
  readonly includeShared: boolean;
  readonly disabledReason: DisabledReason | null;
  readonly disabledAt: Date | null;
}

/** A row as it is written: with what is only searched, and not read back. */
export interface WrittenWebhookRow extends WebhookRow {
  readonly searchText: string;
}

export const WebhookTable = new EntitySchema<WrittenWebhookRow>({
  name: 'Webhook',
  schema: 'webhooks',
  tableName: 'webhook',
  columns: {
    ...storedColumns,
    url: { type: 'text' },
    description: { type: 'text', nullable: true },
    types: { type: 'text', array: true },
    aggregateTypes: { name: 'aggregate_types', type: 'text', array: true },
    aggregateIds: { name: 'aggregate_ids', type: 'uuid', array: true },
    prefix: { type: 'text', nullable: true },
    includeShared: { name: 'include_shared', type: 'boolean' },
    disabledReason: { name: 'disabled_reason', type: 'text', nullable: true },
    disabledAt: { name: 'disabled_at', type: 'timestamptz', precision: 3, nullable: true },
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});

/** Every column that is read, of the table called `t`. */
export const WEBHOOK_COLUMNS =
  'id, tenant, version, url, description, types, aggregate_types, aggregate_ids, prefix, include_shared, disabled_reason, disabled_at, created_at, created_by, updated_at, updated_by'.replaceAll(
    /\w+/g,
    't.$&',
  );

/** The same by column name: what statements of our own give, and what the change log keeps. */
export interface WebhookRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly url: string;
  readonly description: string | null;
  readonly types: readonly string[];
  readonly aggregate_types: readonly string[];
  readonly aggregate_ids: readonly string[];
  readonly prefix: string | null;
  readonly include_shared: boolean;
  readonly disabled_reason: DisabledReason | null;
  /** A date, or its text where it comes out of JSON. */
  readonly disabled_at: Date | string | null;
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
}

export const WEBHOOK_MAPPING: Mapping<WebhookState, WrittenWebhookRow> = {
  table: WebhookTable,
  hidden: ['searchText'],
  aggregateType: WEBHOOK_TYPE,
  subject: ({ id }) => id,
  toRow: (state) => ({
    url: state.url,
    description: state.description,
    types: [...state.types],
    aggregateTypes: [...state.aggregateTypes],
    aggregateIds: [...state.aggregateIds],
    prefix: state.prefix,
    includeShared: state.includeShared,
    disabledReason: state.disabled?.reason ?? null,
    disabledAt: state.disabled?.at ?? null,
    searchText: foldCase(`${state.url}\n${state.description ?? ''}`),
  }),
};

/** What was checked on its way in is trusted on its way out. */
export function toWebhookState(row: WebhookRow): WebhookState {
  const { createdAt, createdBy, updatedAt, updatedBy, disabledReason, disabledAt } = row;
  return {
    id: row.id as WebhookId,
    tenant: tenantFromColumn(row.tenant),
    version: row.version,
    stamp: { createdAt, createdBy, updatedAt, updatedBy },
    url: row.url,
    description: row.description,
    types: row.types,
    aggregateTypes: row.aggregateTypes,
    aggregateIds: row.aggregateIds,
    prefix: row.prefix,
    includeShared: row.includeShared,
    disabled: disabledOf(disabledReason, disabledAt),
  };
}

/** A row as the change log kept it. */
export const toWebhookContent = (record: WebhookRecord): WebhookContent => ({
  url: record.url,
  description: record.description,
  types: record.types,
  aggregateTypes: record.aggregate_types,
  aggregateIds: record.aggregate_ids,
  prefix: record.prefix,
  includeShared: record.include_shared,
});

/** As it is shown. */
export function toWebhookView(record: WebhookRecord): WebhookView {
  return {
    ...toWebhookContent(record),
    id: record.id as WebhookId,
    tenant: tenantFromColumn(record.tenant),
    version: record.version,
    disabled: disabledOf(record.disabled_reason, record.disabled_at),
    stamp: {
      createdAt: new Date(record.created_at),
      createdBy: record.created_by,
      updatedAt: new Date(record.updated_at),
      updatedBy: record.updated_by,
    },
  };
}

/** Which streams it is told: its own, and with it the shared one. */
export const streamsOf = ({
  tenant,
  includeShared,
}: Pick<WebhookState, 'tenant' | 'includeShared'>): readonly string[] => {
  const own = tenantColumn(tenant);
  return includeShared && own !== SHARED_TENANT ? [own, SHARED_TENANT] : [own];
};

const disabledOf = (reason: DisabledReason | null, at: Date | string | null): Disabled | null =>
  reason === null || at === null ? null : { reason, at: new Date(at) };
