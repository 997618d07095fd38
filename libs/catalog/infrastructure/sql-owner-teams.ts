import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database';
import { OwnerTeams } from '../application/owner-teams.js';
import { ownerUnknown } from '../domain/errors.js';
import type { CompanyId, TeamId } from '../domain/identity.js';

@Injectable()
export class SqlOwnerTeams extends OwnerTeams {
  constructor(private readonly database: Database) {
    super();
  }

  override async expectOf(company: CompanyId | null, team: TeamId): Promise<void> {
    const [found] = await this.database.read<{ id: string }>({
      name: 'owner_team',
      text: 'select id from catalog.team where id = $1 and company_id = $2',
      values: [team, company],
    });
    if (!found) throw ownerUnknown();
  }
}
