import type { SupervisorRequestId } from '../domain/identity.js';
import type { RequestKind } from '../domain/request-state.js';

/** What somebody is ready to work on. */
export interface WorkWanted {
  readonly tenant: string | null;
  readonly storeId: string;
  /** Null: of any kind. */
  readonly kinds: readonly RequestKind[] | null;
  /** Null: of any priority. */
  readonly priorities: readonly number[] | null;
}

/** What waits in a store, the most urgent first. An abstract class, so that it is also its injection token. */
export abstract class WorkQueue {
  /**
   * The first request that is pending and that nobody has claimed, kept for the open unit of work: whoever asks meanwhile gets
   * the one after it. Null when there is none.
   */
  abstract next(wanted: WorkWanted): Promise<SupervisorRequestId | null>;
}
