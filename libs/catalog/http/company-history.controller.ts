import { historyController } from '#platform/http';
import { CompanyQueries } from '../application/company.queries.js';
import { CompanyService } from '../application/company.service.js';
import { companyId } from '../domain/identity.js';
import { CompanyResponse } from './company.dto.js';
import { toCompanyResponse, toStoredCompany } from './company.wire.js';

export const CompanyHistoryController = historyController({
  path: 'companies/:id',
  tag: 'Catalog',
  name: 'Company',
  noun: 'a company',
  read: 'catalog:read',
  write: 'catalog:write',
  rollbackNote: 'The name, too, as long as nothing else has it.',
  rollbackRefuses: ['conflict'],
  returns: CompanyResponse,
  queries: CompanyQueries,
  service: CompanyService,
  idOf: companyId,
  toResponse: toCompanyResponse,
  toStored: toStoredCompany,
});
