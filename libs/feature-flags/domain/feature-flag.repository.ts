import type { FeatureFlag, FlagContent } from './feature-flag.js';
import type { FlagId, FlagName } from './identity.js';

/** The flags of the caller. An abstract class, so that it is also its injection token. */
export abstract class FeatureFlagRepository {
  /**
   * The flag, kept for this unit of work: nobody else changes it meanwhile.
   * @throws FlagNotFound
   */
  abstract get(id: FlagId): Promise<FeatureFlag>;

  /** The tenant's own flag by its name, kept likewise; null when there is none. */
  abstract findByName(tenant: string | null, name: FlagName): Promise<FeatureFlag | null>;

  /**
   * What it was like in a version.
   * @throws VersionNotFound, also for the version that removed it
   */
  abstract contentAt(id: FlagId, version: number): Promise<FlagContent>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: FlagId): Promise<boolean>;

  /**
   * Stores the flag and its row in the change log: both, or neither. Nothing happened, nothing is stored.
   * @throws FlagNameTaken, IdConflict, StaleVersion
   */
  abstract save(flag: FeatureFlag): Promise<void>;
}
