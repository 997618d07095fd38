import { Choice, Instant, listResponse, PageQuery, REASON, Text, Uuid, YesNo } from '#platform/http';
import { MEMBER_ROLES } from '../domain/member.js';

const ROLE = { description: 'What the user is in the team.', example: 'maintainer' } as const;
const SINCE = { description: 'When the user joined the team.' } as const;

/** A member, as its team shows it. */
export class TeamMemberResponse {
  @Uuid()
  readonly user_id!: string;

  @Choice(MEMBER_ROLES, ROLE)
  readonly role!: string;

  @Instant(SINCE)
  readonly since!: string;
}

/** A team, as its member shows it. */
export class UserMembershipResponse {
  @Uuid()
  readonly team_id!: string;

  @Choice(MEMBER_ROLES, ROLE)
  readonly role!: string;

  @Instant(SINCE)
  readonly since!: string;
}

export class PutMemberBody {
  @Choice(MEMBER_ROLES, {
    ...ROLE,
    description: 'What the user is to be in the team; absent: what it is already, `member` when it joins.',
    optional: true,
  })
  readonly role?: string;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class MemberListQuery extends PageQuery {
  @YesNo({
    optional: true,
    default: false,
    description: 'Also members of the teams below; each user once, with the strongest role.',
  })
  readonly transitive?: boolean;
}

export class UserTeamListQuery extends PageQuery {
  @YesNo({
    optional: true,
    default: false,
    description: 'Also the teams above; each once, with the strongest role of the user in it or below it.',
  })
  readonly transitive?: boolean;
}

export class MemberResponse {
  @Uuid()
  readonly user_id!: string;

  @Text({ example: 'Ada Lovelace' })
  readonly name!: string;

  @Text({ example: 'ada@example.com' })
  readonly email!: string;

  @YesNo()
  readonly active!: boolean;

  @Choice(MEMBER_ROLES, ROLE)
  readonly role!: string;

  @Instant(SINCE)
  readonly since!: string;

  @Uuid({ description: 'The team that the user is a member of: this one, or one below it.' })
  readonly team_id!: string;
}

export class MemberListResponse extends listResponse(() => MemberResponse) {}

export class UserTeamResponse {
  @Uuid()
  readonly team_id!: string;

  @Text({ example: 'Payments' })
  readonly name!: string;

  @Text({ example: 'payments' })
  readonly slug!: string;

  @Choice(MEMBER_ROLES, ROLE)
  readonly role!: string;

  @Instant(SINCE)
  readonly since!: string;

  @Uuid({ description: 'The team that the user is a member of: this one, or one below it.' })
  readonly via_team_id!: string;
}

export class UserTeamListResponse extends listResponse(() => UserTeamResponse) {}
