import type { CompanyView } from '../application/company.queries.js';
import type { CompanyState } from '../domain/company.js';
import type { CompanyResponse } from './company.dto.js';

/** As it is shown. */
export const toCompanyResponse = ({ stamp, ...company }: CompanyView): CompanyResponse => ({
  id: company.id,
  tenant_id: company.tenant,
  version: company.version,
  name: company.name,
  description: company.description,
  labels: company.labels,
  created_at: stamp.createdAt.toISOString(),
  updated_at: stamp.updatedAt.toISOString(),
  created_by: stamp.createdBy,
  updated_by: stamp.updatedBy,
});

/** What was just stored, as it is shown. */
export function toStoredCompany({ stamp, ...company }: CompanyState): CompanyResponse {
  if (!stamp) throw new Error('Only what is stored can be shown.');
  return toCompanyResponse({ ...company, stamp });
}
