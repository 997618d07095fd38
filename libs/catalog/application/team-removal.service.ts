import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#shared-kernel';
import type { TeamId } from '../domain/identity.js';
import { TeamInUse } from '../domain/team-errors.js';
import { TeamChanges } from './team-changes.js';
import type { NamedTeam, TeamAt } from './team-changes.js';
import { TeamEstate } from './team-estate.js';
import { TeamHoldings } from './team-holdings.js';

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
