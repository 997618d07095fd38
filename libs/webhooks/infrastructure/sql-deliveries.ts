import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database';
import type { WebhookId } from '../domain/identity.js';
import { ADD, CLOSE, DUE, HASTEN, WITH_DUE } from './delivery-statements.js';

/** An event that is to be delivered, as it is noted. */
export interface NewDelivery {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly sub: number;
  readonly event_type: string;
  readonly aggregate_id: string;
  readonly subject: string;
  readonly body: string;
}

/** One that is to be sent now. */
export interface DueDelivery {
  readonly id: string;
  readonly body: string;
  readonly attempts: number;
  /** Without the earlier ones, where somebody asked for it once more. */
  readonly tries: number;
}

/** What became of an attempt. */
export interface Closing {
  readonly status: 'pending' | 'delivered' | 'failed';
  readonly retryInSeconds: number | null;
  readonly attempt: {
    readonly at: string;
    readonly status: number | null;
    readonly reason: string | null;
    readonly duration_ms: number;
  };
}

/** A statement does not grow without limit, however large a transaction was. */
const ADDED_AT_ONCE = 500;

/** Deliveries as whoever sends them sees them. Each method is one unit of work, or part of the open one. */
@Injectable()
export class SqlDeliveries {
  constructor(private readonly database: Database) {}

  /** Nobody else adds or closes deliveries of the webhook until the open unit of work ends: which one is the next stays true. */
  async hold(id: WebhookId): Promise<void> {
    await this.database.transaction.query({
      name: 'webhook_deliveries_hold',
      text: `select pg_advisory_xact_lock(hashtextextended('webhooks.delivery/' || $1, 0))`,
      values: [id],
    });
  }

  /**
   * The same for what is done once more where it is lost: nobody waits until it is on disk, which costs more than all else. Not
   * for a unit of work that has something besides.
   */
  async holdLightly(id: WebhookId): Promise<void> {
    await this.database.transaction.query({
      name: 'webhook_deliveries_hold_lightly',
      text: `select pg_advisory_xact_lock(hashtextextended('webhooks.delivery/' || $1, 0)), set_config('synchronous_commit', 'off', true)`,
      values: [id],
    });
  }

  /** Gives how many are new: what was noted before is not noted again. */
  async add(id: WebhookId, tenant: string, deliveries: readonly NewDelivery[]): Promise<number> {
    let added = 0;
    for (let start = 0; start < deliveries.length; start += ADDED_AT_ONCE) {
      const some = deliveries.slice(start, start + ADDED_AT_ONCE);
      const { rowCount } = await this.database.transaction.query({
        name: 'webhook_deliveries_add',
        text: ADD,
        values: [id, tenant, JSON.stringify(some)],
      });
      added += rowCount ?? 0;
    }
    return added;
  }

  async countPending(id: WebhookId): Promise<number> {
    const [row] = await this.database.read<{ count: number }>({
      name: 'webhook_deliveries_pending',
      text: `select count(*)::int as count from webhooks.delivery where webhook_id = $1 and status = 'pending'`,
      values: [id],
    });
    return row?.count ?? 0;
  }

  /** Those that are due longest, but for those that are under way. */
  due(id: WebhookId, limit: number, underWay: readonly string[]): Promise<DueDelivery[]> {
    return this.database.read<DueDelivery>({
      name: 'webhook_deliveries_due',
      text: DUE,
      values: [id, limit, [...underWay]],
    });
  }

  /** Which of these webhooks have something that is due. */
  async withDue(ids: readonly WebhookId[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.read<{ id: string }>({
      name: 'webhook_deliveries_with_due',
      text: WITH_DUE,
      values: [[...ids]],
    });
    return new Set(rows.map(({ id }) => id));
  }

  /** The next one of the aggregate is due then, where this one is over. */
  async close(id: WebhookId, { id: delivery, attempts }: DueDelivery, closing: Closing): Promise<void> {
    const { status, retryInSeconds, attempt } = closing;
    await this.database.run(async () => {
      await this.holdLightly(id);
      await this.database.transaction.query({
        name: 'webhook_deliveries_close',
        text: CLOSE,
        values: [id, delivery, attempts, status, retryInSeconds, JSON.stringify(attempt)],
      });
    });
  }

  /** Whatever waits to be tried again is tried now. */
  async hasten(id: WebhookId): Promise<void> {
    await this.database.run(async () => {
      await this.hold(id);
      await this.database.transaction.query({
        name: 'webhook_deliveries_hasten',
        text: HASTEN,
        values: [id],
      });
    });
  }

  /** For how many seconds nothing was taken, by the clock of the database: from now on, unless an earlier instant is noted. */
  async noteFailing(id: WebhookId): Promise<number> {
    const [row] = await this.database.read<{ seconds: number }>({
      name: 'webhook_progress_failing',
      text: `update webhooks.progress set failing_since = coalesce(failing_since, clock_timestamp()) where webhook_id = $1
             returning extract(epoch from clock_timestamp() - failing_since)::float8 as seconds`,
      values: [id],
    });
    return row?.seconds ?? 0;
  }

  /** True where it was noted that nothing was taken. */
  async noteTaking(id: WebhookId): Promise<boolean> {
    const rows = await this.database.read({
      name: 'webhook_progress_taking',
      text: `update webhooks.progress set failing_since = null
             where webhook_id = $1 and failing_since is not null returning webhook_id`,
      values: [id],
    });
    return rows.length > 0;
  }
}
