import type { Page, PageRequest, PastStateOf, PastVersion, Selector, Stamp } from '#shared-kernel';
import type { EndpointHealth, HealthStatus } from '../domain/health.js';
import type { ResourceId } from '../domain/identity.js';
import type { ResourceContent, ResourceOrigin } from '../domain/resource.js';

/** What was seen of a resource, up to an instant. */
export interface ResourceObserved {
  /** The instant. */
  readonly at: Date;
  /** When it was last heard of; null: never. */
  readonly lastSeenAt: Date | null;
  /** The newest check of each endpoint that has one, by its name. */
  readonly checks: ReadonlyMap<string, EndpointHealth>;
}

/** A resource as it is shown. */
export interface ResourceView extends ResourceContent, ResourceOrigin {
  readonly id: string;
  readonly tenant: string | null;
  readonly version: number;
  readonly companyId: string;
  readonly stamp: Stamp;
  /** Null where it is shown as it was in the past, of which only what was said is known. */
  readonly observed: ResourceObserved | null;
}

/** Which resources a list shows: what is given holds, of several values any. */
export interface ResourceFilter {
  /** The tenant looked for; its resources and the shared ones. */
  readonly tenant: string | null;
  readonly companyIds?: readonly string[] | undefined;
  readonly namespaces?: readonly string[] | undefined;
  readonly names?: readonly string[] | undefined;
  readonly types?: readonly string[] | undefined;
  readonly environments?: readonly string[] | undefined;
  readonly lifecycleStatuses?: readonly string[] | undefined;
  readonly sources?: readonly string[] | undefined;
  readonly owners?: OwnersFilter | undefined;
  readonly ownerless?: boolean | undefined;
  readonly orphan?: boolean | undefined;
  readonly stale?: boolean | undefined;
  readonly health?: readonly HealthStatus[] | undefined;
  readonly selector?: Selector | undefined;
  /** Anywhere in name or description, whatever the case. */
  readonly q?: string | undefined;
  /** Changed at this instant or later. */
  readonly updatedSince?: Date | undefined;
}

/** Whose resources: of the teams themselves, or of those below them, too. */
export interface OwnersFilter {
  readonly teamIds: readonly string[];
  readonly reach: 'own' | 'transitive';
}

/** Everything that is read of resources. An abstract class, so that it is also its injection token. */
export abstract class ResourceQueries {
  /** @throws ResourceNotFound */
  abstract get(id: ResourceId): Promise<ResourceView>;

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was gone */
  abstract asOf(id: ResourceId, at: Date): Promise<ResourceView>;

  /** @throws InvalidInput, InvalidCursor */
  abstract page(filter: ResourceFilter, request: PageRequest): Promise<Page<ResourceView>>;

  /** Newest first. @throws NoHistory, InvalidCursor */
  abstract versions(id: ResourceId, request: PageRequest): Promise<Page<PastVersion>>;

  /** @throws VersionNotFound */
  abstract version(id: ResourceId, version: number): Promise<PastStateOf<ResourceView>>;
}
