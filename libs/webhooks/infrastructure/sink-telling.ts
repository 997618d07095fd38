import { Injectable } from '@nestjs/common';
import { sameJson } from '#shared-kernel';
import { tenantColumn, tenantFromColumn } from '#platform/context';
import { Database } from '#platform/database';
import { Sinks } from '#platform/sinks';
import { WebhookTelling } from '../application/webhook-telling.js';
import type { Gap } from '../application/webhook-telling.js';
import type { WebhookState } from '../domain/webhook.js';
import { SqlDeliveries } from './sql-deliveries.js';
import { streamsOf } from './webhook.table.js';

export const WEBHOOK_SINKS = 'webhook';

export const sinkName = (id: string): string => `${WEBHOOK_SINKS}:${id}`;

type Positions = Readonly<Record<string, number>>;

/**
 * A webhook that is enabled is a sink of the change log. One that is disabled is none, so that it does not keep the log
 * from being compacted for ever; where it stopped is kept with it.
 */
@Injectable()
export class SinkTelling extends WebhookTelling {
  constructor(
    private readonly database: Database,
    private readonly sinks: Sinks,
    private readonly deliveries: SqlDeliveries,
  ) {
    super();
  }

  override async follow(before: WebhookState | null, after: WebhookState): Promise<readonly Gap[]> {
    if (before === null) await this.#note(after);
    const wasOn = before !== null && before.disabled === null;
    const isOn = after.disabled === null;
    if (isOn && (!wasOn || before.url !== after.url)) await this.deliveries.hasten(after.id); // Somebody says that it goes better now.
    if (isOn && !wasOn) return this.#begin(after);
    if (isOn && before && !sameJson(streamsOf(before), streamsOf(after))) await this.#declare(after);
    if (!isOn && wasOn) await this.#end(after);
    return [];
  }

  override async forget({ id }: WebhookState): Promise<void> {
    await this.sinks.withdraw(sinkName(id));
  }

  async #note({ id, tenant }: WebhookState): Promise<void> {
    await this.database.transaction.query({
      name: 'webhook_progress_note',
      text: 'insert into webhooks.progress (webhook_id, tenant) values ($1, $2)',
      values: [id, tenantColumn(tenant)],
    });
  }

  async #begin(webhook: WebhookState): Promise<readonly Gap[]> {
    const positions = await this.#resume(webhook);
    const gaps = await this.#gapsAfter(positions, streamsOf(webhook));
    const from = new Map(Object.entries(positions));
    for (const { tenant, until } of gaps) from.set(tenantColumn(tenant), until);
    await this.#declare(webhook, from);
    return gaps;
  }

  /** What failed before it was disabled says nothing about it now. */
  async #resume({ id }: WebhookState): Promise<Positions> {
    const { rows } = await this.database.transaction.query<{ positions: Positions }>({
      name: 'webhook_progress_resume',
      text: `with before as (select positions from webhooks.progress where webhook_id = $1)
             update webhooks.progress p set failing_since = null, positions = '{}' from before
             where webhook_id = $1 returning before.positions`,
      values: [id],
    });
    return rows[0]?.positions ?? {};
  }

  async #gapsAfter(positions: Positions, streams: readonly string[]): Promise<readonly Gap[]> {
    const { rows } = await this.database.transaction.query<{ tenant: string; until: string }>({
      name: 'webhook_gaps',
      text: `select tenant, compacted_revision as until from platform.stream_head where tenant = any ($1)`,
      values: [streams.filter((stream) => stream in positions)],
    });
    return rows
      .map(({ tenant, until }) => ({
        tenant: tenantFromColumn(tenant),
        after: positions[tenant] ?? 0,
        until: Number(until),
      }))
      .filter(({ after, until }) => until > after);
  }

  #declare(webhook: WebhookState, from?: ReadonlyMap<string, number>): Promise<void> {
    const { id, tenant } = webhook;
    const sink = { name: sinkName(id), kind: WEBHOOK_SINKS, tenant, streams: streamsOf(webhook) };
    return this.sinks.declare(sink, from);
  }

  async #end({ id }: WebhookState): Promise<void> {
    const positions = await this.sinks.withdraw(sinkName(id));
    await this.database.transaction.query({
      name: 'webhook_progress_end',
      text: 'update webhooks.progress set positions = $2 where webhook_id = $1',
      values: [id, JSON.stringify(Object.fromEntries(positions))],
    });
  }
}
