import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { tenantFromColumn } from '#platform/context';
import { Database, ServerSecrets } from '#platform/database';
import { RequestCallbacks } from '../application/request-callbacks.js';
import type { CallbackView } from '../application/request-callbacks.js';
import type { SupervisorRequestId } from '../domain/identity.js';
import type { SupervisorRequestState } from '../domain/request-state.js';

/** What is tried again when whoever tries it was not heard of for so long: longer than a try may take. */
const LEASE_SECONDS = 120;
/** Of the callbacks that are due longest, so many are looked at to find some whose receivers are not busy. */
const LOOKED_AT = 200;

/** One that is to be sent now, by whoever took it. */
export interface TakenCallback {
  readonly id: string;
  readonly tenant: string | null;
  readonly requestId: SupervisorRequestId;
  readonly requestVersion: number;
  readonly requestTimestamp: Date;
  readonly url: string;
  readonly receiver: string;
  /** With this one. */
  readonly attempts: number;
  readonly takenAt: Date;
}

/** What became of an attempt: when it is tried again, if at all, and why. */
export interface AttemptEnd {
  readonly error: string | null;
  readonly retryInSeconds: number | null;
}

/** How much may be sent at once, and how much is under way by receiver. */
export interface Capacity {
  readonly free: number;
  readonly perReceiver: number;
  readonly busy: ReadonlyMap<string, number>;
}

interface CallbackRow {
  readonly id: string;
  readonly request_version: number;
  readonly attempts: number;
  readonly last_attempt_at: Date | null;
  readonly last_error: string | null;
  readonly delivered_at: Date | null;
  readonly due_at: Date | null;
}

interface TakenRow extends CallbackRow {
  readonly tenant: string;
  readonly request_id: string;
  readonly request_timestamp: Date;
  readonly url: string;
  readonly receiver: string;
  readonly last_attempt_at: Date;
}

/** A receiver has few of those that are due, so that one who hangs does not hold up the others. */
const TAKE = `
  with oldest as (
    select id, receiver, due_at from supervisor.callback
    where due_at <= statement_timestamp() and coalesce(($2::json ->> receiver)::int, 0) < $3
    order by due_at limit ${LOOKED_AT}),
  placed as (
    select id, due_at, coalesce(($2::json ->> receiver)::int, 0)
      + row_number() over (partition by receiver order by due_at, id) as place
    from oldest),
  chosen as (
    select c.id from supervisor.callback c join placed p on p.id = c.id
    where p.place <= $3 and c.due_at <= statement_timestamp()
    order by p.due_at limit $1 for update of c skip locked)
  update supervisor.callback c set attempts = attempts + 1, last_attempt_at = statement_timestamp(),
    due_at = statement_timestamp() + interval '${LEASE_SECONDS} s'
  from chosen where c.id = chosen.id
  returning c.*`;

/** Callbacks in their table, where whatever ends a request puts them. */
@Injectable()
export class SqlCallbacks extends RequestCallbacks {
  constructor(
    private readonly database: Database,
    private readonly secrets: ServerSecrets,
  ) {
    super();
  }

  /** The time makes it another one when an id is used a second time. */
  override secretOf({
    id,
    tenant,
    requestTimestamp,
  }: Pick<SupervisorRequestState, 'id' | 'tenant' | 'requestTimestamp'>): string {
    const content = JSON.stringify([tenant, id, requestTimestamp.getTime()]);
    return `whsec_${createHmac('sha256', this.secrets.of('callback')).update(content).digest('base64')}`;
  }

  override async of(id: SupervisorRequestId): Promise<readonly CallbackView[]> {
    const rows = await this.database.read<CallbackRow>({
      name: 'callbacks_of',
      text: `select id, request_version, attempts, last_attempt_at, last_error, delivered_at, due_at
             from supervisor.callback where request_id = $1 order by request_version`,
      values: [id],
    });
    return rows.map(toView);
  }

  /** Nobody else gets them, until the one who took them was not heard of for long. */
  async take({ free, perReceiver, busy }: Capacity): Promise<readonly TakenCallback[]> {
    const rows = await this.database.read<TakenRow>({
      name: 'callbacks_take',
      text: TAKE,
      values: [free, JSON.stringify(Object.fromEntries(busy)), perReceiver],
    });
    return rows.map(toTaken);
  }

  /** One whose request was deleted meanwhile is forgotten with its end. */
  async close({ id, attempts }: TakenCallback, { error, retryInSeconds }: AttemptEnd): Promise<void> {
    await this.database.run(async () => {
      await this.database.transaction.query({
        name: 'callbacks_close',
        text: `update supervisor.callback set last_error = $3,
                 delivered_at = case when $3::text is null then clock_timestamp() end,
                 due_at = clock_timestamp() + make_interval(secs => $4)
               where id = $1 and attempts = $2`,
        values: [id, attempts, error, retryInSeconds],
      });
      await this.database.transaction.query({
        name: 'callbacks_forget',
        text: `delete from supervisor.callback c where id = $1 and due_at is null
                 and not exists (select from supervisor.request r where r.id = c.request_id)`,
        values: [id],
      });
    });
  }
}

function toView(row: CallbackRow): CallbackView {
  const isOver = row.delivered_at !== null ? 'delivered' : 'failed';
  return {
    id: row.id,
    version: row.request_version,
    status: row.due_at === null ? isOver : 'pending',
    attempts: row.attempts,
    lastAttemptAt: row.last_attempt_at,
    lastError: row.last_error,
    nextAttemptAt: row.due_at,
  };
}

const toTaken = (row: TakenRow): TakenCallback => ({
  id: row.id,
  tenant: tenantFromColumn(row.tenant),
  requestId: row.request_id as SupervisorRequestId,
  requestVersion: row.request_version,
  requestTimestamp: row.request_timestamp,
  url: row.url,
  receiver: row.receiver,
  attempts: row.attempts,
  takenAt: row.last_attempt_at,
});
