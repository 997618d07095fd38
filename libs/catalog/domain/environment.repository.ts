import type { Environment, EnvironmentContent } from './environment.js';
import type { EnvironmentId, Slug, TeamId } from './identity.js';

/** The environments of the caller. An abstract class, so that it is also its injection token. */
export abstract class EnvironmentRepository {
  /**
   * The environment, kept for this unit of work: nobody else changes it meanwhile.
   * @throws EnvironmentNotFound
   */
  abstract get(id: EnvironmentId): Promise<Environment>;

  /** The tenant's own environment of this key, kept likewise; null when there is none. */
  abstract findByKey(tenant: string | null, key: Slug): Promise<Environment | null>;

  /** What a team owns, kept likewise, in the order of ids. */
  abstract ownedBy(team: TeamId): Promise<readonly Environment[]>;

  abstract countOwnedBy(team: TeamId): Promise<number>;

  /**
   * What it was like in a version.
   * @throws VersionNotFound, also for the version that removed it
   */
  abstract contentAt(id: EnvironmentId, version: number): Promise<EnvironmentContent>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: EnvironmentId): Promise<boolean>;

  /** How many resources stand in it: in a shared one those of every tenant that has none of this key itself. */
  abstract resourcesIn(environment: { readonly tenant: string | null; readonly key: Slug }): Promise<number>;

  /**
   * Stores the environment and its row in the change log: both, or neither. Nothing happened, nothing is stored.
   * @throws EnvironmentKeyTaken, CatalogReferenceUnknown, IdConflict, StaleVersion
   */
  abstract save(environment: Environment): Promise<void>;
}
