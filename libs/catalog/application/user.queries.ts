import type { Page, PageRequest, PastStateOf, PastVersion, Selector, Stamp } from '#shared-kernel';
import type { CompanyId, TeamId, UserId } from '../domain/identity.js';
import type { UserState } from '../domain/user.js';

/** A user as it is shown. */
export interface UserView extends Omit<UserState, 'stamp'> {
  readonly stamp: Stamp;
}

/** Which users a list shows. */
export interface UserFilter {
  /** The tenant looked for; its users and the shared ones. */
  readonly tenant: string | null;
  readonly companyIds?: readonly CompanyId[] | undefined;
  /** Any of these, whatever the case. */
  readonly emails?: readonly string[] | undefined;
  readonly active?: boolean | undefined;
  /** Members of any of these. */
  readonly teamIds?: readonly TeamId[] | undefined;
  readonly selector?: Selector | undefined;
  /** Anywhere in name or address, whatever the case. */
  readonly q?: string | undefined;
  /** Changed at this instant or later. */
  readonly updatedSince?: Date | undefined;
}

/** Everything that is read of users. An abstract class, so that it is also its injection token. */
export abstract class UserQueries {
  /** @throws UserNotFound */
  abstract get(id: UserId): Promise<UserView>;

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was gone */
  abstract asOf(id: UserId, at: Date): Promise<UserView>;

  /** @throws InvalidInput, InvalidCursor */
  abstract page(filter: UserFilter, request: PageRequest): Promise<Page<UserView>>;

  /** Newest first. @throws NoHistory, InvalidCursor */
  abstract versions(id: UserId, request: PageRequest): Promise<Page<PastVersion>>;

  /** @throws VersionNotFound */
  abstract version(id: UserId, version: number): Promise<PastStateOf<UserView>>;
}
