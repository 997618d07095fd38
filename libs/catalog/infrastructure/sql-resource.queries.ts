import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { ResourceQueries } from '../application/resource.queries.js';
import type { ResourceFilter, ResourceView } from '../application/resource.queries.js';
import type { ResourceId } from '../domain/identity.js';
import { ResourceNotFound } from '../domain/resource-errors.js';
import { resourceConditions } from './resource-conditions.js';
import { RESOURCE_COLUMNS, RESOURCE_TYPE, toResourceView } from './resource.table.js';
import type { ResourceRecord } from './resource.table.js';

@Injectable()
export class SqlResourceQueries extends ResourceQueries {
  readonly #views: StoredViews<ResourceRecord, ResourceView>;

  constructor(views: StoredViewFactory) {
    super();
    this.#views = views.of<ResourceRecord, ResourceView>({
      aggregateType: RESOURCE_TYPE,
      list: {
        name: 'catalog-resources',
        table: 'catalog.resource',
        columns: RESOURCE_COLUMNS,
        sorts: {
          name: { column: 'name', type: 'text' },
          type: { column: 'type', type: 'text' },
          created_at: { column: 'created_at', type: 'timestamptz' },
          updated_at: { column: 'updated_at', type: 'timestamptz' },
        },
        defaultSort: 'name',
      },
      toView: toResourceView,
      notFound: () => new ResourceNotFound(),
    });
  }

  override get(id: ResourceId): Promise<ResourceView> {
    return this.#views.get(id);
  }

  override asOf(id: ResourceId, at: Date): Promise<ResourceView> {
    return this.#views.asOf(id, at);
  }

  override page(filter: ResourceFilter, request: PageRequest): Promise<Page<ResourceView>> {
    return this.#views.page(filter.tenant, resourceConditions(filter), request);
  }

  override versions(id: ResourceId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.#views.versions(id, request);
  }

  override version(id: ResourceId, version: number): Promise<PastStateOf<ResourceView>> {
    return this.#views.version(id, version);
  }
}
