import { Injectable } from '@nestjs/common';
import { HistoryQueries, VersionNotFound, VersionedStore } from '#platform/change-log';
import { Database, isForeignKeyViolation, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import { companyUnknown } from '../domain/errors.js';
import type { CompanyId, Slug, TeamId } from '../domain/identity.js';
import { Team } from '../domain/team.js';
import type { TeamContent, TeamState } from '../domain/team.js';
import { TeamInUse, TeamNotFound, TeamSlugTaken } from '../domain/team-errors.js';
import { TeamRepository } from '../domain/team.repository.js';
import { TEAM_MAPPING, TEAM_TYPE, TeamTable, toTeamContent, toTeamState } from './team.table.js';
import type { TeamRecord, TeamRow } from './team.table.js';

/** What refers to a team, so that it does not go. */
const BELONGS = ['team_parent', 'environment_owner', 'resource_owner'];

@Injectable()
export class TypeOrmTeamRepository extends TeamRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly history: HistoryQueries,
  ) {
    super();
  }

  override async companyOf(id: TeamId): Promise<CompanyId> {
    const [row] = await this.database.read<{ company_id: string }>({
      name: 'company_of_team',
      text: 'select company_id from catalog.team where id = $1',
      values: [id],
    });
    if (!row) throw new TeamNotFound();
    return row.company_id as CompanyId;
  }

  override async get(id: TeamId): Promise<Team> {
    const row = await this.store.lock(TeamTable, { id });
    if (!row) throw new TeamNotFound();
    return this.#restore(row);
  }

  override async find(id: TeamId): Promise<TeamState | null> {
    const row = await this.database.manager.findOne(TeamTable, { where: { id } });
    return row && toTeamState(row);
  }

  override async findBySlug(companyId: CompanyId, slug: Slug): Promise<TeamId | null> {
    const [row] = await this.database.read<{ id: string }>({
      name: 'team_by_slug',
      text: 'select id from catalog.team where company_id = $1 and slug = $2',
      values: [companyId, slug],
    });
    return (row?.id ?? null) as TeamId | null;
  }

  override async childrenOf(id: TeamId): Promise<readonly Team[]> {
    const rows = await this.database.manager.find(TeamTable, {
      where: { parentTeamId: id },
      order: { id: 'asc' },
      lock: { mode: 'pessimistic_write' },
    });
    return rows.map((row) => this.#restore(row));
  }

  override async contentAt(id: TeamId, version: number): Promise<TeamContent> {
    const { row } = await this.history.version({ aggregateType: TEAM_TYPE, id }, version);
    if (!row) throw new VersionNotFound(version); // That version took it away: there is nothing to go back to.
    return toTeamContent(row as unknown as TeamRecord);
  }

  override isIdUsed(id: TeamId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  override async save(team: Team): Promise<void> {
    const { companyId, slug } = team.snapshot;
    const isGoing = team.change?.removes === true;
    try {
      await this.store.save(team, TEAM_MAPPING);
    } catch (error) {
      if (isUniqueViolation(error, 'team_slug')) throw new TeamSlugTaken(companyId, slug, null);
      if (isUniqueViolation(error, 'team_pkey')) throw new IdConflict();
      if (isForeignKeyViolation(error, 'team_company')) throw companyUnknown();
      if (isGoing && BELONGS.some((constraint) => isForeignKeyViolation(error, constraint)))
        throw new TeamInUse(null);
      throw error;
    }
  }

  #restore(row: TeamRow): Team {
    return this.store.watch(Team.restore(toTeamState(row)), TEAM_MAPPING);
  }
}
