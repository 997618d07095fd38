import type { Selector } from '#shared-kernel';
import type { Endpoint, Visibility } from '../domain/endpoint.js';
import type { HealthStatus } from '../domain/health.js';
import type { ResourceView } from './resource.queries.js';

/** Where something of a name answers; of several values any. */
export interface DiscoveryQuestion {
  readonly name: string;
  /** The tenant asked for; its resources and the shared ones. */
  readonly tenant: string | null;
  readonly namespaces?: readonly string[] | undefined;
  readonly types?: readonly string[] | undefined;
  readonly environments?: readonly string[] | undefined;
  readonly selector?: Selector | undefined;
  readonly visibilities?: readonly Visibility[] | undefined;
  /** All, or only those that are well or that nobody checks. */
  readonly wanted: 'all' | 'healthy';
}

/** An endpoint that may be reached, with what it belongs to. */
export interface DiscoveredEndpoint {
  readonly resource: ResourceView;
  readonly endpoint: Endpoint;
  readonly health: HealthStatus;
}

/** What was found, and until when it holds by itself. */
export interface Discovered {
  readonly items: readonly DiscoveredEndpoint[];
  /** There are more resources of the name than are looked at. */
  readonly isTruncated: boolean;
  /** In how many milliseconds time alone may make it another one; null: never. */
  readonly holdsForMs: number | null;
}

/** What there is to reach at an instant. An abstract class, so that it is also its injection token. */
export abstract class DiscoveryQueries {
  abstract find(question: DiscoveryQuestion): Promise<Discovered>;
}
