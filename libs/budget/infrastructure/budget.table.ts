import { EntitySchema } from 'typeorm';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import { foldCase } from '#platform/database';
import type { BudgetView } from '../application/budget.queries.js';
import type { BudgetContent, BudgetState } from '../domain/budget.js';
import type { Rollover } from '../domain/budget-period.js';
import type { BudgetId, CategoryId } from '../domain/identity.js';
import type { CurrencyCode } from '../domain/money.js';
import type { Period } from '../domain/period.js';
import type { BudgetScope } from '../domain/scope.js';
import type { Threshold, ThresholdAction } from '../domain/threshold.js';

export const BUDGET_TYPE = 'budget.budget';

/** A scope as it lies in its column. */
interface StoredScope {
  readonly team_id: string | null;
  readonly environment: string | null;
  readonly category_ids: readonly string[];
  readonly selector: string | null;
}

interface StoredThreshold {
  readonly percent: number;
  readonly action: string;
  readonly priority: number | null;
}

/** A budget as it is stored; the limit is the text of an integer. */
export interface BudgetRow extends StoredRow {
  readonly name: string;
  readonly ownerTeamId: string | null;
  readonly scope: StoredScope;
  readonly currency: string;
  readonly limitAmount: string;
  readonly period: string;
  readonly startDate: string;
  readonly endDate: string | null;
  readonly timeZone: string;
  readonly rollover: string;
  readonly thresholds: readonly StoredThreshold[];
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

/** Every column that is read, of the table called `t`; a date as the text it is. */
export const BUDGET_COLUMNS =
  't.id, t.tenant, t.version, t.name, t.owner_team_id, t.scope, t.currency, t.limit_amount, t.period, t.start_date::text, t.end_date::text, t.time_zone, t.rollover, t.thresholds, t.created_at, t.created_by, t.updated_at, t.updated_by';

/** The same by column name: what statements of our own give, and what the change log keeps. */
export interface BudgetRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly name: string;
  readonly owner_team_id: string | null;
  readonly scope: StoredScope;
  readonly currency: string;
  readonly limit_amount: string;
  readonly period: string;
  readonly start_date: string;
  readonly end_date: string | null;
  readonly time_zone: string;
  readonly rollover: string;
  readonly thresholds: readonly StoredThreshold[];
  /** A date, or its text where it comes out of JSON. */
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
}

export const BUDGET_MAPPING: Mapping<BudgetState, WrittenBudgetRow> = {
  table: BudgetTable,
  hidden: ['searchText'],
  aggregateType: BUDGET_TYPE,
  subject: ({ name }) => name,
  toRow: (budget) => ({
    name: budget.name,
    ownerTeamId: budget.ownerTeamId,
    scope: toStoredScope(budget.scope),
    currency: budget.currency,
    limitAmount: String(budget.limit),
    period: budget.period,
    startDate: budget.startDate,
    endDate: budget.endDate,
    timeZone: budget.timeZone,
    rollover: budget.rollover,
    thresholds: budget.thresholds.map(({ percent, action, priority }) => ({ percent, action, priority })),
    searchText: foldCase(budget.name),
  }),
};

const toStoredScope = ({ teamId, environment, categoryIds, selector }: BudgetScope): StoredScope => ({
  team_id: teamId,
  environment,
  category_ids: categoryIds,
  selector,
});

const toScope = (scope: StoredScope): BudgetScope => ({
  teamId: scope.team_id,
  environment: scope.environment,
  categoryIds: scope.category_ids as readonly CategoryId[],
  selector: scope.selector,
});

const toThreshold = ({ percent, action, priority }: StoredThreshold): Threshold => ({
  percent,
  action: action as ThresholdAction,
  priority,
});

/** What was checked on its way in is trusted on its way out. */
export function toBudgetState(row: BudgetRow): BudgetState {
  const { createdAt, createdBy, updatedAt, updatedBy } = row;
  return {
    id: row.id as BudgetId,
    tenant: tenantFromColumn(row.tenant),
    version: row.version,
    stamp: { createdAt, createdBy, updatedAt, updatedBy },
    ...toBudgetContent({
      ...row,
      owner_team_id: row.ownerTeamId,
      limit_amount: row.limitAmount,
      start_date: row.startDate,
      end_date: row.endDate,
      time_zone: row.timeZone,
    }),
  };
}

type RecordedContent = Omit<
  BudgetRecord,
  'id' | 'tenant' | 'version' | 'created_at' | 'created_by' | 'updated_at' | 'updated_by'
>;

/** A row as the change log kept it. */
export const toBudgetContent = (record: RecordedContent): BudgetContent => ({
  name: record.name,
  ownerTeamId: record.owner_team_id,
  scope: toScope(record.scope),
  currency: record.currency as CurrencyCode,
  limit: BigInt(record.limit_amount),
  period: record.period as Period,
  startDate: record.start_date,
  endDate: record.end_date,
  timeZone: record.time_zone,
  rollover: record.rollover as Rollover,
  thresholds: record.thresholds.map(toThreshold),
});

/** A present row that one of our own statements read. */
export const toStoredBudget = (record: BudgetRecord): BudgetState => {
  const view = toBudgetView(record);
  return { ...view, id: view.id as BudgetId };
};

/** As it is shown. */
export function toBudgetView(record: BudgetRecord): BudgetView {
  return {
    ...toBudgetContent(record),
    id: record.id,
    tenant: tenantFromColumn(record.tenant),
    version: record.version,
    stamp: {
      createdAt: new Date(record.created_at),
      createdBy: record.created_by,
      updatedAt: new Date(record.updated_at),
      updatedBy: record.updated_by,
    },
  };
}
