import type { EnvironmentView } from '../application/environment.queries.js';
import type { EnvironmentState } from '../domain/environment.js';
import type { EnvironmentResponse } from './environment.dto.js';

/** As it is shown. */
export const toEnvironmentResponse = ({ stamp, ...environment }: EnvironmentView): EnvironmentResponse => ({
  id: environment.id,
  tenant_id: environment.tenant,
  version: environment.version,
  company_id: environment.companyId,
  key: environment.key,
  name: environment.name,
  tier: environment.tier,
  owner_team_id: environment.ownerTeamId,
  labels: environment.labels,
  created_at: stamp.createdAt.toISOString(),
  updated_at: stamp.updatedAt.toISOString(),
  created_by: stamp.createdBy,
  updated_by: stamp.updatedBy,
});

/** What was just stored, as it is shown. */
export function toStoredEnvironment({ stamp, ...environment }: EnvironmentState): EnvironmentResponse {
  if (!stamp) throw new Error('Only what is stored can be shown.');
  return toEnvironmentResponse({ ...environment, stamp });
}
