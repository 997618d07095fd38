import { Injectable } from '@nestjs/common';
import { tenantColumn } from '#platform/context';
import { Conditions, Database, DatabaseClock } from '#platform/database';
import { BudgetTotals } from '../application/budget-totals.js';
import { crossingsAt } from '../domain/budget-period.js';
import { countsAlike } from '../domain/budget.js';
import type { BudgetState } from '../domain/budget.js';
import type { CategoryId } from '../domain/identity.js';
import { periodIndexOf } from '../domain/period.js';
import { dayIn } from '../domain/time-zone.js';
import { HOLDING_ALL, holdingOf } from './budget-locks.js';
import { BUDGET_COLUMNS, toStoredBudget } from './budget.table.js';
import type { BudgetRecord } from './budget.table.js';
import { adding, additionsOf, allTotalsOf, countingAnew, toTotals } from './period-totals.js';
import type { DayRow, TotalRow } from './period-totals.js';
import { SqlAlerts } from './sql-alerts.js';

/** Parameter: ids of categories. */
const COUNTS_BY_ANY = `exists (select from json_array_elements_text(t.scope -> 'category_ids') as c (id)
                               where c.id::uuid = any (?::uuid[]))`;

@Injectable()
export class SqlBudgetTotals extends BudgetTotals {
  constructor(
    private readonly database: Database,
    private readonly clock: DatabaseClock,
    private readonly alerts: SqlAlerts,
  ) {
    super();
  }

  override async hold(tenant: string | null): Promise<void> {
    await this.database.transaction.query(holdingOf(tenantColumn(tenant)));
  }

  /** All at once and not one after the other: who counts has the first lock already when it asks for the second. */
  override async holdForMove(tenant: string | null): Promise<void> {
    await this.database.transaction.query(tenant === null ? HOLDING_ALL : holdingOf(tenant));
  }

  override async follow(before: BudgetState | null, after: BudgetState): Promise<void> {
    if (!before || !countsAlike(before, after)) await this.#countAnew(after);
    if (after.thresholds.length === 0) return;
    const present = periodIndexOf(after, dayIn(after.timeZone, this.clock.now()));
    if (present === null) return;
    const totals = toTotals(after, await this.database.read<TotalRow>(allTotalsOf(after.id)));
    const crossings = crossingsAt(after, totals, present);
    await this.alerts.raise(crossings.map((crossing) => ({ budget: after, crossing, itemId: null })));
  }

  /** One after another: each counts what there is, and nobody else counts meanwhile. */
  override async categoryMoved(tenant: string | null, above: readonly CategoryId[]): Promise<void> {
    const where = new Conditions().and(COUNTS_BY_ANY, [...above]);
    if (tenant !== null) where.and('t.tenant = ?', tenant);
    const records = await this.database.read<BudgetRecord>({
      text: `select ${BUDGET_COLUMNS} from budget.budget t where ${where.text} order by t.id`,
      values: where.values,
    });
    for (const record of records) {
      const budget = toStoredBudget(record);
      await this.#countAnew(budget);
      await this.follow(budget, budget);
    }
  }

  async #countAnew(budget: BudgetState): Promise<void> {
    const days = await this.database.read<DayRow>(countingAnew(budget));
    await this.database.read({
      name: 'budget_forget_totals',
      text: 'delete from budget.period_total where budget_id = $1',
      values: [budget.id],
    });
    const additions = additionsOf(budget, days);
    if (additions.length > 0) await this.database.read(adding(additions));
  }
}
