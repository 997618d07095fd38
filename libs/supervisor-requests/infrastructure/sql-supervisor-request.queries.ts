import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { SupervisorRequestQueries } from '../application/supervisor-request.queries.js';
import type {
  SupervisorRequestFilter,
  SupervisorRequestView,
} from '../application/supervisor-request.queries.js';
import { SupervisorRequestNotFound } from '../domain/errors.js';
import type { SupervisorRequestId } from '../domain/identity.js';
import { conditionsOf } from './conditions.js';
import { REQUEST_COLUMNS, toSupervisorRequestView } from './supervisor-request.record.js';
import type { SupervisorRequestRecord } from './supervisor-request.record.js';
import { SUPERVISOR_REQUEST_TYPE } from './supervisor-request.table.js';

@Injectable()
export class SqlSupervisorRequestQueries extends SupervisorRequestQueries {
  readonly #views: StoredViews<SupervisorRequestRecord, SupervisorRequestView>;

  constructor(views: StoredViewFactory) {
    super();
    this.#views = views.of<SupervisorRequestRecord, SupervisorRequestView>({
      aggregateType: SUPERVISOR_REQUEST_TYPE,
      list: {
        name: 'supervisor-requests',
        table: 'supervisor.request',
        columns: REQUEST_COLUMNS,
        sorts: {
          priority: { column: 'priority', type: 'int' },
          request_timestamp: { column: 'request_timestamp', type: 'timestamptz' },
        },
        defaultSort: '-request_timestamp',
      },
      toView: toSupervisorRequestView,
      notFound: () => new SupervisorRequestNotFound(),
    });
  }

  override get(id: SupervisorRequestId): Promise<SupervisorRequestView> {
    return this.#views.get(id);
  }

  override async asOf(id: SupervisorRequestId, at: Date): Promise<SupervisorRequestView> {
    const view = await this.#views.asOf(id, at);
    return view.claim && view.claim.expiresAt <= at ? { ...view, claim: null } : view;
  }

  override page(filter: SupervisorRequestFilter, request: PageRequest): Promise<Page<SupervisorRequestView>> {
    return this.#views.page(filter.tenant, conditionsOf(filter), request);
  }

  override versions(id: SupervisorRequestId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.#views.versions(id, request);
  }

  override version(id: SupervisorRequestId, version: number): Promise<PastStateOf<SupervisorRequestView>> {
    return this.#views.version(id, version);
  }
}
