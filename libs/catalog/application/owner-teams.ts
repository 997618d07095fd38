import type { CompanyId, TeamId } from '../domain/identity.js';

/** For whatever has an owner. An abstract class, so that it is also its injection token. */
export abstract class OwnerTeams {
  /**
   * The team is there, and of this company; what belongs to no company has no owner.
   * @throws CatalogReferenceUnknown at /owner_team_id
   */
  abstract expectOf(company: CompanyId | null, team: TeamId): Promise<void>;
}
