import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database';
import type { CompanyId, TeamId } from '../domain/identity.js';
import type { TeamNode } from '../domain/team-errors.js';
import { TeamTree } from '../domain/team-tree.js';

@Injectable()
export class SqlTeamTree extends TeamTree {
  constructor(private readonly database: Database) {
    super();
  }

  override async hold(companyId: CompanyId): Promise<void> {
    await this.database.transaction.query({
      name: 'hold_people',
      text: `select pg_advisory_xact_lock(hashtextextended('catalog.people/' || $1, 0))`,
      values: [companyId],
    });
  }

  override async pathOf(id: TeamId): Promise<readonly TeamNode[]> {
    return this.database.read<TeamNode>({
      name: 'team_path',
      text: `select t.id, t.slug from unnest(catalog.teams_above($1)) with ordinality as a (id, place)
             join catalog.team t on t.id = a.id order by a.place`,
      values: [id],
    });
  }

  override async heightOf(id: TeamId): Promise<number> {
    const [row] = await this.database.read<{ height: number }>({
      name: 'team_height',
      text: `with recursive below (id, level) as (
               select $1::uuid, 1
               union all
               select t.id, b.level + 1 from below b join catalog.team t on t.parent_team_id = b.id where b.level < 64
             )
             select max(level) as height from below`,
      values: [id],
    });
    return row?.height ?? 1;
  }
}
