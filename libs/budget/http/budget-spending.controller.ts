import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { InvalidInput } from '#shared-kernel';
import { Endpoint, expectNone, QueryReading, toPageResponse } from '#platform/http';
import { AlertQueries } from '../application/alert.queries.js';
import { BudgetQueries } from '../application/budget.queries.js';
import { isCalendarDate } from '../domain/calendar.js';
import { budgetId } from '../domain/identity.js';
import { NO_DATE } from '../domain/item.js';
import { AlertListQuery, AlertListResponse } from './alert.dto.js';
import { toAlertResponse, toPeriodsResponse } from './budget.wire.js';
import { BudgetPeriodsQuery, BudgetPeriodsResponse } from './period.dto.js';

@ApiTags('Budget')
@Controller({ path: 'budget/budgets/:id', version: '1' })
export class BudgetSpendingController {
  constructor(
    private readonly budgets: BudgetQueries,
    private readonly alerts: AlertQueries,
  ) {}

  @Get('periods')
  @Endpoint({
    name: 'listBudgetPeriods',
    summary: 'List the periods of a budget, and what is left of each',
    description:
      'All periods with a day in the window, at most 1000. What items add up to is true at every moment, also while they are written.',
    allow: 'budget:read',
    returns: BudgetPeriodsResponse,
    refuses: ['not-found'],
  })
  async periods(@Param('id') id: string, @Query() query: BudgetPeriodsQuery): Promise<BudgetPeriodsResponse> {
    const reading = new QueryReading();
    const window = {
      from: reading.one(query.from, '/from', dateAsked),
      until: reading.one(query.until, '/until', dateAsked),
    };
    expectNone(reading.violations);
    return toPeriodsResponse(await this.budgets.periods(budgetId(id), window));
  }

  @Get('alerts')
  @Endpoint({
    name: 'listBudgetAlerts',
    summary: 'List the thresholds of a budget that were crossed, newest first',
    description: 'Each at most once in a period, and for ever: whatever comes back after it.',
    allow: 'budget:read',
    returns: AlertListResponse,
    refuses: ['not-found'],
  })
  async list(@Param('id') id: string, @Query() query: AlertListQuery): Promise<AlertListResponse> {
    const { limit, cursor, sort, include_total: includeTotal } = query;
    const page = await this.alerts.ofBudget(budgetId(id), { limit, cursor, sort, includeTotal });
    return toPageResponse(page, toAlertResponse);
  }
}

function dateAsked(text: string, pointer: string): string {
  if (isCalendarDate(text)) return text;
  throw InvalidInput.at(pointer, 'date', NO_DATE);
}
