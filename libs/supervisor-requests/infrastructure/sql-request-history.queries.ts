import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, PastVersion } from '#shared-kernel';
import { HistoryQueries } from '#platform/change-log';
import { Database } from '#platform/database';
import { RequestHistoryQueries } from '../application/request-history.queries.js';
import type { RequestEvent, RequestStanding } from '../application/request-history.queries.js';
import type { SupervisorRequestId } from '../domain/identity.js';
import { toClaim, toResponse } from './supervisor-request.record.js';
import type { SupervisorRequestRecord } from './supervisor-request.record.js';
import { SUPERVISOR_REQUEST_TYPE } from './supervisor-request.table.js';

type StandingColumns =
  | 'status_code'
  | 'resolution'
  | 'priority'
  | 'assignee_team_id'
  | 'claimed_by'
  | 'claim_expires_at'
  | 'response'
  | 'responded_at';

interface StandingRow extends Pick<SupervisorRequestRecord, StandingColumns> {
  readonly aggregate_version: number;
}

@Injectable()
export class SqlRequestHistoryQueries extends RequestHistoryQueries {
  constructor(
    private readonly database: Database,
    private readonly history: HistoryQueries,
  ) {
    super();
  }

  override async page(id: SupervisorRequestId, request: PageRequest): Promise<Page<RequestEvent>> {
    const page = await this.history.page({ aggregateType: SUPERVISOR_REQUEST_TYPE, id }, request);
    const standings = await this.#standings(id, page.items);
    const items = page.items.map((past) => ({ ...past, standing: standings.get(past.version) ?? null }));
    return { ...page, items };
  }

  /** Without the documents, of which a page would hold a hundred. */
  async #standings(
    id: SupervisorRequestId,
    versions: readonly PastVersion[],
  ): Promise<ReadonlyMap<number, RequestStanding>> {
    const rows = await this.database.read<StandingRow>({
      name: 'request_standings',
      text: `select l.aggregate_version, s.* from platform.change_log l,
               json_to_record(l.snapshot) as s(status_code text, resolution text, priority int, assignee_team_id uuid,
                 claimed_by text, claim_expires_at timestamptz, response json, responded_at timestamptz)
             where l.aggregate_id = $1 and l.aggregate_type = $2 and l.aggregate_version between $3 and $4
               and l.snapshot is not null`,
      values: [id, SUPERVISOR_REQUEST_TYPE, versions.at(-1)?.version ?? 0, versions[0]?.version ?? 0],
    });
    return new Map(rows.map((row) => [row.aggregate_version, toStanding(row)]));
  }
}

const toStanding = (row: StandingRow): RequestStanding => ({
  statusCode: row.status_code,
  resolution: row.resolution,
  priority: row.priority,
  assigneeTeamId: row.assignee_team_id,
  claim: toClaim(row.claimed_by, row.claim_expires_at),
  response: toResponse(row.response, row.responded_at),
});
