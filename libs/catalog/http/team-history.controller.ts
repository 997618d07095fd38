import { historyController } from '#platform/http';
import { TeamQueries } from '../application/team.queries.js';
import { TeamService } from '../application/team.service.js';
import { teamId } from '../domain/identity.js';
import { TeamResponse } from './team.dto.js';
import { toStoredTeam, toTeamResponse } from './team.wire.js';

export const TeamHistoryController = historyController({
  path: 'teams/:id',
  tag: 'Catalog',
  name: 'Team',
  noun: 'a team',
  read: 'catalog:read',
  write: 'catalog:write',
  rollbackNote:
    'The members stay as they are. Slug and team above come back as far as the tree and the other teams let them.',
  rollbackRefuses: ['conflict', 'unprocessable'],
  returns: TeamResponse,
  queries: TeamQueries,
  service: TeamService,
  idOf: teamId,
  toResponse: toTeamResponse,
  toStored: toStoredTeam,
});
