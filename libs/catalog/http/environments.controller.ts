import { resourceControllers, toInstantOrNull } from '#platform/http';
import { EnvironmentQueries } from '../application/environment.queries.js';
import { EnvironmentService } from '../application/environment.service.js';
import { environmentId } from '../domain/identity.js';
import { EnvironmentBodies } from './environment-bodies.js';
import {
  CreateEnvironmentBody,
  EnvironmentListQuery,
  EnvironmentListResponse,
  EnvironmentResponse,
  ReviseEnvironmentBody,
} from './environment.dto.js';
import { toEnvironmentResponse, toStoredEnvironment } from './environment.wire.js';
import { idsOf } from './id-filter.js';

export const environmentControllers = resourceControllers({
  path: 'environments',
  tag: 'Catalog',
  name: 'Environment',
  names: 'Environments',
  noun: 'an environment',
  nouns: 'environments',
  read: 'catalog:read',
  write: 'catalog:write',
  returns: EnvironmentResponse,
  queries: EnvironmentQueries,
  service: EnvironmentService,
  bodies: EnvironmentBodies,
  idOf: environmentId,
  toResponse: toEnvironmentResponse,
  toStored: toStoredEnvironment,
  create: {
    takes: CreateEnvironmentBody,
    note: 'From the first one on that a tenant sees, flags, configurations, devices and resources of the tenant refer to known keys alone: to these, and to development, testing, staging and production.',
    refuses: ['conflict', 'unprocessable'],
  },
  list: {
    takes: EnvironmentListQuery,
    returns: EnvironmentListResponse,
    filter: ({ key, tier, company_id, owner_team_id, selector, q, updated_since }, tenant) => ({
      tenant,
      keys: key,
      tiers: tier,
      companyIds: idsOf(company_id, '/company_id'),
      ownerTeamIds: idsOf(owner_team_id, '/owner_team_id'),
      selector,
      q,
      updatedSince: toInstantOrNull(updated_since, '/updated_since'),
    }),
  },
  update: { takes: ReviseEnvironmentBody, refuses: ['unprocessable'] },
  patch: {
    takes: ReviseEnvironmentBody,
    note: 'RFC 7396 over the members of the environment; labels merge by key.',
    refuses: ['unprocessable'],
  },
  delete: {
    summary: 'Delete an environment in which no resource stands; its history stays',
    refuses: ['conflict'],
  },
});
