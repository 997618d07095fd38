import type { Page, PageRequest, PastStateOf, PastVersion, Stamp } from '#shared-kernel';
import type { ConfigurationState, Scope } from '../domain/configuration-state.js';
import type { ConfigurationId } from '../domain/identity.js';

/** A configuration as it is shown. */
export interface ConfigurationView extends ConfigurationState {
  readonly stamp: Stamp;
  /** The instant of which is told whether it is effective. */
  readonly seenAt: Date;
}

/** Which configurations a list shows. */
export interface ConfigurationFilter {
  /** The tenant looked for; its configurations and the shared ones. */
  readonly tenant: string | null;
  /** Any of these. */
  readonly services?: readonly string[] | undefined;
  readonly environments?: readonly string[] | undefined;
  readonly isActive?: boolean | undefined;
  /** Active ones whose window has this instant. */
  readonly effectiveAt?: Date | undefined;
  /** Anywhere in service, name or description, whatever the case. */
  readonly q?: string | undefined;
}

/** Everything that is read of single configurations. An abstract class, so that it is also its injection token. */
export abstract class ConfigurationQueries {
  /** @throws ConfigurationNotFound */
  abstract get(id: ConfigurationId): Promise<ConfigurationView>;

  /**
   * The one that is effective now: the tenant's own before the shared one, and one with a window before the one without.
   * @throws ConfigurationNotFound
   */
  abstract effective(scope: Scope): Promise<ConfigurationView>;

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was gone */
  abstract asOf(id: ConfigurationId, at: Date): Promise<ConfigurationView>;

  /** @throws InvalidInput, InvalidCursor */
  abstract page(filter: ConfigurationFilter, request: PageRequest): Promise<Page<ConfigurationView>>;

  /** Newest first. @throws NoHistory, InvalidCursor */
  abstract versions(id: ConfigurationId, request: PageRequest): Promise<Page<PastVersion>>;

  /** @throws VersionNotFound */
  abstract version(id: ConfigurationId, version: number): Promise<PastStateOf<ConfigurationView>>;
}
