import type { CompanyId, Slug, TeamId } from './identity.js';
import type { Team, TeamContent, TeamState } from './team.js';

/** The teams of the caller. An abstract class, so that it is also its injection token. */
export abstract class TeamRepository {
  /** The company of a team, looked up without keeping the team. @throws TeamNotFound */
  abstract companyOf(id: TeamId): Promise<CompanyId>;

  /**
   * The team, kept for this unit of work: nobody else changes it meanwhile.
   * @throws TeamNotFound, TenantForbidden
   */
  abstract get(id: TeamId): Promise<Team>;

  /** Without keeping it; null when there is none. */
  abstract find(id: TeamId): Promise<TeamState | null>;

  /** Which team of the company has this slug; null when none does. */
  abstract findBySlug(companyId: CompanyId, slug: Slug): Promise<TeamId | null>;

  /** The teams right below this one, kept likewise, in the order of their ids. */
  abstract childrenOf(id: TeamId): Promise<readonly Team[]>;

  /**
   * What it was like in a version.
   * @throws VersionNotFound, also for the version that removed it
   */
  abstract contentAt(id: TeamId, version: number): Promise<TeamContent>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: TeamId): Promise<boolean>;

  /**
   * Stores the team and its row in the change log: both, or neither. Nothing happened, nothing is stored.
   * @throws TeamSlugTaken, TeamInUse where something still belongs to a team that is to go, CatalogReferenceUnknown for a
   * company that is gone, IdConflict, StaleVersion
   */
  abstract save(team: Team): Promise<void>;
}
