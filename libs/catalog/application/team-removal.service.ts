import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#shared-kernel';
import type { TeamId } from '../domain/identity.js';
import type { Team } from '../domain/team.js';
import { TeamInUse } from '../domain/team-errors.js';
import type { TeamPossessions } from '../domain/team-errors.js';
import { TeamRepository } from '../domain/team.repository.js';
import { TeamTree } from '../domain/team-tree.js';
import { UserRepository } from '../domain/user.repository.js';
import { OwnedKinds } from './owned-things.js';
import { TeamChanges } from './team-changes.js';
import type { NamedTeam, TeamAt } from './team-changes.js';
import { TeamHoldings } from './team-holdings.js';

const CHILDREN = 'teams';

/** How a team ends. */
@Injectable()
export class TeamRemovalService {
  constructor(
    private readonly changes: TeamChanges,
    private readonly estate: TeamEstate,
    private readonly holdings: TeamHoldings,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Its members leave it. @throws TeamNotFound, StaleVersion, TeamInUse as long as it owns anything */
  async delete(target: TeamAt, reason: string | null): Promise<void> {
    await this.#counted(target.id, () =>
      this.changes.change(target, async (team) => {
        await this.#expectNothingOwned(target.id);
        await this.estate.dissolve(team, reason);
      }),
    );
  }

  /**
   * The same, and everything that it owns goes over to an heir: the teams below it go below the heir. What lies in other
   * contexts goes over first, each in a transaction of its own; done again, nothing of that happens twice.
   * @throws TeamNotFound, StaleVersion, CatalogReferenceUnknown, TeamCycle, TeamTooDeep, TeamInUse where something came
   * meanwhile
   */
  async deleteInFavourOf(target: TeamAt, heir: NamedTeam, reason: string | null): Promise<void> {
    await this.changes.change(target, (team) => this.estate.expectHeir(team, heir));
    for (const holding of this.holdings.all) await holding.handOver(target.id, heir.id, reason);
    await this.#counted(target.id, () =>
      this.changes.change(target, async (team) => {
        await this.estate.expectHeir(team, heir);
        await this.estate.handOver(team, heir.id, reason);
        await this.#expectNothingOwned(target.id);
        await this.estate.dissolve(team, reason);
      }),
    );
  }

  /** What came while it was counted is refused by the database, which cannot count any more then. */
  async #counted(id: TeamId, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof TeamInUse)) throw error;
      await this.unitOfWork.run(() => this.#expectNothingOwned(id));
      throw error;
    }
  }

  async #expectNothingOwned(id: TeamId): Promise<void> {
    const possessions: Record<string, number> = { ...(await this.estate.countOf(id)) };
    for (const holding of this.holdings.all) possessions[holding.kind] = await holding.count(id);
    if (Object.values(possessions).some((count) => count > 0)) throw new TeamInUse(possessions);
  }
}

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
