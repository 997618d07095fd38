import type { UserView } from '../application/user.queries.js';
import type { UserState } from '../domain/user.js';
import { toUserMembership } from './member.wire.js';
import type { UserResponse } from './user.dto.js';

/** As it is shown. */
export const toUserResponse = ({ stamp, ...user }: UserView): UserResponse => ({
  id: user.id,
  tenant_id: user.tenant,
  version: user.version,
  company_id: user.companyId,
  name: user.name,
  email: user.email,
  active: user.active,
  labels: user.labels,
  teams: user.teams.map(toUserMembership),
  created_at: stamp.createdAt.toISOString(),
  updated_at: stamp.updatedAt.toISOString(),
  created_by: stamp.createdBy,
  updated_by: stamp.updatedBy,
});

/** What was just stored, as it is shown. */
export function toStoredUser({ stamp, ...user }: UserState): UserResponse {
  if (!stamp) throw new Error('Only what is stored can be shown.');
  return toUserResponse({ ...user, stamp });
}
