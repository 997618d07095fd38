import type { SupervisorRequestId } from '../domain/identity.js';
import type { SupervisorRequestState } from '../domain/request-state.js';

export const CALLBACK_STATUSES = ['pending', 'delivered', 'failed'] as const;

/** How far the asker was told of one change. */
export interface CallbackView {
  /** The same for each attempt. */
  readonly id: string;
  /** Of the request, which is told. */
  readonly version: number;
  readonly status: (typeof CALLBACK_STATUSES)[number];
  readonly attempts: number;
  readonly lastAttemptAt: Date | null;
  /** Why the last attempt failed. */
  readonly lastError: string | null;
  /** Null when there is none. */
  readonly nextAttemptAt: Date | null;
}

/** How askers are called back. An abstract class, so that it is also its injection token. */
export abstract class RequestCallbacks {
  /** By which everything that is sent for this request is signed; nothing else has the same. */
  abstract secretOf(request: Pick<SupervisorRequestState, 'id' | 'tenant' | 'requestTimestamp'>): string;

  /** In the order of the changes: of the end, and of a response that came later. */
  abstract of(id: SupervisorRequestId): Promise<readonly CallbackView[]>;
}
