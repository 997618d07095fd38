import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ChangeLog } from '#platform/change-log';
import { tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import { AlertOpening } from '../application/alert-opening.js';
import type { Crossing } from '../domain/budget-period.js';
import type { BudgetState } from '../domain/budget.js';
import { periodAt } from '../domain/period.js';
import { thresholdCrossed } from './budget-acts.js';

/** A threshold that something crossed, and of which budget. */
export interface RaisedCrossing {
  readonly budget: BudgetState;
  readonly crossing: Crossing;
  /** The last item that added to it; null: the budget itself was changed. */
  readonly itemId: string | null;
}

/** Tells of thresholds that are crossed, each once for a budget, a period and a percentage, for ever. */
@Injectable()
export class SqlAlerts {
  constructor(
    private readonly database: Database,
    private readonly log: ChangeLog,
    private readonly opening: AlertOpening,
  ) {}

  /** In the open unit of work; what was told before is passed over. */
  async raise(crossings: readonly RaisedCrossing[]): Promise<void> {
    if (crossings.length === 0) return;
    const alerts = crossings.map(toAlert);
    const raised = await this.database.read<{ id: string }>({
      name: 'budget_raise',
      text: `insert into budget.alert (id, tenant, budget_id, period_start, period_until, percent, action, priority, currency,
               spent, available, item_id, supervisor_request_id, created_at)
             select a.id, a.tenant, a.budget_id, a.period_start, a.period_until, a.percent, a.action, a.priority, a.currency,
               a.spent, a.available, a.item_id, a.supervisor_request_id, statement_timestamp()
             from json_to_recordset($1::json) as a (id uuid, tenant text, budget_id uuid, period_start date, period_until date,
               percent numeric, action text, priority int, currency text, spent numeric, available numeric, item_id uuid,
               supervisor_request_id uuid)
             on conflict on constraint alert_once do nothing returning id`,
      values: [JSON.stringify(alerts)],
    });
    const isNew = new Set(raised.map(({ id }) => id));
    const told = alerts.filter(({ id }) => isNew.has(id));
    for (const alert of told) this.log.append(thresholdCrossed(alert));
    if (told.some((alert) => alert.supervisor_request_id !== null))
      this.database.transaction.afterCommit(() => this.opening.soon());
  }
}

function toAlert({ budget, crossing, itemId }: RaisedCrossing) {
  const { index, threshold, spent, available } = crossing;
  const { from, until } = periodAt(budget, index);
  return {
    id: uuidv7(),
    tenant: tenantColumn(budget.tenant),
    budget_id: budget.id,
    budget_name: budget.name,
    period_start: from,
    period_until: until,
    percent: threshold.percent,
    action: threshold.action,
    priority: threshold.priority,
    currency: budget.currency,
    spent: String(spent),
    available: String(available),
    item_id: itemId,
    supervisor_request_id: threshold.action === 'supervisor_request' ? uuidv7() : null,
  };
}
