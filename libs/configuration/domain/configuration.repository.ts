import type { Configuration } from './configuration.js';
import type { ConfigurationContent, Scope } from './configuration-state.js';
import type { ConfigurationId } from './identity.js';

/** When a configuration is effective; null is without end on that side. */
export interface Window {
  readonly effectiveFrom: Date | null;
  readonly effectiveUntil: Date | null;
}

/** The configurations of the caller. An abstract class, so that it is also its injection token. */
export abstract class ConfigurationRepository {
  /** Of what document and whose it is, without keeping it; never changes. @throws ConfigurationNotFound */
  abstract scopeOf(id: ConfigurationId): Promise<Scope>;

  /**
   * The configuration, kept for this unit of work: nobody else changes it meanwhile.
   * @throws ConfigurationNotFound, TenantForbidden for one that the caller sees and that belongs to all
   */
  abstract get(id: ConfigurationId): Promise<Configuration>;

  /** The active one without a window, kept likewise; null when there is none. */
  abstract findPermanent(scope: Scope): Promise<Configuration | null>;

  /** The id of an active one of this scope, other than `except`, that has some of this window; null when there is none. */
  abstract findOverlapping(
    scope: Scope,
    window: Window,
    except: ConfigurationId,
  ): Promise<ConfigurationId | null>;

  /**
   * What it was like in a version.
   * @throws VersionNotFound, also for the version that removed it
   */
  abstract contentAt(id: ConfigurationId, version: number): Promise<ConfigurationContent>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: ConfigurationId): Promise<boolean>;

  /**
   * Stores the configuration and its row in the change log: both, or neither. Nothing happened, nothing is stored.
   * @throws OverlappingWindow, IdConflict, StaleVersion
   */
  abstract save(configuration: Configuration): Promise<void>;
}
