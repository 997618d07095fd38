import type { CompanyId, UserId } from './identity.js';
import type { User, UserContent, UserState } from './user.js';

/** The users of the caller. An abstract class, so that it is also its injection token. */
export abstract class UserRepository {
  /** The company of a user, looked up without keeping the user. @throws UserNotFound */
  abstract companyOf(id: UserId): Promise<CompanyId>;

  /**
   * The user, kept for this unit of work: nobody else changes it meanwhile.
   * @throws UserNotFound, TenantForbidden
   */
  abstract get(id: UserId): Promise<User>;

  /** The user of this company, kept likewise; null when there is none. */
  abstract findIn(companyId: CompanyId, id: UserId): Promise<User | null>;

  /** Without keeping it; null when there is none. */
  abstract find(id: UserId): Promise<UserState | null>;

  /** Who has this address in the company, whatever the case; null when nobody does. */
  abstract findByEmail(companyId: CompanyId, email: string): Promise<UserId | null>;

  /**
   * What it was like in a version.
   * @throws VersionNotFound, also for the version that removed it
   */
  abstract contentAt(id: UserId, version: number): Promise<UserContent>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: UserId): Promise<boolean>;

  /**
   * Stores the user and its row in the change log: both, or neither. Nothing happened, nothing is stored.
   * @throws UserEmailTaken, CatalogReferenceUnknown for a company that is gone, IdConflict, StaleVersion
   */
  abstract save(user: User): Promise<void>;
}
