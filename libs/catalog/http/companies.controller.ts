import { resourceControllers, toInstantOrNull } from '#platform/http';
import { CompanyQueries } from '../application/company.queries.js';
import { CompanyService } from '../application/company.service.js';
import { companyId } from '../domain/identity.js';
import { CompanyBodies } from './company-bodies.js';
import {
  CompanyListQuery,
  CompanyListResponse,
  CompanyResponse,
  CreateCompanyBody,
  ReviseCompanyBody,
} from './company.dto.js';
import { toCompanyResponse, toStoredCompany } from './company.wire.js';

export const companyControllers = resourceControllers({
  path: 'companies',
  tag: 'Catalog',
  name: 'Company',
  names: 'Companies',
  noun: 'a company',
  nouns: 'companies',
  read: 'catalog:read',
  write: 'catalog:write',
  returns: CompanyResponse,
  idOf: companyId,
  queries: CompanyQueries,
  service: CompanyService,
  bodies: CompanyBodies,
  toResponse: toCompanyResponse,
  toStored: toStoredCompany,
  create: {
    takes: CreateCompanyBody,
    note: 'Users, teams, environments and resources belong to a company, and so to its tenant.',
    refuses: ['conflict'],
  },
  list: {
    takes: CompanyListQuery,
    returns: CompanyListResponse,
    filter: ({ name, selector, q, updated_since }, tenant) => ({
      ...{ tenant, names: name, selector, q },
      updatedSince: toInstantOrNull(updated_since, '/updated_since'),
    }),
  },
  update: { takes: ReviseCompanyBody, refuses: ['conflict'] },
  patch: {
    takes: ReviseCompanyBody,
    note: 'RFC 7396 over the members of the company; labels merge by key.',
    refuses: ['conflict'],
  },
  delete: {
    summary: 'Delete a company that nothing belongs to; its history stays',
    refuses: ['conflict'],
  },
});
