import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CallContext, readTenant } from '#platform/context';
import { Endpoint, toPageResponse } from '#platform/http';
import { together } from '#shared-kernel';
import { SupervisorRequestQueries } from '../application/supervisor-request.queries.js';
import { toRequestFilter } from './request-filters.js';
import { InboxQuery, SupervisorRequestListResponse } from './request-list.dto.js';
import { toSupervisorRequestResponse } from './supervisor-request.wire.js';

@ApiTags('Supervisor requests')
@Controller({ path: 'supervisor-requests', version: '1' })
export class InboxController {
  constructor(
    private readonly queries: SupervisorRequestQueries,
    private readonly context: CallContext,
  ) {}

  @Get()
  @Endpoint({
    name: 'listSupervisorRequests',
    summary: 'List supervisor requests of all stores',
    description:
      'Sorted by request_timestamp or priority: what is pending in the order of its queue (priority,request_timestamp), everything else the newest first, unless said otherwise.',
    allow: 'supervisor:read',
    returns: SupervisorRequestListResponse,
  })
  async list(@Query() query: InboxQuery): Promise<SupervisorRequestListResponse> {
    const { limit, cursor, sort, include_total: includeTotal } = query;
    const { tenant, filter } = together({
      tenant: () => readTenant(this.context.current.caller, query.tenant_id),
      filter: () => toRequestFilter(query),
    });
    const page = await this.queries.page({ ...filter, tenant }, { limit, cursor, sort, includeTotal });
    return toPageResponse(page, toSupervisorRequestResponse);
  }
}
