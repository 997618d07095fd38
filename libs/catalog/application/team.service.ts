import { Injectable } from '@nestjs/common';
import { IdConflict, onceMore, sameJson } from '#shared-kernel';
import type { TeamId } from '../domain/identity.js';
import { contentOf, Team } from '../domain/team.js';
import type { TeamContent, TeamRevision, TeamState } from '../domain/team.js';
import { TeamRepository } from '../domain/team.repository.js';
import { TeamTree } from '../domain/team-tree.js';
import { CompanyOf } from './company-of.js';
import type { AskedHome } from './company-of.js';
import { TeamChanges } from './team-changes.js';
import type { TeamAt } from './team-changes.js';

/** A team that is to be made. */
export interface NewTeam {
  readonly id: TeamId;
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly home: AskedHome;
  readonly content: TeamContent;
  readonly reason: string | null;
}

/** What became of a request to make a team. */
export interface StoredTeam {
  readonly state: TeamState;
  readonly outcome: 'created' | 'unchanged';
}

/** What is to change, decided on what is there. */
export type ReviseTeam = (current: TeamState) => TeamRevision;

/** Everything that changes a team, but for its members and its end. */
@Injectable()
export class TeamService {
  constructor(
    private readonly teams: TeamRepository,
    private readonly changes: TeamChanges,
    private readonly tree: TeamTree,
    private readonly companyOf: CompanyOf,
  ) {}

  /**
   * The same id with the same content again is no conflict: the stored team is the answer.
   * @throws InvalidInput, CatalogReferenceUnknown, TenantForbidden, TeamCycle, TeamTooDeep, TeamSlugTaken, IdConflict
   */
  create(request: NewTeam): Promise<StoredTeam> {
    return onceMore(request, (again) => this.#create(again));
  }

  #create({ id, idIsGiven, home, content, reason }: NewTeam): Promise<StoredTeam> {
    return this.changes.withHolder(async () => {
      const team = Team.create({ id, ...(await this.companyOf.of(home)) }, content, reason);
      if (idIsGiven && (await this.teams.isIdUsed(id))) return this.#repeat(team.snapshot);
      if (content.parentId !== null) await this.tree.hold(team.snapshot.companyId);
      await this.changes.store(team, null);
      return { state: team.snapshot, outcome: 'created' };
    });
  }

  /** @throws TeamNotFound, StaleVersion, InvalidInput, CatalogReferenceUnknown, TeamCycle, TeamTooDeep, TeamSlugTaken */
  revise(target: TeamAt, revise: ReviseTeam, reason: string | null): Promise<TeamState> {
    return this.#change(target, async (team) => team.revise(revise(team.snapshot), reason));
  }

  /** @throws TeamNotFound, StaleVersion, VersionNotFound, CatalogReferenceUnknown, TeamCycle, TeamTooDeep, TeamSlugTaken */
  rollBack(target: TeamAt, version: number, reason: string | null): Promise<TeamState> {
    return this.#change(target, async (team) => {
      team.revertTo(await this.teams.contentAt(target.id, version), version, reason);
    });
  }

  #change(target: TeamAt, act: (team: Team) => Promise<void>): Promise<TeamState> {
    return this.changes.change(target, async (team) => {
      const before = team.snapshot;
      await act(team);
      await this.changes.store(team, before);
      return team.snapshot;
    });
  }

  /** @throws IdConflict */
  async #repeat(wanted: TeamState): Promise<StoredTeam> {
    const stored = await this.teams.find(wanted.id);
    const isSame = stored?.companyId === wanted.companyId && sameJson(contentOf(stored), contentOf(wanted));
    if (!stored || !isSame) throw new IdConflict();
    return { state: stored, outcome: 'unchanged' };
  }
}
