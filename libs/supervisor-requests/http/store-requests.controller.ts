import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CallContext, readTenant } from '#platform/context';
import { Endpoint, toPageResponse } from '#platform/http';
import { together } from '#shared-kernel';
import { SupervisorRequestQueries } from '../application/supervisor-request.queries.js';
import { checkedStoreId } from '../domain/store-id.js';
import { toRequestFilter } from './request-filters.js';
import { StoreRequestsQuery, SupervisorRequestListResponse } from './request-list.dto.js';
import { StoreIdParam } from './store-id.param.js';
import { toSupervisorRequestResponse } from './supervisor-request.wire.js';

@ApiTags('Supervisor requests')
@Controller({ path: 'stores/:store_id/supervisor-requests', version: '1' })
export class StoreRequestsController {
  constructor(
    private readonly queries: SupervisorRequestQueries,
    private readonly context: CallContext,
  ) {}

  @Get()
  @StoreIdParam()
  @Endpoint({
    name: 'listStoreSupervisorRequests',
    summary: 'List the queue or the history of a store',
    description:
      'status=pending is the queue, the most urgent and longest waiting first (priority,request_timestamp); everything else comes with the newest first, unless said otherwise.',
    allow: 'supervisor:read',
    returns: SupervisorRequestListResponse,
  })
  async list(
    @Param('store_id') storeId: string,
    @Query() query: StoreRequestsQuery,
  ): Promise<SupervisorRequestListResponse> {
    const { limit, cursor, sort, include_total: includeTotal } = query;
    const { tenant, store, filter } = together({
      tenant: () => readTenant(this.context.current.caller, query.tenant_id),
      store: () => checkedStoreId(storeId),
      filter: () => toRequestFilter(query),
    });
    const page = await this.queries.page(
      { ...filter, tenant, stores: [store] },
      { limit, cursor, sort, includeTotal },
    );
    return toPageResponse(page, toSupervisorRequestResponse);
  }
}
