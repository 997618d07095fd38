import { Injectable } from '@nestjs/common';
import type { Page, PageRequest } from '#shared-kernel';
import { tenantColumn, tenantFromColumn } from '#platform/context';
import { Conditions, KeysetLists } from '#platform/database';
import type { ListDefinition } from '#platform/database';
import { AlertQueries } from '../application/alert.queries.js';
import type { AlertView } from '../application/alert.queries.js';
import { BudgetQueries } from '../application/budget.queries.js';
import type { BudgetId } from '../domain/identity.js';
import type { CurrencyCode } from '../domain/money.js';
import type { ThresholdAction } from '../domain/threshold.js';

interface AlertRow {
  readonly id: string;
  readonly tenant: string;
  readonly budget_id: string;
  readonly period_start: string;
  readonly period_until: string | null;
  readonly percent: string;
  readonly action: ThresholdAction;
  readonly currency: CurrencyCode;
  readonly spent: string;
  readonly available: string;
  readonly item_id: string | null;
  readonly supervisor_request_id: string | null;
  readonly opened_at: Date | null;
  readonly created_at: Date;
}

const LIST: ListDefinition = {
  name: 'budget-alerts',
  table: 'budget.alert',
  columns: `t.id, t.tenant, t.budget_id, t.period_start::text, t.period_until::text, t.percent, t.action, t.currency,
    t.spent, t.available, t.item_id, t.supervisor_request_id, t.opened_at, t.created_at`,
  sorts: { created_at: { column: 'created_at', type: 'timestamptz' } },
  defaultSort: '-created_at',
};

@Injectable()
export class SqlAlertQueries extends AlertQueries {
  constructor(
    private readonly lists: KeysetLists,
    private readonly budgets: BudgetQueries,
  ) {
    super();
  }

  override async ofBudget(id: BudgetId, request: PageRequest): Promise<Page<AlertView>> {
    const { tenant } = await this.budgets.get(id);
    const where = new Conditions().and('t.budget_id = ?', id);
    const page = await this.lists.page<AlertRow>(LIST, {
      ...request,
      tenants: [tenantColumn(tenant)],
      where,
    });
    return { ...page, items: page.items.map(toAlertView) };
  }
}

const toAlertView = (row: AlertRow): AlertView => ({
  id: row.id,
  tenant: tenantFromColumn(row.tenant),
  budgetId: row.budget_id,
  period: { from: row.period_start, until: row.period_until },
  percent: Number(row.percent),
  action: row.action,
  currency: row.currency,
  spent: BigInt(row.spent),
  available: BigInt(row.available),
  itemId: row.item_id,
  supervisorRequestId: row.supervisor_request_id,
  openedAt: row.opened_at,
  createdAt: row.created_at,
});
