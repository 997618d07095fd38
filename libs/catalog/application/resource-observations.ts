import type { EndpointHealth, HealthReport } from '../domain/health.js';
import type { ResourceId } from '../domain/identity.js';
import type { ResourceState } from '../domain/resource.js';
import type { ResourceObserved } from './resource.queries.js';

/**
 * How resources are, apart from what is said of them: none of it is a version. In the open unit of work, which holds the
 * resource. An abstract class, so that it is also its injection token.
 */
export abstract class ResourceObservations {
  abstract of(id: ResourceId): Promise<ResourceObserved>;

  /**
   * Stores what a check of an endpoint found. When its status is another one than it was, as it read just now, that is
   * told in the change log; also that the check before had expired, if nobody told it yet.
   */
  abstract report(resource: ResourceState, endpoint: string, report: HealthReport): Promise<EndpointHealth>;

  /** It was heard of just now. Told in the change log only when it was stale. */
  abstract hear(resource: ResourceState): Promise<void>;
}
