import type { CompanyId, ResourceId, TeamId } from './identity.js';
import type { Resource, ResourceContent, ResourceIdentity } from './resource.js';

/** The resources of the caller. An abstract class, so that it is also its injection token. */
export abstract class ResourceRepository {
  /**
   * The resource, kept for this unit of work: nobody else changes it meanwhile.
   * @throws ResourceNotFound, TenantForbidden
   */
  abstract get(id: ResourceId): Promise<Resource>;

  /** By what the company knows it, kept likewise; null when there is none. */
  abstract findByIdentity(companyId: CompanyId, identity: ResourceIdentity): Promise<Resource | null>;

  /** All that an import has spoken for in the tenant, kept likewise, in the order of ids. */
  abstract ofSource(tenant: string | null, source: string): Promise<Resource[]>;

  abstract countOfTeam(teamId: TeamId): Promise<number>;

  /** All that a team owns, kept likewise, in the order of ids. */
  abstract ofTeam(teamId: TeamId): Promise<Resource[]>;

  /**
   * What it was like in a version.
   * @throws VersionNotFound, also for the version that removed it
   */
  abstract contentAt(id: ResourceId, version: number): Promise<ResourceContent>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: ResourceId): Promise<boolean>;

  /**
   * Stores the resource and its row in the change log: both, or neither. Nothing happened, nothing is stored. The health
   * of endpoints that it has no more goes with them.
   * @throws ResourceTaken, IdConflict, StaleVersion, CatalogReferenceUnknown where its owner or company went meanwhile
   */
  abstract save(resource: Resource): Promise<void>;
}
