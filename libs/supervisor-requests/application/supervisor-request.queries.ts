import type { Page, PageRequest, PastStateOf, PastVersion, Stamp } from '#shared-kernel';
import type { SupervisorRequestId } from '../domain/identity.js';
import type {
  RequestKind,
  RequestStatus,
  StatusCode,
  SupervisorRequestState,
} from '../domain/request-state.js';

/** A request as it is shown. A claim that has run out is none. */
export interface SupervisorRequestView extends SupervisorRequestState {
  readonly stamp: Stamp;
}

/** Which requests a list shows. Several values are any of them. */
export interface SupervisorRequestFilter {
  /** The tenant looked for; its requests and the shared ones. */
  readonly tenant: string | null;
  readonly stores?: readonly string[] | undefined;
  readonly statuses?: readonly RequestStatus[] | undefined;
  readonly statusCodes?: readonly StatusCode[] | undefined;
  readonly priorities?: readonly number[] | undefined;
  readonly kinds?: readonly RequestKind[] | undefined;
  readonly createdFrom?: Date | undefined;
  /** Half-open: made before this instant. */
  readonly createdUntil?: Date | undefined;
  readonly teams?: readonly string[] | undefined;
  /** Somebody has a live claim on it, or nobody. */
  readonly claimed?: 'somebody' | 'nobody' | undefined;
  /** Who has a live claim on it. */
  readonly claimers?: readonly string[] | undefined;
  /** Its time ran out and nobody has answered since, or that is not so. */
  readonly overdue?: 'yes' | 'no' | undefined;
  readonly dedupeKeys?: readonly string[] | undefined;
  readonly requesters?: readonly string[] | undefined;
  /** Anywhere in the question, whatever the case. */
  readonly q?: string | undefined;
}

/** Everything that is read of supervisor requests. An abstract class, so that it is also its injection token. */
export abstract class SupervisorRequestQueries {
  /** As it is by now: what fell due is settled by whoever asks. @throws SupervisorRequestNotFound */
  abstract get(id: SupervisorRequestId): Promise<SupervisorRequestView>;

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was gone */
  abstract asOf(id: SupervisorRequestId, at: Date): Promise<SupervisorRequestView>;

  /** Each is shown as it is by now. @throws InvalidInput, InvalidCursor */
  abstract page(filter: SupervisorRequestFilter, request: PageRequest): Promise<Page<SupervisorRequestView>>;

  /** Newest first. @throws NoHistory, InvalidCursor */
  abstract versions(id: SupervisorRequestId, request: PageRequest): Promise<Page<PastVersion>>;

  /** @throws VersionNotFound */
  abstract version(id: SupervisorRequestId, version: number): Promise<PastStateOf<SupervisorRequestView>>;
}
