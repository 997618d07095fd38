import { historyController } from '#platform/http';
import { EnvironmentQueries } from '../application/environment.queries.js';
import { EnvironmentService } from '../application/environment.service.js';
import { environmentId } from '../domain/identity.js';
import { EnvironmentResponse } from './environment.dto.js';
import { toEnvironmentResponse, toStoredEnvironment } from './environment.wire.js';

export const EnvironmentHistoryController = historyController({
  path: 'environments/:id',
  tag: 'Catalog',
  name: 'Environment',
  noun: 'an environment',
  read: 'catalog:read',
  write: 'catalog:write',
  rollbackNote: 'The key and the company are fixed for life.',
  rollbackRefuses: ['unprocessable'],
  returns: EnvironmentResponse,
  queries: EnvironmentQueries,
  service: EnvironmentService,
  idOf: environmentId,
  toResponse: toEnvironmentResponse,
  toStored: toStoredEnvironment,
});
