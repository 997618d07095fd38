import { Injectable } from '@nestjs/common';
import { HistoryQueries, VersionCompacted, VersionedStore } from '#platform/change-log';
import type { PastState } from '#platform/change-log';
import { tenantColumn } from '#platform/context';
import { Database, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import { DedupeKeyTaken, SupervisorRequestNotFound } from '../domain/errors.js';
import type { SupervisorRequestId } from '../domain/identity.js';
import type { SupervisorRequestState } from '../domain/request-state.js';
import { SupervisorRequest } from '../domain/supervisor-request.js';
import { SupervisorRequestRepository } from '../domain/supervisor-request.repository.js';
import type { OpenKey } from '../domain/supervisor-request.repository.js';
import { toSupervisorRequestView } from './supervisor-request.record.js';
import type { SupervisorRequestRecord } from './supervisor-request.record.js';
import {
  SUPERVISOR_REQUEST_MAPPING,
  SUPERVISOR_REQUEST_TYPE,
  SupervisorRequestTable,
  toSupervisorRequestState,
} from './supervisor-request.table.js';
import type { SupervisorRequestRow } from './supervisor-request.table.js';

const LOCKED = { lock: { mode: 'pessimistic_write' } } as const;
const AT_ONCE = 200;

@Injectable()
export class TypeOrmSupervisorRequestRepository extends SupervisorRequestRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly history: HistoryQueries,
  ) {
    super();
  }

  override async get(id: SupervisorRequestId): Promise<SupervisorRequest> {
    const row = await this.store.lock(SupervisorRequestTable, { id });
    if (!row) throw new SupervisorRequestNotFound();
    return this.#restore(row);
  }

  override async look(id: SupervisorRequestId): Promise<SupervisorRequestState> {
    const [record] = await this.database.read<SupervisorRequestRecord>({
      name: 'request_look',
      text: 'select * from supervisor.request where id = $1',
      values: [id],
    });
    if (!record) throw new SupervisorRequestNotFound();
    return toSupervisorRequestView(record);
  }

  override async findOpen({ tenant, storeId, dedupeKey }: OpenKey): Promise<SupervisorRequest | null> {
    const row = await this.database.manager.findOne(SupervisorRequestTable, {
      where: { tenant: tenantColumn(tenant), storeId, dedupeKey, statusCode: 'pending_response' },
      ...LOCKED,
    });
    return row && this.#restore(row);
  }

  override async firstOf(id: SupervisorRequestId): Promise<SupervisorRequestState | null> {
    const [stored] = await this.database.read({
      name: 'request_is_there',
      text: 'select 1 from supervisor.request where id = $1',
      values: [id],
    });
    if (!stored) return null;
    const row = await this.#rowOfFirst(id);
    return row && toSupervisorRequestView(row as unknown as SupervisorRequestRecord);
  }

  /** Null, too, when it is not kept any more: nobody can tell then whether something is the same. */
  async #rowOfFirst(id: SupervisorRequestId): Promise<PastState['row']> {
    try {
      return (await this.history.version({ aggregateType: SUPERVISOR_REQUEST_TYPE, id }, 1)).row;
    } catch (error) {
      if (error instanceof VersionCompacted) return null;
      throw error;
    }
  }

  override async isIdUsed(id: SupervisorRequestId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  override async now(): Promise<Date> {
    const [row] = await this.database.read<{ now: Date }>({
      name: 'clock',
      text: `select date_trunc('milliseconds', clock_timestamp()) as now`,
    });
    if (!row) throw new Error('The database tells no time.');
    return row.now;
  }

  override async somePendingOfTeam(
    teamId: string,
    after: string | null,
  ): Promise<readonly SupervisorRequestId[]> {
    const rows = await this.database.read<{ id: SupervisorRequestId }>({
      name: 'requests_of_team',
      text: `select id from supervisor.request where assignee_team_id = $1 and status_code = 'pending_response'
               and ($2::uuid is null or id > $2::uuid) order by id limit ${AT_ONCE}`,
      values: [teamId, after],
    });
    return rows.map(({ id }) => id);
  }

  override async countPendingOfTeam(teamId: string): Promise<number> {
    const [row] = await this.database.read<{ count: number }>({
      name: 'count_requests_of_team',
      text: `select count(*)::int as count from supervisor.request
             where assignee_team_id = $1 and status_code = 'pending_response'`,
      values: [teamId],
    });
    return row?.count ?? 0;
  }

  override async save(request: SupervisorRequest): Promise<void> {
    try {
      await this.store.save(request, SUPERVISOR_REQUEST_MAPPING);
    } catch (error) {
      if (isUniqueViolation(error, 'request_dedupe')) throw new DedupeKeyTaken();
      if (isUniqueViolation(error, 'request_pkey')) throw new IdConflict();
      throw error;
    }
  }

  #restore(row: SupervisorRequestRow): SupervisorRequest {
    return this.store.watch(
      SupervisorRequest.restore(toSupervisorRequestState(row)),
      SUPERVISOR_REQUEST_MAPPING,
    );
  }
}
