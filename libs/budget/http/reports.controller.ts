import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CallContext, writeTenant } from '#platform/context';
import { Endpoint } from '#platform/http';
import type { ItemFilter } from '../application/item.queries.js';
import { ReportQueries } from '../application/report.queries.js';
import { toItemFilter } from './item-filters.js';
import { SummaryResponse, TimeSeriesResponse } from './report.dto.js';
import { SummaryQuery, TimeSeriesQuery } from './report.queries.dto.js';
import { toSummaryResponse, toTimeSeriesResponse } from './report.wire.js';
import type { WholeItemsQuery } from './whole-items.query.dto.js';

@ApiTags('Budget')
@Controller({ path: 'budget/reports', version: '1' })
export class ReportsController {
  constructor(
    private readonly reports: ReportQueries,
    private readonly context: CallContext,
  ) {}

  @Get('summary')
  @Endpoint({
    name: 'summarizeBudgetItems',
    summary: 'Sum up items by category, payee, team, environment or month',
    description:
      'Of the tenant’s own items, or of the shared ones where no tenant is named; all but planned ones, unless the filter says which. Each currency by itself.',
    allow: 'budget:read',
    returns: SummaryResponse,
  })
  async summary(@Query() query: SummaryQuery): Promise<SummaryResponse> {
    const { group_by: grouping, limit, ...asked } = query;
    return toSummaryResponse(
      grouping,
      await this.reports.summary(this.#filterOf(asked), { grouping, limit }),
    );
  }

  @Get('timeseries')
  @Endpoint({
    name: 'listBudgetTimeSeries',
    summary: 'Sum up items by day, week or month',
    description:
      'Of the same items as the summary. from and until cut the first and the last interval; an end that is not named is that of the items. There are at most 1000 intervals: without from the latest, without until the earliest.',
    allow: 'budget:read',
    returns: TimeSeriesResponse,
  })
  async timeSeries(@Query() query: TimeSeriesQuery): Promise<TimeSeriesResponse> {
    const { interval, ...asked } = query;
    return toTimeSeriesResponse(interval, await this.reports.timeSeries(this.#filterOf(asked), interval));
  }

  /** @throws InvalidInput, TenantForbidden */
  #filterOf({ tenant_id, ...asked }: WholeItemsQuery): ItemFilter {
    return toItemFilter(asked, writeTenant(this.context.current.caller, tenant_id));
  }
}
