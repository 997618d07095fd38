import { Injectable } from '@nestjs/common';
import type { TeamId } from '../domain/identity.js';
import type { Team } from '../domain/team.js';
import type { TeamPossessions } from '../domain/team-errors.js';
import { TeamRepository } from '../domain/team.repository.js';
import { TeamTree } from '../domain/team-tree.js';
import { UserRepository } from '../domain/user.repository.js';
import { OwnedKinds } from './owned-things.js';
import { TeamChanges } from './team-changes.js';
import type { NamedTeam } from './team-changes.js';

const CHILDREN = 'teams';

/** What a team leaves behind in the catalog itself. */
@Injectable()
export class TeamEstate {
  constructor(
    private readonly teams: TeamRepository,
    private readonly users: UserRepository,
    private readonly changes: TeamChanges,
    private readonly tree: TeamTree,
    private readonly kinds: OwnedKinds,
  ) {}

  async countOf(id: TeamId): Promise<TeamPossessions> {
    const counts: Record<string, number> = { [CHILDREN]: (await this.teams.childrenOf(id)).length };
    for (const things of this.kinds.all) counts[things.kind] = await things.count(id);
    return counts;
  }

  /** @throws CatalogReferenceUnknown, TeamCycle, TeamTooDeep */
  async expectHeir(team: Team, heir: NamedTeam): Promise<void> {
    const { id, companyId } = team.snapshot;
    await this.changes.expectPlaceBelow(companyId, { id, height: 0 }, heir);
    for (const child of await this.teams.childrenOf(id)) {
      const height = await this.tree.heightOf(child.snapshot.id);
      await this.changes.expectPlaceBelow(companyId, { id: child.snapshot.id, height }, heir);
    }
  }

  async handOver(team: Team, heirId: TeamId, reason: string | null): Promise<void> {
    const { id } = team.snapshot;
    for (const child of await this.teams.childrenOf(id)) {
      child.revise({ parentId: heirId }, reason);
      await this.teams.save(child);
    }
    for (const things of this.kinds.all) await things.handOver(id, heirId, reason);
  }

  /** The users that leave have it in their history. */
  async dissolve(team: Team, reason: string | null): Promise<void> {
    const { id, members } = team.snapshot;
    for (const { userId } of members) {
      const user = await this.users.get(userId);
      user.leave(id, reason);
      await this.users.save(user);
    }
    team.delete(reason);
    await this.teams.save(team);
  }
}
