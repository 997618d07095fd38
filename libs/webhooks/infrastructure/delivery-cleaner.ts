import { Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#platform/database';
import { Jobs } from '#platform/jobs';

const JOB = 'webhook-deliveries-cleanup';
const EVERY_MS = 600_000;
const DELIVERED_DAYS = 7;
const FAILED_DAYS = 30;
/** In one statement, so that nobody waits for it. */
const REMOVED_AT_ONCE = 1_000;

const OLD = `
  delete from webhooks.delivery where id in (
    select id from webhooks.delivery where status = $1 and over_at < clock_timestamp() - make_interval(days => $2)
    order by over_at limit ${REMOVED_AT_ONCE})`;

/** Goes from webhook to webhook along the index, however many deliveries each has. */
const ORPHANED = `
  with recursive known as (
    (select webhook_id from webhooks.delivery order by webhook_id limit 1)
    union all
    select (select d.webhook_id from webhooks.delivery d where d.webhook_id > known.webhook_id order by d.webhook_id limit 1)
    from known where known.webhook_id is not null),
  deleted as (
    select webhook_id from known
    where webhook_id is not null and not exists (select from webhooks.webhook w where w.id = known.webhook_id))
  delete from webhooks.delivery where id in (
    select d.id from deleted cross join lateral (
      select id from webhooks.delivery where webhook_id = deleted.webhook_id limit ${REMOVED_AT_ONCE}) d
    limit ${REMOVED_AT_ONCE})`;

/** Removes what was delivered a week ago, what was given up a month ago, and what belongs to webhooks that are deleted. */
@Injectable()
export class DeliveryCleaner implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.onOneReplica({ name: JOB, everyMs: EVERY_MS, run: () => this.clean() });
  }

  async clean(): Promise<void> {
    await this.#remove('webhook_deliveries_old', OLD, ['delivered', DELIVERED_DAYS]);
    await this.#remove('webhook_deliveries_old', OLD, ['failed', FAILED_DAYS]);
    await this.#remove('webhook_deliveries_orphaned', ORPHANED, []);
  }

  async #remove(name: string, text: string, values: unknown[]): Promise<void> {
    let removed = 0;
    do {
      removed = await this.database.run(async () => {
        const { rowCount } = await this.database.transaction.query({ name, text, values });
        return rowCount ?? 0;
      });
    } while (removed === REMOVED_AT_ONCE);
  }
}
