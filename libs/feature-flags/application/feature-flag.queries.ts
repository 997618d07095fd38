import type { Page, PageRequest, PastStateOf, PastVersion, Stamp } from '#shared-kernel';
import type { FlagContent } from '../domain/feature-flag.js';
import type { FlagId } from '../domain/identity.js';
import type { FlagKind } from '../domain/profile.js';

/** A flag as it is shown. */
export interface FlagView extends FlagContent {
  readonly id: string;
  readonly tenant: string | null;
  readonly version: number;
  readonly name: string;
  readonly archivedAt: Date | null;
  readonly stamp: Stamp;
}

/** Which flags a list shows. Several values of one filter: any of them. */
export interface FlagFilter {
  /** The tenant looked for; its flags and the shared ones. */
  readonly tenant: string | null;
  readonly isEnabled?: boolean | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly kinds?: readonly FlagKind[] | undefined;
  readonly isArchived: boolean;
  /** Living on beyond what flags of its kind are for: see the README. */
  readonly isStale?: boolean | undefined;
  /** Anywhere in name or description, whatever the case. */
  readonly q?: string | undefined;
}

/** Everything that is read of flags. An abstract class, so that it is also its injection token. */
export abstract class FeatureFlagQueries {
  /** @throws FlagNotFound */
  abstract get(id: FlagId): Promise<FlagView>;

  /** The tenant's own flag of this name, else the shared one. @throws FlagNotFound */
  abstract byName(tenant: string | null, name: string): Promise<FlagView>;

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was gone */
  abstract asOf(id: FlagId, at: Date): Promise<FlagView>;

  /** @throws InvalidInput, InvalidCursor */
  abstract page(filter: FlagFilter, request: PageRequest): Promise<Page<FlagView>>;

  /** Newest first. @throws NoHistory, InvalidCursor */
  abstract versions(id: FlagId, request: PageRequest): Promise<Page<PastVersion>>;

  /** @throws VersionNotFound */
  abstract version(id: FlagId, version: number): Promise<PastStateOf<FlagView>>;
}
