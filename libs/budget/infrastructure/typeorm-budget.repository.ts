import { Injectable } from '@nestjs/common';
import { HistoryQueries, VersionedStore, VersionNotFound } from '#platform/change-log';
import { tenantColumn, tenantFromColumn } from '#platform/context';
import { Database, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import { BudgetTotals } from '../application/budget-totals.js';
import { BudgetNameTaken, BudgetNotFound } from '../domain/budget-errors.js';
import { Budget } from '../domain/budget.js';
import type { BudgetContent } from '../domain/budget.js';
import { BudgetRepository } from '../domain/budget.repository.js';
import type { BudgetId } from '../domain/identity.js';
import { BUDGET_MAPPING, BUDGET_TYPE, BudgetTable, toBudgetContent, toBudgetState } from './budget.table.js';
import type { BudgetRecord } from './budget.table.js';

const AT_ONCE = 100;

@Injectable()
export class TypeOrmBudgetRepository extends BudgetRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly history: HistoryQueries,
    private readonly totals: BudgetTotals,
  ) {
    super();
  }

  /** Its tenant is held before its row: who counts an item has the tenant when it comes for the row. */
  override async get(id: BudgetId): Promise<Budget> {
    const [seen] = await this.database.read<{ tenant: string }>({
      name: 'budget_tenant',
      text: 'select tenant from budget.budget where id = $1',
      values: [id],
    });
    if (!seen) throw new BudgetNotFound();
    await this.totals.hold(tenantFromColumn(seen.tenant));
    const row = await this.store.lock(BudgetTable, { id });
    if (!row) throw new BudgetNotFound();
    return this.store.watch(Budget.restore(toBudgetState(row)), BUDGET_MAPPING);
  }

  override async findByName(tenant: string | null, name: string): Promise<Budget | null> {
    const row = await this.database.manager.findOneBy(BudgetTable, { tenant: tenantColumn(tenant), name });
    return row && Budget.restore(toBudgetState(row));
  }

  override async contentAt(id: BudgetId, version: number): Promise<BudgetContent> {
    const { row } = await this.history.version({ aggregateType: BUDGET_TYPE, id }, version);
    if (!row) throw new VersionNotFound(version);
    return toBudgetContent(row as unknown as BudgetRecord);
  }

  override isIdUsed(id: BudgetId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  override async countOfTeam(teamId: string): Promise<number> {
    const [row] = await this.database.read<{ count: number }>({
      name: 'budgets_of_team',
      text: 'select count(*)::int as count from budget.budget where owner_team_id = $1',
      values: [teamId],
    });
    return row?.count ?? 0;
  }

  override async someOfTeam(teamId: string, after: BudgetId | null): Promise<readonly BudgetId[]> {
    const rows = await this.database.read<{ id: BudgetId }>({
      name: 'some_budgets_of_team',
      text: `select id from budget.budget where owner_team_id = $1 and ($2::uuid is null or id > $2)
             order by id limit $3`,
      values: [teamId, after, AT_ONCE],
    });
    return rows.map(({ id }) => id);
  }

  override async save(budget: Budget): Promise<void> {
    const { tenant, name } = budget.snapshot;
    try {
      await this.store.save(budget, BUDGET_MAPPING);
    } catch (error) {
      if (isUniqueViolation(error, 'budget_name')) throw new BudgetNameTaken(tenant, name, null);
      if (isUniqueViolation(error, 'budget_pkey')) throw new IdConflict();
      throw error;
    }
  }
}
