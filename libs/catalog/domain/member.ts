import type { TeamId, UserId } from './identity.js';

export const MEMBER_ROLES = ['owner', 'maintainer', 'member'] as const;

/** What somebody is in a team; the strongest first. */
export type MemberRole = (typeof MEMBER_ROLES)[number];

/** Somebody in a team, as the team says it. */
export interface Member {
  readonly userId: UserId;
  readonly role: MemberRole;
  /** When the user joined; a change of the role leaves it. */
  readonly since: Date;
}

/** The same as the user says it. */
export interface Belonging {
  readonly teamId: TeamId;
  readonly role: MemberRole;
  readonly since: Date;
}

/** As many as a team has members at most, and as a user has teams. */
export const MEMBERSHIPS_MAX = 1_000;
