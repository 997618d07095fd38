import { InvalidInput } from '#shared-kernel';
import { expectNone, isUuid, QueryReading, toInstant } from '#platform/http';
import type { SupervisorRequestFilter } from '../application/supervisor-request.queries.js';
import type { RequestKind, RequestStatus, StatusCode } from '../domain/request-state.js';
import type { InboxQuery } from './request-list.dto.js';

/** Which requests are asked for, whosever they are. @throws InvalidInput with all that is wrong */
export function toRequestFilter(query: Partial<InboxQuery>): Omit<SupervisorRequestFilter, 'tenant'> {
  const reading = new QueryReading();
  const { claimed, overdue } = query;
  const filter = {
    stores: reading.few(query.store_id, '/store_id'),
    // The words were checked by the DTO.
    statuses: query.status as RequestStatus[] | undefined,
    statusCodes: query.status_code as StatusCode[] | undefined,
    priorities: query.priority?.map(Number),
    kinds: query.kind as RequestKind[] | undefined,
    createdFrom: reading.one(query.created_from, '/created_from', toInstant),
    createdUntil: reading.one(query.created_until, '/created_until', toInstant),
    teams: reading.each(query.assignee_team_id, '/assignee_team_id', teamId),
    claimed: claimed === undefined ? undefined : claimed ? ('somebody' as const) : ('nobody' as const),
    claimers: reading.few(query.claimed_by, '/claimed_by'),
    overdue: overdue === undefined ? undefined : overdue ? ('yes' as const) : ('no' as const),
    dedupeKeys: reading.few(query.dedupe_key, '/dedupe_key'),
    requesters: reading.few(query.requested_by, '/requested_by'),
    q: query.q,
  };
  expectNone(reading.violations);
  return filter;
}

function teamId(text: string, pointer: string): string {
  if (isUuid(text)) return text.toLowerCase();
  throw InvalidInput.at(pointer, 'pattern', 'It must be a UUID.');
}
