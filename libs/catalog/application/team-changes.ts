import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#shared-kernel';
import type { ExpectedVersion } from '#shared-kernel';
import { CatalogReferenceUnknown } from '../domain/errors.js';
import type { CompanyId, TeamId } from '../domain/identity.js';
import type { Team, TeamState } from '../domain/team.js';
import { TeamSlugTaken } from '../domain/team-errors.js';
import { TeamRepository } from '../domain/team.repository.js';
import { expectPlace, TeamTree } from '../domain/team-tree.js';
import type { Subtree } from '../domain/team-tree.js';
import { slug } from '../domain/identity.js';

/** Which team to change, and the version the caller looked at when deciding to (null: any). */
export interface TeamAt {
  readonly id: TeamId;
  readonly ifVersion: ExpectedVersion;
}

/** A team that is named by its id, and where. */
export interface NamedTeam {
  readonly id: TeamId;
  /** JSON Pointer, as in `Violation`. */
  readonly pointer: string;
}

/** The one way in which teams come to be changed: one after another in a company, so that the tree stays a tree. */
@Injectable()
export class TeamChanges {
  constructor(
    private readonly teams: TeamRepository,
    private readonly tree: TeamTree,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** @throws TeamNotFound, StaleVersion, and what `act` throws */
  change<T>(target: TeamAt, act: (team: Team) => Promise<T>): Promise<T> {
    return this.withHolder(async () => {
      await this.tree.hold(await this.teams.companyOf(target.id));
      const team = await this.teams.get(target.id);
      team.expectVersion(target.ifVersion);
      return act(team);
    });
  }

  /** @throws CatalogReferenceUnknown, TeamCycle, TeamTooDeep, TeamSlugTaken, IdConflict */
  async store(team: Team, before: TeamState | null): Promise<void> {
    const { id, companyId, parentId } = team.snapshot;
    if (parentId !== null && parentId !== before?.parentId) {
      const height = before ? await this.tree.heightOf(id) : 1;
      await this.expectPlaceBelow(companyId, { id, height }, { id: parentId, pointer: '/parent_team_id' });
    }
    await this.teams.save(team);
  }

  /** @throws CatalogReferenceUnknown, TeamCycle, TeamTooDeep */
  async expectPlaceBelow(companyId: CompanyId, subtree: Subtree, upper: NamedTeam): Promise<void> {
    await this.expectOfCompany(companyId, upper);
    expectPlace(subtree, await this.tree.pathOf(upper.id), upper.pointer);
  }

  /** A team of another company is as unknown as one that never was. @throws CatalogReferenceUnknown */
  async expectOfCompany(companyId: CompanyId, { id, pointer }: NamedTeam): Promise<void> {
    const state = await this.teams.find(id);
    if (state?.companyId === companyId) return;
    const detail = 'There is no such team in this company.';
    throw new CatalogReferenceUnknown([{ pointer, code: 'catalog_reference_unknown', detail }]);
  }

  /** When the slug is taken, the refusal tells by whom. */
  async withHolder<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.unitOfWork.attempt(work);
    } catch (error) {
      if (!(error instanceof TeamSlugTaken)) throw error;
      const { companyId } = error;
      const taken = slug(error.slug, '/slug');
      const holder = await this.unitOfWork.run(() => this.teams.findBySlug(companyId, taken));
      throw new TeamSlugTaken(companyId, taken, holder);
    }
  }
}
