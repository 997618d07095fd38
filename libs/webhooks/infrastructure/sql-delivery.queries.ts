import { Injectable } from '@nestjs/common';
import type { Page, PageRequest } from '#shared-kernel';
import { tenantColumn, tenantFromColumn } from '#platform/context';
import { Conditions, Database, KeysetLists } from '#platform/database';
import type { ListDefinition } from '#platform/database';
import { DeliveryQueries } from '../application/delivery.queries.js';
import type {
  Attempt,
  DeliveryDetails,
  DeliveryFilter,
  DeliveryStatus,
  DeliveryView,
} from '../application/delivery.queries.js';
import { WebhookQueries } from '../application/webhook.queries.js';
import { DeliveryNotFound } from '../domain/errors.js';
import type { DeliveryId, WebhookId } from '../domain/identity.js';

interface AttemptRecord {
  readonly at: string;
  readonly status: number | null;
  readonly reason: string | null;
  readonly duration_ms: number;
}

interface DeliveryRecord {
  readonly id: string;
  readonly tenant: string;
  readonly webhook_id: string;
  readonly stream: string;
  readonly revision: string;
  readonly sub: number;
  readonly event_type: string;
  readonly aggregate_id: string;
  readonly subject: string;
  readonly status: DeliveryStatus;
  readonly due_at: Date | null;
  readonly attempts: number;
  readonly attempt_log: readonly AttemptRecord[];
  readonly created_at: Date;
}

const COLUMNS =
  'id, tenant, webhook_id, stream, revision, sub, event_type, aggregate_id, subject, status, due_at, attempts, attempt_log, created_at'.replaceAll(
    /\w+/g,
    't.$&',
  );

const LIST: ListDefinition = {
  name: 'webhook-deliveries',
  table: 'webhooks.delivery',
  columns: COLUMNS,
  sorts: { created_at: { column: 'seq', type: 'int8' } },
  defaultSort: '-created_at',
};

/** Deliveries of a webhook that is deleted are nobody's, and removed soon. */
const GET = `select ${COLUMNS} from webhooks.delivery t where t.id = $1
  and exists (select from webhooks.webhook w where w.id = t.webhook_id)`;

@Injectable()
export class SqlDeliveryQueries extends DeliveryQueries {
  constructor(
    private readonly database: Database,
    private readonly lists: KeysetLists,
    private readonly webhooks: WebhookQueries,
  ) {
    super();
  }

  override async page(
    { webhookId, statuses, types, aggregateIds }: DeliveryFilter,
    request: PageRequest,
  ): Promise<Page<DeliveryView>> {
    const { tenant } = await this.webhooks.get(webhookId);
    const where = new Conditions()
      .and('t.webhook_id = ?', webhookId)
      .when(statuses, (conditions, list) => conditions.isOneOf('t.status', list))
      .when(types, (conditions, list) => conditions.isOneOf('t.event_type', list))
      .when(aggregateIds, (conditions, list) =>
        conditions.and('t.aggregate_id = any (?::uuid[])', [...list]),
      );
    const tenants = [tenantColumn(tenant)];
    const page = await this.lists.page<DeliveryRecord>(LIST, { ...request, tenants, where });
    return { ...page, items: page.items.map(toView) };
  }

  override async get(id: DeliveryId): Promise<DeliveryDetails> {
    const [record] = await this.database.read<DeliveryRecord>({
      name: 'webhook_delivery_get',
      text: GET,
      values: [id],
    });
    if (!record) throw new DeliveryNotFound();
    return { ...toView(record), log: record.attempt_log.map(toAttempt) };
  }
}

function toView(record: DeliveryRecord): DeliveryView {
  const last = record.attempt_log.at(-1);
  return {
    id: record.id as DeliveryId,
    tenant: tenantFromColumn(record.tenant),
    webhookId: record.webhook_id as WebhookId,
    eventId: `${record.stream}-${record.revision}-${record.sub}`,
    type: record.event_type,
    subject: record.subject,
    aggregateId: record.aggregate_id,
    status: record.status,
    attempts: record.attempts,
    lastAttempt: last === undefined ? null : toAttempt(last),
    nextAttemptAt: record.due_at,
    createdAt: record.created_at,
  };
}

const toAttempt = ({ at, status, reason, duration_ms: durationMs }: AttemptRecord): Attempt => ({
  at: new Date(at),
  status,
  reason,
  durationMs,
});
