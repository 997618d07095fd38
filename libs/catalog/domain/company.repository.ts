import type { Company, CompanyContent } from './company.js';
import type { CompanyBelongings } from './company-errors.js';
import type { CompanyId } from './identity.js';

/** The companies of the caller. An abstract class, so that it is also its injection token. */
export abstract class CompanyRepository {
  /**
   * The company, kept for this unit of work: nobody else changes it meanwhile.
   * @throws CompanyNotFound
   */
  abstract get(id: CompanyId): Promise<Company>;

  /** The tenant's own company of this name, kept likewise; null when there is none. */
  abstract findByName(tenant: string | null, name: string): Promise<Company | null>;

  /**
   * What it was like in a version.
   * @throws VersionNotFound, also for the version that removed it
   */
  abstract contentAt(id: CompanyId, version: number): Promise<CompanyContent>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: CompanyId): Promise<boolean>;

  /** How much belongs to it; of one that is kept for this unit of work nothing more comes. */
  abstract belongingsOf(id: CompanyId): Promise<CompanyBelongings>;

  /**
   * Stores the company and its row in the change log: both, or neither. Nothing happened, nothing is stored.
   * @throws CompanyNameTaken, IdConflict, StaleVersion
   */
  abstract save(company: Company): Promise<void>;
}
