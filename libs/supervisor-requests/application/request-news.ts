import type { SupervisorRequestId } from '../domain/identity.js';

/** Tells which requests changed, on whichever replica. An abstract class, so that it is also its injection token. */
export abstract class RequestNews {
  abstract listen(listener: (id: SupervisorRequestId) => void): void;
}
