import { resourceControllers } from '#platform/http';
import { ResourceQueries } from '../application/resource.queries.js';
import { ResourceService } from '../application/resource.service.js';
import { resourceId } from '../domain/identity.js';
import { ResourceBodies } from './resource-bodies.js';
import {
  CatalogResourceListResponse,
  CatalogResourceResponse,
  CreateResourceBody,
  ReviseResourceBody,
} from './resource.dto.js';
import { ResourceListQuery } from './resource.queries.dto.js';
import { toResourceFilter, toResourceResponse } from './resource.wire.js';

export const catalogResourceControllers = resourceControllers({
  path: 'resources',
  tag: 'Catalog',
  name: 'Resource',
  names: 'Resources',
  noun: 'a resource',
  nouns: 'resources',
  read: 'catalog:read',
  write: 'catalog:write',
  returns: CatalogResourceResponse,
  queries: ResourceQueries,
  service: ResourceService,
  bodies: ResourceBodies,
  idOf: resourceId,
  toResponse: toResourceResponse,
  toStored: toResourceResponse,
  create: {
    takes: CreateResourceBody,
    note: 'A company knows it by namespace, type, name and environment: there are no two of the same. Its tenant is that of the company.',
    refuses: ['conflict', 'unprocessable'],
  },
  list: { takes: ResourceListQuery, returns: CatalogResourceListResponse, filter: toResourceFilter },
  get: {
    note: 'Health, last_seen_at and stale are as they are now, and move no version: who asks with If-None-Match hears of what was said of the resource alone. Of the past, `as_of`, they are not known.',
  },
  update: {
    takes: ReviseResourceBody,
    note: 'What is absent stays as it is, null clears. The company is for life.',
    refuses: ['conflict', 'unprocessable'],
  },
  patch: {
    takes: ReviseResourceBody,
    note: 'RFC 7396 over the members of the resource; labels and annotations merge by key.',
    refuses: ['conflict', 'unprocessable'],
  },
  delete: { summary: 'Delete a resource with its relations; its history stays' },
});
