import type { SupervisorRequestId } from '../domain/identity.js';

/** Whose requests, and which of them. */
export interface DueIn {
  readonly tenants: readonly (string | null)[];
  /** Absent: of all stores. */
  readonly storeId?: string;
}

/**
 * Writes what fell due: timeouts, steps of escalations and claims that ran out, each as a change of its own at the instant
 * at which it was due. Whoever looks first settles, so that all who look agree: a request that something is due for is locked,
 * and whoever held the lock before has decided. Nothing is done twice. An abstract class, so that it is also its injection
 * token.
 */
export abstract class Settling {
  /**
   * What is due for one request; true when something was, so that what was read of it before is old. In a transaction of
   * its own, also for rows that the caller may only read; in the open one it is part of it, and the row stays locked.
   */
  abstract settleOne(id: SupervisorRequestId): Promise<boolean>;

  /** Likewise for some requests at once, or the first of them; gives how many something was due for, none when for none is. */
  abstract settleThese(ids: readonly SupervisorRequestId[]): Promise<number>;

  /**
   * What is due for requests that a list is about to show, the longest due ones first, of at most so many requests; gives
   * how many, none when nothing is due. Costs one look at an index when there are none.
   */
  abstract settleDue(which: DueIn, limit: number): Promise<number>;
}
