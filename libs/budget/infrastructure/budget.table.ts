import { EntitySchema } from 'typeorm';
import { storedColumns } from '#platform/change-log';
import type { StoredRow } from '#platform/change-log';

export const BUDGET_TYPE = 'budget.budget';

/** A budget as it is stored; the limit is the text of an integer. */
export interface BudgetRow extends StoredRow {
  readonly name: string;
  readonly ownerTeamId: string | null;
  readonly scope: object;
  readonly currency: string;
  readonly limitAmount: string;
  readonly period: string;
  readonly startDate: string;
  readonly endDate: string | null;
  readonly timeZone: string;
  readonly rollover: string;
  readonly thresholds: object;
}

/** A row as it is written: with what is only searched, and not read back. */
export interface WrittenBudgetRow extends BudgetRow {
  readonly searchText: string;
}

export const BudgetTable = new EntitySchema<WrittenBudgetRow>({
  name: 'Budget',
  schema: 'budget',
  tableName: 'budget',
  columns: {
    ...storedColumns,
    name: { type: 'text' },
    ownerTeamId: { name: 'owner_team_id', type: 'uuid', nullable: true },
    scope: { type: 'json' },
    currency: { type: 'text' },
    limitAmount: { name: 'limit_amount', type: 'bigint' },
    period: { type: 'text' },
    startDate: { name: 'start_date', type: 'date' },
    endDate: { name: 'end_date', type: 'date', nullable: true },
    timeZone: { name: 'time_zone', type: 'text' },
    rollover: { type: 'text' },
    thresholds: { type: 'json' },
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});
