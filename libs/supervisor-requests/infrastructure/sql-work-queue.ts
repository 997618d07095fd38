import { Injectable } from '@nestjs/common';
import { tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import { WorkQueue } from '../application/work-queue.js';
import type { WorkWanted } from '../application/work-queue.js';
import type { SupervisorRequestId } from '../domain/identity.js';
import { PRIORITY_MAX } from '../domain/request-content.js';

const PRIORITIES = Array.from({ length: PRIORITY_MAX }, (_, index) => index + 1);

const ascending = (one: number, other: number): number => one - other;

/** What becomes of a row that somebody else has locked. */
const LOOKS = { pass: 'for update skip locked', wait: 'for update', look: '' } as const;
type Look = keyof typeof LOOKS;

/**
 * One priority after the other, each along the index of what is free, so that what is claimed costs nothing. A row that was
 * claimed since the statement began is looked at anew once it is locked, and is not free any more.
 */
const statementOf = (look: Look): string => `
  select free.id from unnest($3::int[]) as wanted(priority) cross join lateral (
    select t.id from supervisor.request t
    where t.tenant = $1 and t.store_id = $2 and t.priority = wanted.priority
      and t.status_code = 'pending_response' and t.claim_expires_at is null and t.expires_at > statement_timestamp()
      and ($4::text[] is null or t.kind = any ($4))
    order by t.request_timestamp, t.id limit 1 ${LOOKS[look]}) as free
  limit 1`;

@Injectable()
export class SqlWorkQueue extends WorkQueue {
  constructor(private readonly database: Database) {
    super();
  }

  /**
   * Those whom somebody is at work on are passed over. Only when no other is left are they waited for: whoever has locked one
   * may leave it free, or more urgent than it was.
   */
  override async next(wanted: WorkWanted): Promise<SupervisorRequestId | null> {
    for (;;) {
      const free = await this.#find(wanted, 'pass');
      if (free || !(await this.#find(wanted, 'look'))) return free;
      const left = await this.#find(wanted, 'wait');
      if (left) return left;
    }
  }

  async #find(wanted: WorkWanted, look: Look): Promise<SupervisorRequestId | null> {
    const { tenant, storeId, kinds, priorities } = wanted;
    const [free] = await this.database.read<{ id: SupervisorRequestId }>({
      name: `request_next_${look}`,
      text: statementOf(look),
      values: [tenantColumn(tenant), storeId, (priorities ?? PRIORITIES).toSorted(ascending), kinds],
    });
    return free?.id ?? null;
  }
}
