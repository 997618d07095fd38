import type { Selector } from '#shared-kernel';
import type { Visibility } from '../domain/endpoint.js';
import type { Discovered } from './discovered.js';

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

/** What there is to reach at an instant. An abstract class, so that it is also its injection token. */
export abstract class DiscoveryQueries {
  abstract find(question: DiscoveryQuestion): Promise<Discovered>;
}
