import { historyController } from '#platform/http';
import { ResourceQueries } from '../application/resource.queries.js';
import { ResourceService } from '../application/resource.service.js';
import { resourceId } from '../domain/identity.js';
import { CatalogResourceResponse } from './resource.dto.js';
import { toResourceResponse } from './resource.wire.js';

export const ResourceHistoryController = historyController({
  path: 'resources/:id',
  tag: 'Catalog',
  name: 'Resource',
  noun: 'a resource',
  read: 'catalog:read',
  write: 'catalog:write',
  rollbackNote:
    'Its company, its relations and which import speaks for it stay as they are; name, owner and environment are held to the rules of a change.',
  rollbackRefuses: ['conflict', 'unprocessable'],
  returns: CatalogResourceResponse,
  queries: ResourceQueries,
  service: ResourceService,
  idOf: resourceId,
  toResponse: toResourceResponse,
  toStored: toResourceResponse,
});
