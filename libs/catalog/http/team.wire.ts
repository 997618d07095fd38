import type { Possession, TeamView } from '../application/team.queries.js';
import type { TeamState } from '../domain/team.js';
import { toTeamMember } from './member.wire.js';
import type { PossessionResponse, TeamResponse } from './team.dto.js';

/** As it is shown. */
export const toTeamResponse = ({ stamp, ...team }: TeamView): TeamResponse => ({
  id: team.id,
  tenant_id: team.tenant,
  version: team.version,
  company_id: team.companyId,
  name: team.name,
  slug: team.slug,
  description: team.description,
  email: team.email,
  parent_team_id: team.parentId,
  labels: team.labels,
  members: team.members.map(toTeamMember),
  created_at: stamp.createdAt.toISOString(),
  updated_at: stamp.updatedAt.toISOString(),
  created_by: stamp.createdBy,
  updated_by: stamp.updatedBy,
});

/** What was just stored, as it is shown. */
export function toStoredTeam({ stamp, ...team }: TeamState): TeamResponse {
  if (!stamp) throw new Error('Only what is stored can be shown.');
  return toTeamResponse({ ...team, stamp });
}

export const toPossession = ({ kind, id, name, key, type, environment }: Possession): PossessionResponse => ({
  kind,
  id,
  name,
  key,
  type,
  environment,
});
