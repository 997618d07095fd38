import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CallContext, readTenant } from '#platform/context';
import { Endpoint, toInstant } from '#platform/http';
import { together } from '#shared-kernel';
import { StatisticsQueries } from '../application/statistics.queries.js';
import type { StatisticsOf } from '../application/statistics.queries.js';
import { checkedStoreId } from '../domain/store-id.js';
import { StatisticsQuery, StatisticsResponse } from './statistics.dto.js';
import { toStatisticsResponse } from './statistics.wire.js';
import { StoreIdParam } from './store-id.param.js';

@ApiTags('Supervisor requests')
@Controller({ path: 'stores/:store_id/supervisor-requests', version: '1' })
export class StatisticsController {
  constructor(
    private readonly queries: StatisticsQueries,
    private readonly context: CallContext,
  ) {}

  @Get('stats')
  @StoreIdParam()
  @Endpoint({
    name: 'getSupervisorRequestStatistics',
    summary: 'Tell what became of the requests of a store',
    description: 'Of those that were made in the window; what is pending now is told whenever it was made.',
    allow: 'supervisor:read',
    returns: StatisticsResponse,
  })
  async statistics(
    @Param('store_id') storeId: string,
    @Query() query: StatisticsQuery,
  ): Promise<StatisticsResponse> {
    const { from, until, tenant_id: tenant } = query;
    const of = together<StatisticsOf>({
      tenant: () => readTenant(this.context.current.caller, tenant),
      storeId: () => checkedStoreId(storeId),
      from: () => (from === undefined ? undefined : toInstant(from, '/from')),
      until: () => (until === undefined ? undefined : toInstant(until, '/until')),
    });
    return toStatisticsResponse(of, await this.queries.of(of));
  }
}
