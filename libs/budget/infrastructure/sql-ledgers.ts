import { Injectable } from '@nestjs/common';
import { Breather } from '#shared-kernel';
import { tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import { Ledgers } from '../application/ledgers.js';
import { crossingsOf, withAdded } from '../domain/budget-period.js';
import type { BudgetState } from '../domain/budget.js';
import type { ItemState } from '../domain/item.js';
import { periodAt } from '../domain/period.js';
import type { CategoryLines } from '../domain/scope.js';
import { Tally } from '../domain/tally.js';
import type { ItemNote } from '../domain/tally.js';
import { countingOf } from './budget-locks.js';
import { toStoredBudget } from './budget.table.js';
import type { BudgetRecord } from './budget.table.js';
import { budgetsToCount } from './budgets-to-count.js';
import { adding, totalsOf, toTotals } from './period-totals.js';
import type { TotalRow } from './period-totals.js';
import { SqlAlerts } from './sql-alerts.js';
import type { RaisedCrossing } from './sql-alerts.js';

/** Notes that are counted for one budget at a stretch. */
const AT_ONCE = 1_000;

/**
 * Counts items into the totals of budgets, in the transaction that changes them. Whoever changes a budget waits for those
 * who count in its tenant, and they for it: each counts every item once, by what the budget is.
 */
@Injectable()
export class SqlLedgers extends Ledgers {
  constructor(
    private readonly database: Database,
    private readonly alerts: SqlAlerts,
  ) {
    super();
  }

  override note(before: ItemState | null, after: ItemState | null): void {
    if (before || after) this.database.transaction.reckon(this.#count, { before, after });
  }

  readonly #count = async (notes: readonly ItemNote[]): Promise<void> => {
    const states = notes.flatMap(({ before, after }) => [before, after]).filter((state) => state !== null);
    const { budgets, lines } = await this.#budgetsFor(states);
    const all = budgets.map((budget) => new Tally(budget, lines));
    await noteAll(notes, all);
    const tallies = all.filter(({ added }) => added.size > 0);
    if (tallies.length === 0) return;
    const totals = await this.#add(tallies);
    await this.alerts.raise(tallies.flatMap((tally) => raisedBy(tally, totals)));
  };

  /** In one round trip: the locks come first, so that what is read then is how it stays. */
  async #budgetsFor(
    states: readonly ItemState[],
  ): Promise<{ readonly budgets: readonly BudgetState[]; readonly lines: CategoryLines }> {
    const { transaction } = this.database;
    const tenants = [...new Set(states.map(({ tenant }) => tenantColumn(tenant)))].sort();
    const categories = new Set(states.map(({ categoryId }) => categoryId).filter((id) => id !== null));
    const [, budgets, lines] = await Promise.all([
      transaction.query(countingOf(tenants)),
      transaction.query<BudgetRecord>(budgetsToCount(states)),
      transaction.query<{ id: string; line: string[] }>({
        name: 'category_lines',
        text: `with recursive up as (
                 select c.id as leaf, c.id, c.parent_id from budget.category c where c.id = any ($1)
                 union select u.leaf, c.id, c.parent_id from up u join budget.category c on c.id = u.parent_id)
               select leaf as id, array_agg(id::text) as line from up group by leaf`,
        values: [[...categories]],
      }),
    ]);
    return {
      budgets: budgets.rows.map(toStoredBudget),
      lines: new Map(lines.rows.map(({ id, line }) => [id, line])),
    };
  }

  /**
   * Gives the totals as they are with it. The budgets are locked first and in their order: two transactions never
   * wait for each other, and what is carried from period to period is seen whole.
   */
  async #add(tallies: readonly Tally[]): Promise<readonly TotalRow[]> {
    const { transaction } = this.database;
    const additions = tallies.flatMap(({ budget, added }) =>
      [...added].map(([index, spent]) => ({
        tenant: budget.tenant,
        budgetId: budget.id,
        periodStart: periodAt(budget, index).from,
        spent,
      })),
    );
    const budgets = tallies.map(({ budget }) => budget);
    const [, , totals] = await Promise.all([
      transaction.query({
        name: 'budgets_to_add_to',
        text: 'select from budget.budget where id = any ($1) order by id for no key update',
        values: [budgets.map(({ id }) => id)],
      }),
      transaction.query(adding(additions)),
      transaction.query<TotalRow>(
        totalsOf(
          budgets,
          additions.map(({ periodStart }) => periodStart),
        ),
      ),
    ]);
    return totals.rows;
  }
}

/** A file may have many thousand items, and a tenant many budgets: nobody else waits until each met each. */
async function noteAll(notes: readonly ItemNote[], tallies: readonly Tally[]): Promise<void> {
  const breather = new Breather();
  for (let from = 0; from < notes.length; from += AT_ONCE) {
    const some = notes.slice(from, from + AT_ONCE);
    for (const tally of tallies) {
      for (const note of some) tally.note(note);
      await breather.pause();
    }
  }
}

/** What is carried on crosses thresholds of later periods too; the item is then one of an earlier period. */
function raisedBy({ budget, added, lastItems }: Tally, totals: readonly TotalRow[]): RaisedCrossing[] {
  const own = totals.filter(({ budget_id: id }) => id === budget.id);
  const after = toTotals(budget, own);
  const taken = new Map([...added].map(([index, spent]) => [index, -spent]));
  const last = [...lastItems.values()].at(-1) ?? null;
  return crossingsOf(budget, withAdded(after, taken), added).map((crossing) => ({
    budget,
    crossing,
    itemId: lastItems.get(crossing.index) ?? last,
  }));
}
