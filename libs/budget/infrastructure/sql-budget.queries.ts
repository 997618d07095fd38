import { Injectable } from '@nestjs/common';
import { InvalidInput } from '#shared-kernel';
import type { Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { SHARED_TENANT } from '#platform/context';
import { Conditions, containsPattern, Database, DatabaseClock } from '#platform/database';
import { BudgetQueries } from '../application/budget.queries.js';
import type { BudgetFilter, BudgetPeriods, BudgetView, PeriodFilter } from '../application/budget.queries.js';
import { BudgetNotFound } from '../domain/budget-errors.js';
import { periodsOf } from '../domain/budget-period.js';
import { dateOf, dayNumber } from '../domain/calendar.js';
import type { BudgetId } from '../domain/identity.js';
import { periodIndexOf, periodsBefore } from '../domain/period.js';
import { dayIn } from '../domain/time-zone.js';
import { BUDGET_COLUMNS, BUDGET_TYPE, toBudgetView } from './budget.table.js';
import type { BudgetRecord } from './budget.table.js';
import { toTotals } from './period-totals.js';
import type { TotalRow } from './period-totals.js';

const PERIODS_MAX = 1_000;

@Injectable()
export class SqlBudgetQueries extends BudgetQueries {
  readonly #views: StoredViews<BudgetRecord, BudgetView>;

  constructor(
    private readonly database: Database,
    private readonly clock: DatabaseClock,
    views: StoredViewFactory,
  ) {
    super();
    this.#views = views.of<BudgetRecord, BudgetView>({
      aggregateType: BUDGET_TYPE,
      list: {
        name: 'budgets',
        table: 'budget.budget',
        columns: BUDGET_COLUMNS,
        sorts: {
          name: { column: 'name', type: 'text' },
          created_at: { column: 'created_at', type: 'timestamptz' },
          updated_at: { column: 'updated_at', type: 'timestamptz' },
        },
        defaultSort: 'name',
      },
      toView: toBudgetView,
      notFound: () => new BudgetNotFound(),
    });
  }

  override get(id: BudgetId): Promise<BudgetView> {
    return this.#views.get(id);
  }

  override asOf(id: BudgetId, at: Date): Promise<BudgetView> {
    return this.#views.asOf(id, at);
  }

  override page(filter: BudgetFilter, request: PageRequest): Promise<Page<BudgetView>> {
    const { tenant, ownerTeamIds, currencies, q } = filter;
    const tenants = tenant === null ? [SHARED_TENANT] : [tenant, SHARED_TENANT];
    const where = new Conditions()
      .when(ownerTeamIds, (all, ids) => all.isOneOf('t.owner_team_id', ids))
      .when(currencies, (all, codes) => all.isOneOf('t.currency', codes))
      .when(q, (all, text) =>
        all.and('t.id in (select budget.search_budget(?, ?))', tenants, containsPattern(text)),
      );
    return this.#views.page(tenant, where, request);
  }

  override versions(id: BudgetId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.#views.versions(id, request);
  }

  override version(id: BudgetId, version: number): Promise<PastStateOf<BudgetView>> {
    return this.#views.version(id, version);
  }

  /** The budget and its totals in one statement, so that they are of one moment. */
  override async periods(id: BudgetId, filter: PeriodFilter): Promise<BudgetPeriods> {
    const [record] = await this.database.read<BudgetRecord & { totals: readonly TotalRow[] }>({
      name: 'budget_periods',
      text: `select ${BUDGET_COLUMNS}, (
               select coalesce(json_agg(json_build_object('budget_id', p.budget_id, 'period_start', p.period_start, 'spent', p.spent::text)), '[]')
               from budget.period_total p where p.budget_id = t.id) as totals
             from budget.budget t where t.id = $1`,
      values: [id],
    });
    if (!record) throw new BudgetNotFound();
    const budget = toBudgetView(record);
    const periods = periodsOf(budget, toTotals(budget, record.totals), this.#numbersOf(budget, filter));
    return { currency: budget.currency, periods };
  }

  /** From which number up to, and without, which. @throws InvalidInput */
  #numbersOf(budget: BudgetView, { from, until }: PeriodFilter): [number, number] {
    const end = until === undefined ? this.#presentEnd(budget) : periodsBefore(budget, until);
    if (from === undefined) return [Math.max(0, end - PERIODS_MAX), end];
    const start = from < budget.startDate ? 0 : (periodIndexOf(budget, from) ?? end);
    if (end - start <= PERIODS_MAX) return [start, end];
    const detail = `The window has ${end - start} periods: at most ${PERIODS_MAX} are shown at once.`;
    throw InvalidInput.at('/from', 'too_many', detail);
  }

  /** With the present one; before it began, with the first. */
  #presentEnd(budget: BudgetView): number {
    const today = dayIn(budget.timeZone, this.clock.now());
    return Math.max(1, periodsBefore(budget, dateOf(dayNumber(today) + 1)));
  }
}
