import type { MemberView, UserTeamView } from '../application/member.queries.js';
import type { Belonging, Member } from '../domain/member.js';
import type {
  MemberResponse,
  TeamMemberResponse,
  UserMembershipResponse,
  UserTeamResponse,
} from './member.dto.js';

export const toTeamMember = ({ userId, role, since }: Member): TeamMemberResponse => ({
  user_id: userId,
  role,
  since: since.toISOString(),
});

export const toUserMembership = ({ teamId, role, since }: Belonging): UserMembershipResponse => ({
  team_id: teamId,
  role,
  since: since.toISOString(),
});

export const toMemberResponse = (member: MemberView): MemberResponse => ({
  user_id: member.userId,
  name: member.name,
  email: member.email,
  active: member.active,
  role: member.role,
  since: member.since.toISOString(),
  team_id: member.teamId,
});

export const toUserTeamResponse = (team: UserTeamView): UserTeamResponse => ({
  team_id: team.teamId,
  name: team.name,
  slug: team.slug,
  role: team.role,
  since: team.since.toISOString(),
  via_team_id: team.viaTeamId,
});
