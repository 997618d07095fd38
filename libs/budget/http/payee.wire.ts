import type { PayeeView } from '../application/payee.queries.js';
import type { PayeeState } from '../domain/payee.js';
import type { PayeeResponse } from './payee.dto.js';

/** As it is shown. */
export const toPayeeResponse = ({ stamp, ...payee }: PayeeView): PayeeResponse => ({
  id: payee.id,
  tenant_id: payee.tenant,
  version: payee.version,
  name: payee.name,
  email: payee.email,
  phone: payee.phone,
  labels: payee.labels,
  created_at: stamp.createdAt.toISOString(),
  updated_at: stamp.updatedAt.toISOString(),
  created_by: stamp.createdBy,
  updated_by: stamp.updatedBy,
});

/** What was just stored, as it is shown. */
export function toStoredPayee({ stamp, ...payee }: PayeeState): PayeeResponse {
  if (!stamp) throw new Error('Only what is stored can be shown.');
  return toPayeeResponse({ ...payee, stamp });
}
