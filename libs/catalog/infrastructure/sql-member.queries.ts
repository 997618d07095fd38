import { Injectable } from '@nestjs/common';
import type { Page, PageRequest } from '#shared-kernel';
import { tenantColumn } from '#platform/context';
import { Conditions, Database, KeysetLists } from '#platform/database';
import type { ListDefinition } from '#platform/database';
import { MemberQueries } from '../application/member.queries.js';
import type { MemberView, Reach, UserTeamView } from '../application/member.queries.js';
import { TeamQueries } from '../application/team.queries.js';
import { UserQueries } from '../application/user.queries.js';
import type { TeamId, UserId } from '../domain/identity.js';
import { MEMBER_ROLES } from '../domain/member.js';
import { MembershipNotFound } from '../domain/member-errors.js';

/** The strongest first. */
const RANK = `array_position(array[${MEMBER_ROLES.map((role) => `'${role}'`).join(', ')}], m.role)`;

const MEMBER = 'm.user_id as id, m.team_id, m.role, m.since, p.name, p.email, p.email_key, p.active';

/**
 * Who is in a team (`reached`), and, along the tree, who is in those below it. What is the same in each row of a team
 * stands in DISTINCT ON, so that PostgreSQL starts with the team that is looked for.
 */
const MEMBERS: Readonly<Record<Reach, string>> = {
  direct: `(select m.tenant, m.team_id as reached, ${MEMBER}
    from catalog.membership m join catalog.person p on p.id = m.user_id)`,
  transitive: `(select distinct on (r.tenant, r.id, m.user_id) r.tenant, r.id as reached, ${MEMBER}
    from catalog.team r
    cross join lateral unnest(catalog.teams_below(r.id)) with ordinality as b (id, place)
    join catalog.membership m on m.team_id = b.id
    join catalog.person p on p.id = m.user_id
    order by r.tenant, r.id, m.user_id, ${RANK}, b.place)`,
};

/** The teams that a user is in (`reaching`), and, along the tree, those above them. */
const TEAMS: Readonly<Record<Reach, string>> = {
  direct: `(select m.tenant, m.user_id as reaching, t.id, t.name, t.slug, m.role, m.since, m.team_id as via
    from catalog.membership m join catalog.team t on t.id = m.team_id)`,
  transitive: `(select distinct on (m.tenant, m.user_id, t.id)
      m.tenant, m.user_id as reaching, t.id, t.name, t.slug, m.role, m.since, m.team_id as via
    from catalog.membership m
    cross join lateral unnest(catalog.teams_above(m.team_id)) with ordinality as a (id, place)
    join catalog.team t on t.id = a.id
    order by m.tenant, m.user_id, t.id, ${RANK}, a.place, m.team_id)`,
};

const listOfMembers = (reach: Reach): ListDefinition => ({
  name: `catalog-members-${reach}`,
  table: MEMBERS[reach],
  columns: 't.id, t.team_id, t.role, t.since, t.name, t.email, t.email_key, t.active',
  sorts: {
    name: { column: 'name', type: 'text' },
    email: { column: 'email_key', type: 'text' },
    since: { column: 'since', type: 'timestamptz' },
  },
  defaultSort: 'name',
});

const listOfTeams = (reach: Reach): ListDefinition => ({
  name: `catalog-user-teams-${reach}`,
  table: TEAMS[reach],
  columns: 't.id, t.name, t.slug, t.role, t.since, t.via',
  sorts: {
    name: { column: 'name', type: 'text' },
    slug: { column: 'slug', type: 'text' },
    since: { column: 'since', type: 'timestamptz' },
  },
  defaultSort: 'name',
});

interface MemberRecord extends Pick<MemberView, 'role' | 'since' | 'name' | 'email' | 'active'> {
  readonly id: string;
  readonly team_id: string;
}

interface UserTeamRecord extends Pick<UserTeamView, 'role' | 'since' | 'name' | 'slug'> {
  readonly id: string;
  readonly via: string;
}

@Injectable()
export class SqlMemberQueries extends MemberQueries {
  constructor(
    private readonly database: Database,
    private readonly lists: KeysetLists,
    private readonly teams: TeamQueries,
    private readonly users: UserQueries,
  ) {
    super();
  }

  override async membersOf(id: TeamId, reach: Reach, request: PageRequest): Promise<Page<MemberView>> {
    const { tenant } = await this.teams.get(id);
    const where = new Conditions().and('t.reached = ?', id);
    const tenants = [tenantColumn(tenant)];
    const page = await this.lists.page<MemberRecord>(listOfMembers(reach), { ...request, tenants, where });
    return { ...page, items: page.items.map(toMemberView) };
  }

  override async member(id: TeamId, userId: UserId): Promise<MemberView> {
    const [record] = await this.database.read<MemberRecord>({
      name: 'member_get',
      text: `select ${MEMBER} from catalog.membership m join catalog.person p on p.id = m.user_id
             where m.team_id = $1 and m.user_id = $2`,
      values: [id, userId],
    });
    if (record) return toMemberView(record);
    await this.teams.get(id);
    throw new MembershipNotFound();
  }

  override async teamsOf(id: UserId, reach: Reach, request: PageRequest): Promise<Page<UserTeamView>> {
    const { tenant } = await this.users.get(id);
    const where = new Conditions().and('t.reaching = ?', id);
    const tenants = [tenantColumn(tenant)];
    const page = await this.lists.page<UserTeamRecord>(listOfTeams(reach), { ...request, tenants, where });
    return { ...page, items: page.items.map(toUserTeamView) };
  }
}

const toMemberView = ({ id, team_id, role, since, name, email, active }: MemberRecord): MemberView => ({
  userId: id,
  name,
  email,
  active,
  role,
  since,
  teamId: team_id,
});

const toUserTeamView = ({ id, name, slug, role, since, via }: UserTeamRecord): UserTeamView => ({
  teamId: id,
  name,
  slug,
  role,
  since,
  viaTeamId: via,
});
