import type { SupervisorRequestId } from './identity.js';
import type { SupervisorRequestState } from './request-state.js';
import type { SupervisorRequest } from './supervisor-request.js';

/** The supervisor requests of the caller. An abstract class, so that it is also its injection token. */
export abstract class SupervisorRequestRepository {
  /**
   * The request, kept for this unit of work: nobody else changes it meanwhile. It may be overdue.
   * @throws SupervisorRequestNotFound, TenantForbidden for one that belongs to all
   */
  abstract get(id: SupervisorRequestId): Promise<SupervisorRequest>;

  /** As it is now, for whoever may read it; nobody is kept from changing it. @throws SupervisorRequestNotFound */
  abstract look(id: SupervisorRequestId): Promise<SupervisorRequestState>;

  /** The tenant's own pending request with this key, kept likewise; null when there is none. */
  abstract findOpen(key: OpenKey): Promise<SupervisorRequest | null>;

  /** As it was first stored; null when it is gone, is not for this caller, or was changed so often and long ago that this is not kept. */
  abstract firstOf(id: SupervisorRequestId): Promise<SupervisorRequestState | null>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: SupervisorRequestId): Promise<boolean>;

  /** The database's time as this is asked: asked after a lock was got, it is later than whatever was decided before. */
  abstract now(): Promise<Date>;

  /** Some pending requests of a team, in the order of their ids, after this one. */
  abstract somePendingOfTeam(teamId: string, after: string | null): Promise<readonly SupervisorRequestId[]>;

  /** How many requests a team is to answer, as far as the caller sees. */
  abstract countPendingOfTeam(teamId: string): Promise<number>;

  /**
   * Stores the request and its row in the change log: both, or neither. Nothing happened, nothing is stored.
   * @throws DedupeKeyTaken, IdConflict, StaleVersion
   */
  abstract save(request: SupervisorRequest): Promise<void>;
}

/** What names at most one pending request. */
export interface OpenKey {
  readonly tenant: string | null;
  readonly storeId: string;
  readonly dedupeKey: string;
}
