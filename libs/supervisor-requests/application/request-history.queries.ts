import type { Page, PageRequest, PastVersion } from '#shared-kernel';
import type { SupervisorRequestId } from '../domain/identity.js';
import type { SupervisorRequestState } from '../domain/request-state.js';

/** What a request had come to by a version. */
export type RequestStanding = Pick<
  SupervisorRequestState,
  'statusCode' | 'resolution' | 'priority' | 'assigneeTeamId' | 'claim' | 'response'
>;

/** One thing that happened to a request; without a standing where it was taken away. */
export interface RequestEvent extends PastVersion {
  readonly standing: RequestStanding | null;
}

/** What happened to requests. An abstract class, so that it is also its injection token. */
export abstract class RequestHistoryQueries {
  /** Newest first. @throws NoHistory, InvalidCursor */
  abstract page(id: SupervisorRequestId, request: PageRequest): Promise<Page<RequestEvent>>;
}
