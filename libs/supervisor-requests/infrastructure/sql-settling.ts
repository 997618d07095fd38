import { Injectable } from '@nestjs/common';
import { ChangeLog } from '#platform/change-log';
import { CallContext, tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import { Settling } from '../application/settling.js';
import type { DueIn } from '../application/settling.js';
import { nextDue, TIMEOUTS_ACTOR, whatFellDue } from '../domain/falling-due.js';
import type { Fallen } from '../domain/falling-due.js';
import type { SupervisorRequestId } from '../domain/identity.js';
import type { Response } from '../domain/request-state.js';
import { toSupervisorRequestView } from './supervisor-request.record.js';
import type { StoredResponse, SupervisorRequestRecord } from './supervisor-request.record.js';
import { subjectOf, SUPERVISOR_REQUEST_TYPE } from './supervisor-request.table.js';

/** In whose name requests of others are settled that the caller may only read. */
export const TIMEOUTS_JOB = 'supervisor-timeouts';

/** A whole row, and the instant until which everything is settled. */
interface DueRow extends SupervisorRequestRecord {
  readonly status: string;
  readonly search_text: string;
  readonly now: Date;
}

type SettledRow = Omit<DueRow, 'status' | 'search_text' | 'now'> & { readonly due_at: Date | null };

/** Which rows, and what becomes of those that somebody else has locked. */
interface Which {
  readonly name: string;
  readonly where: string;
  readonly values: readonly unknown[];
  readonly limit: number;
  readonly locked: '' | 'skip locked';
}

/** Characters of snapshots that one transaction tells, or those of one request: documents may be large, and fall due together. */
const TOLD_MAX = 16 * 1024 * 1024;

const DUE = 't.due_at <= statement_timestamp()';

const UPDATE = `
  update supervisor.request t set version = r.version, priority = r.priority, assignee_team_id = r.assignee_team_id,
    escalated = r.escalated, status_code = r.status_code, resolution = r.resolution, settled_at = r.settled_at,
    claimed_by = r.claimed_by, claim_expires_at = r.claim_expires_at, response = r.response, responded_at = r.responded_at,
    due_at = r.due_at, updated_at = r.updated_at, updated_by = r.updated_by
  from json_to_recordset($1::json) as r(id uuid, version int, priority int, assignee_team_id uuid, escalated int,
    status_code text, resolution text, settled_at timestamptz, claimed_by text, claim_expires_at timestamptz, response json,
    responded_at timestamptz, due_at timestamptz, updated_at timestamptz, updated_by text)
  where t.id = r.id`;

/** Settles many rows with three statements: they are locked, written, and told of in the change log. */
@Injectable()
export class SqlSettling extends Settling {
  constructor(
    private readonly database: Database,
    private readonly log: ChangeLog,
    private readonly context: CallContext,
  ) {
    super();
  }

  override async settleOne(id: SupervisorRequestId): Promise<boolean> {
    const which = { name: 'one', where: 't.id = $1', values: [id], limit: 1, locked: '' } as const;
    return (await this.#settleFor(which)) > 0;
  }

  override settleThese(ids: readonly SupervisorRequestId[]): Promise<number> {
    const which = { name: 'these', where: 't.id = any ($1)', values: [ids], limit: ids.length } as const;
    return this.#settleFor({ ...which, locked: '' });
  }

  override async settleDue({ tenants, storeId }: DueIn, limit: number): Promise<number> {
    const columns = tenants.map(tenantColumn);
    const inTenants = 't.tenant = any ($1)';
    return storeId === undefined
      ? this.#settleFor({ name: 'of_tenants', where: inTenants, values: [columns], limit, locked: '' })
      : this.#settleFor({
          name: 'of_store',
          where: `${inTenants} and t.store_id = $2`,
          values: [columns, storeId],
          limit,
          locked: '',
        });
  }

  /** What is due anywhere and nobody is at work on, or the first of it; gives how many requests. */
  async sweep(limit: number): Promise<number> {
    const which = { name: 'all', where: 'true', values: [], limit, locked: 'skip locked' } as const;
    return this.database.run(() => this.#settle(which));
  }

  /** In how many milliseconds there is something to sweep; none where there is already, null where there will be nothing. */
  async dueInMs(): Promise<number | null> {
    const [next] = await this.database.read<{ ms: number }>({
      name: 'requests_due_next',
      text: `select greatest(0, ceil(extract(epoch from t.due_at - statement_timestamp()) * 1000))::float8 as ms
             from supervisor.request t where t.due_at is not null order by t.due_at limit 1`,
    });
    return next?.ms ?? null;
  }

  /** A caller who may see a request may learn that its time is over: it is written as it would be without them. */
  async #settleFor(which: Which): Promise<number> {
    if (this.database.isOpen) return this.#settle(which);
    if (!(await this.#isDue(which))) return 0;
    return this.context.runAsSystem(TIMEOUTS_JOB, () => this.database.run(() => this.#settle(which)));
  }

  async #isDue({ name, where, values }: Pick<Which, 'name' | 'where' | 'values'>): Promise<boolean> {
    const rows = await this.database.read({
      name: `requests_due_${name}`,
      text: `select 1 from supervisor.request t where ${where} and ${DUE} limit 1`,
      values: [...values],
    });
    return rows.length > 0;
  }

  /**
   * Those who settle many at once lock them in one order, so that they wait for each other and never in a circle. What is too
   * much at once stays due.
   */
  async #settle({ name, where, values, limit, locked }: Which): Promise<number> {
    const rows = await this.database.read<DueRow>({
      name: `requests_settle_${name}`,
      text: `select t.*, date_trunc('milliseconds', statement_timestamp()) as now from supervisor.request t
             where ${where} and ${DUE} order by t.due_at, t.id limit $${values.length + 1} for update ${locked}`,
      values: [...values, limit],
    });
    const settled: SettledRow[] = [];
    for (let told = 0; settled.length < rows.length && told < TOLD_MAX;) {
      const { row, size } = this.#tell(rows[settled.length] as DueRow);
      settled.push(row);
      told += size;
    }
    if (settled.length > 0)
      await this.database.read({
        name: 'requests_settled',
        text: UPDATE,
        values: [JSON.stringify(settled.map(written))],
      });
    return settled.length;
  }

  /** Gives the row as it is after everything, and how much there was to tell. */
  #tell({ status: _, search_text, now, ...row }: DueRow): { row: SettledRow; size: number } {
    const view = toSupervisorRequestView(row);
    let settled: SettledRow = { ...row, due_at: nextDue(view) };
    let size = 0;
    for (const fallen of whatFellDue(view, now)) {
      settled = after(settled, fallen);
      const snapshot = JSON.stringify(settled);
      size += snapshot.length;
      this.log.append({
        tenant: row.tenant,
        aggregateType: SUPERVISOR_REQUEST_TYPE,
        aggregateId: row.id,
        aggregateVersion: settled.version,
        type: fallen.type,
        subject: subjectOf(fallen.state),
        previousSubject: null,
        snapshot,
        reason: null,
        rolledBackFrom: null,
        occurredAt: new Date(settled.updated_at),
        actor: TIMEOUTS_ACTOR,
      });
    }
    return { row: settled, size };
  }
}

/** Time never runs backwards within one request, also where something was written just before this fell due. */
function after(row: SettledRow, { at, state }: Fallen): SettledRow {
  const { claim, response } = state;
  const updatedAt = new Date(row.updated_at);
  return {
    ...row,
    version: row.version + 1,
    priority: state.priority,
    assignee_team_id: state.assigneeTeamId,
    escalated: state.escalated,
    status_code: state.statusCode,
    resolution: state.resolution,
    settled_at: state.settledAt,
    claimed_by: claim?.by ?? null,
    claim_expires_at: claim?.expiresAt ?? null,
    response: response && toStored(response),
    responded_at: response?.respondedAt ?? null,
    due_at: nextDue(state),
    updated_at: at > updatedAt ? at : updatedAt,
    updated_by: TIMEOUTS_ACTOR,
  };
}

/** What may have changed, without the documents, which may be large. */
const written = ({
  question,
  options,
  response_schema,
  details,
  escalation,
  default_response,
  ...row
}: SettledRow): object => row;

const toStored = ({ respondedBy, respondedAt: _, ...response }: Response): StoredResponse => ({
  ...response,
  responded_by: respondedBy,
});
