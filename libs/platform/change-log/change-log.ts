import { Injectable } from '@nestjs/common';
import { CallContext } from '#platform/context';
import { Database } from '#platform/database';
import type { Transaction } from '#platform/database';
import { ChangeBus } from './change-bus.js';
import type { Act, Change } from './change.js';

/**
 * Takes the next revision and writes the rows, as the last statement before the commit: whoever gets revision n+1
 * commits after n, so that a reader who asks for "revision > n" misses nothing. The row of stream_head stays locked
 * until the commit; nothing else happens in between.
 */
const APPEND = `
  with head as (
    insert into platform.stream_head as h (tenant, revision) values ($1, 1)
    on conflict (tenant) do update set revision = h.revision + 1
    returning revision
  ), written as (
    insert into platform.change_log (tenant, revision, sub, aggregate_type, aggregate_id, aggregate_version, type,
      subject, previous_subject, snapshot, actor, reason, rolled_back_from, request_id, trace_id, causation_id, occurred_at)
    select $1, head.revision, c.sub, c.aggregate_type, c.aggregate_id, c.aggregate_version, c.type,
      c.subject, c.previous_subject, c.snapshot, coalesce(c.actor, $3), c.reason, c.rolled_back_from, $4, $5, null,
      coalesce(c.occurred_at, statement_timestamp())
    from head, json_to_recordset($2::json) as c(sub int, aggregate_type text, aggregate_id uuid, aggregate_version int,
      type text, subject text, previous_subject text, snapshot json, reason text, rolled_back_from int,
      occurred_at timestamptz, actor text)
  )
  select revision::int8 as revision from head`;

/** Collects the changes of one transaction and writes them as it closes: one revision a stream. */
@Injectable()
export class ChangeLog {
  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
    private readonly bus: ChangeBus,
  ) {}

  /** Notes a change; it is in the log exactly when the open transaction commits. */
  append(change: Change): void {
    this.database.transaction.defer(this.#write, change);
  }

  /** True when the open transaction changed this aggregate, which is in the log only after it. */
  hasNoted(aggregateId: string): boolean {
    return this.database.transaction.noted(this.#write).some((change) => change.aggregateId === aggregateId);
  }

  /** Notes an act. It goes to the stream of whoever acted, because the shared one is not theirs to write. */
  act({ tenant, ...act }: Act): void {
    this.append({
      ...act,
      tenant: this.context.current.caller.tenant ?? tenant,
      aggregateVersion: 0,
      previousSubject: null,
      snapshot: null,
      reason: null,
      rolledBackFrom: null,
      occurredAt: null,
    });
  }

  /** Streams are locked in the order of their names, so that two transactions never wait for each other. */
  readonly #write = async (transaction: Transaction, changes: readonly Change[]): Promise<void> => {
    const tenants = [...new Set(changes.map((change) => change.tenant))].sort();
    const written = tenants.map(async (tenant) => {
      const own = changes.filter((change) => change.tenant === tenant);
      const revision = await this.#writeStream(transaction, tenant, own);
      transaction.afterCommit(() =>
        this.bus.publish(
          own.map((change, sub) => ({ ...change, revision, sub })),
          'here',
        ),
      );
    });
    await Promise.all(written);
  };

  async #writeStream(transaction: Transaction, tenant: string, changes: readonly Change[]): Promise<number> {
    const { caller, requestId, traceId } = this.context.current;
    const { rows } = await transaction.query<{ revision: string }>({
      name: 'change_log_append',
      text: APPEND,
      values: [tenant, asRecords(changes), caller.actor, requestId, traceId],
    });
    return Number(rows[0]?.revision);
  }
}

/** A JSON array; each snapshot goes in as the text it is, not parsed and written again. */
function asRecords(changes: readonly Change[]): string {
  const records = changes.map((change, sub) => {
    const head = JSON.stringify({
      sub,
      aggregate_type: change.aggregateType,
      aggregate_id: change.aggregateId,
      aggregate_version: change.aggregateVersion,
      type: change.type,
      subject: change.subject,
      previous_subject: change.previousSubject,
      reason: change.reason,
      rolled_back_from: change.rolledBackFrom,
      occurred_at: change.occurredAt,
      actor: change.actor,
    });
    return `${head.slice(0, -1)},"snapshot":${change.snapshot ?? 'null'}}`;
  });
  return `[${records.join(',')}]`;
}
