import type { Page, PageRequest } from '#shared-kernel';
import type { TeamId, UserId } from '../domain/identity.js';
import type { MemberRole } from '../domain/member.js';

/** Somebody in a team, with a name. */
export interface MemberView {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly active: boolean;
  readonly role: MemberRole;
  readonly since: Date;
  /** The team that says so: the one asked about, or one below it. */
  readonly teamId: string;
}

/** A team of a user. */
export interface UserTeamView {
  readonly teamId: string;
  readonly name: string;
  readonly slug: string;
  readonly role: MemberRole;
  readonly since: Date;
  /** The team that says so: this one, or one below it. */
  readonly viaTeamId: string;
}

/** How far a look goes: into the team alone, or along the tree as well. */
export type Reach = 'direct' | 'transitive';

/** Who is in which team. An abstract class, so that it is also its injection token. */
export abstract class MemberQueries {
  /**
   * Transitive: also of the teams below; each user once, with the strongest role, and of several such in the nearest team.
   * @throws TeamNotFound, InvalidInput, InvalidCursor
   */
  abstract membersOf(id: TeamId, reach: Reach, request: PageRequest): Promise<Page<MemberView>>;

  /** @throws TeamNotFound, MembershipNotFound */
  abstract member(id: TeamId, userId: UserId): Promise<MemberView>;

  /**
   * Transitive: also the teams above; each once, with the strongest role of the user in it or below it.
   * @throws UserNotFound, InvalidInput, InvalidCursor
   */
  abstract teamsOf(id: UserId, reach: Reach, request: PageRequest): Promise<Page<UserTeamView>>;
}
