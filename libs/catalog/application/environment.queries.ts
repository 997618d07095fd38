import type { Page, PageRequest, PastStateOf, PastVersion, Stamp } from '#shared-kernel';
import type { EnvironmentState } from '../domain/environment.js';
import type { EnvironmentId } from '../domain/identity.js';

/** An environment as it is shown. */
export interface EnvironmentView extends Omit<EnvironmentState, 'stamp'> {
  readonly stamp: Stamp;
}

/** Which environments a list shows. */
export interface EnvironmentFilter {
  /** The tenant looked for; its environments and the shared ones. */
  readonly tenant: string | null;
  /** Any of these, as in the filters below. */
  readonly keys?: readonly string[] | undefined;
  readonly tiers?: readonly string[] | undefined;
  readonly companyIds?: readonly string[] | undefined;
  readonly ownerTeamIds?: readonly string[] | undefined;
  /** By labels, in the grammar of selectors. */
  readonly selector?: string | undefined;
  /** Anywhere in key or name, whatever the case. */
  readonly q?: string | undefined;
  /** Changed at this instant or later. */
  readonly updatedSince?: Date | undefined;
}

/** Everything that is read of environments. An abstract class, so that it is also its injection token. */
export abstract class EnvironmentQueries {
  /** @throws EnvironmentNotFound */
  abstract get(id: EnvironmentId): Promise<EnvironmentView>;

  /** The tenant's own environment of this key, else the shared one. @throws EnvironmentNotFound */
  abstract byKey(tenant: string | null, key: string): Promise<EnvironmentView>;

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was gone */
  abstract asOf(id: EnvironmentId, at: Date): Promise<EnvironmentView>;

  /** @throws InvalidInput, InvalidCursor */
  abstract page(filter: EnvironmentFilter, request: PageRequest): Promise<Page<EnvironmentView>>;

  /** Newest first. @throws NoHistory, InvalidCursor */
  abstract versions(id: EnvironmentId, request: PageRequest): Promise<Page<PastVersion>>;

  /** @throws VersionNotFound */
  abstract version(id: EnvironmentId, version: number): Promise<PastStateOf<EnvironmentView>>;
}
