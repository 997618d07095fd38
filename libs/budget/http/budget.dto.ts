import {
  AlwaysDescribed,
  AnyOf,
  Choice,
  Described,
  ListOf,
  ListQuery,
  listResponse,
  Nested,
  REASON,
  ResourceResponse,
  Text,
  Uuid,
} from '#platform/http';
import { BUDGET_NAME_LENGTH_MAX } from '../domain/budget.js';
import { ROLLOVERS } from '../domain/budget-period.js';
import { PERIODS } from '../domain/period.js';
import { THRESHOLDS_MAX } from '../domain/threshold.js';
import {
  BudgetScopeBody,
  BudgetScopeResponse,
  ThresholdBody,
  ThresholdResponse,
} from './budget-parts.dto.js';

const NAME = {
  min: 1,
  max: BUDGET_NAME_LENGTH_MAX,
  description: 'Unique in the tenant.',
  example: 'Groceries',
} as const;
const OWNER = { nullable: true, description: 'A team of the catalog, asked about alerts.' } as const;
const CURRENCY = { type: 'string', pattern: '^[A-Z]{3}$', description: 'ISO 4217.', example: 'USD' } as const;
const LIMIT = {
  type: 'string',
  pattern: '^(0|[1-9][0-9]*)([.][0-9]+)?$',
  description:
    'What each period adds, with exactly the decimals of the currency. 0: nothing is to be spent at all.',
  example: '1000.00',
} as const;
const PERIOD = {
  description: 'When it begins anew: counted from start_date. once: never.',
  example: 'monthly',
} as const;
const DATE = { type: 'string', format: 'date', example: '2026-01-31' } as const;
const START = {
  ...DATE,
  description:
    'The first day, from which periods repeat. A month that is too short for the day begins on its last one, and the next one on the day again.',
} as const;
const END = {
  ...DATE,
  nullable: true,
  description: 'The first day that does not count any more: the last period ends there. Null: it goes on.',
  example: '2027-01-01',
} as const;
const TIME_ZONE = {
  description: 'A name of the IANA time zone database: it tells which day it is, and so which period.',
  example: 'Europe/Berlin',
} as const;
const ROLLOVER = {
  description:
    'What the next period gets of what remains: nothing, what is above zero, or all of it, debts too.',
  example: 'surplus',
} as const;
/** What may be said of a budget besides what it is called, and how much it is. */
abstract class BudgetProperties {
  @Uuid({ optional: true, ...OWNER })
  readonly owner_team_id?: string | null;

  @Described(END)
  readonly end_date?: string | null;

  @Choice(ROLLOVERS, { optional: true, default: 'none', ...ROLLOVER })
  readonly rollover?: string;

  @ListOf(() => ThresholdBody, { optional: true, nullable: true, maxItems: THRESHOLDS_MAX })
  readonly thresholds?: readonly ThresholdBody[] | null;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class CreateBudgetBody extends BudgetProperties {
  @Uuid({
    optional: true,
    description: 'Of the caller’s choice; the same id with the same content may be sent again.',
  })
  readonly id?: string;

  @Text({
    optional: true,
    nullable: true,
    max: 63,
    description: 'Null for all tenants: it counts shared items alone. Absent: the tenant of the credential.',
    example: 'acme',
  })
  readonly tenant_id?: string | null;

  @Text(NAME)
  readonly name!: string;

  @Nested(() => BudgetScopeBody, { optional: true, nullable: true, description: 'Absent: all items.' })
  readonly scope?: BudgetScopeBody | null;

  @AlwaysDescribed(CURRENCY)
  readonly currency!: string;

  @AlwaysDescribed(LIMIT)
  readonly limit!: string;

  @Choice(PERIODS, PERIOD)
  readonly period!: string;

  @AlwaysDescribed(START)
  readonly start_date!: string;

  @Text({ optional: true, default: 'UTC', min: 1, max: 64, ...TIME_ZONE })
  readonly time_zone?: string;
}

/** What may be changed of a budget. */
abstract class BudgetChangeProperties extends BudgetProperties {
  @Text({ ...NAME, optional: true })
  readonly name?: string;

  @Described({ ...CURRENCY, description: 'Another one with other decimals wants the limit said anew.' })
  readonly currency?: string;

  @Described(LIMIT)
  readonly limit?: string;

  @Choice(PERIODS, { optional: true, ...PERIOD })
  readonly period?: string;

  @Described(START)
  readonly start_date?: string;

  @Text({ optional: true, min: 1, max: 64, ...TIME_ZONE })
  readonly time_zone?: string;
}

export class ReviseBudgetBody extends BudgetChangeProperties {
  @Nested(() => BudgetScopeBody, {
    optional: true,
    nullable: true,
    description: 'Replaced whole. Null: all items.',
  })
  readonly scope?: BudgetScopeBody | null;
}

export class PatchBudgetBody extends BudgetChangeProperties {
  @Nested(() => BudgetScopeBody, {
    optional: true,
    nullable: true,
    description: 'Merged member by member. Null: all items.',
  })
  readonly scope?: BudgetScopeBody | null;
}

export class BudgetListQuery extends ListQuery {
  @AnyOf({ description: 'Of any of these teams.' })
  readonly owner_team_id?: string[];

  @AnyOf({ description: 'In any of these currencies.', example: ['USD'] })
  readonly currency?: string[];

  @Text({ optional: true, min: 1, max: 255, description: 'Anywhere in the name, whatever the case.' })
  readonly q?: string;
}

export class BudgetResponse extends ResourceResponse {
  @Text(NAME)
  readonly name!: string;

  @Uuid(OWNER)
  readonly owner_team_id!: string | null;

  @Nested(() => BudgetScopeResponse)
  readonly scope!: BudgetScopeResponse;

  @AlwaysDescribed(CURRENCY)
  readonly currency!: string;

  @AlwaysDescribed(LIMIT)
  readonly limit!: string;

  @Choice(PERIODS, PERIOD)
  readonly period!: string;

  @AlwaysDescribed(START)
  readonly start_date!: string;

  @AlwaysDescribed(END)
  readonly end_date!: string | null;

  @Text(TIME_ZONE)
  readonly time_zone!: string;

  @Choice(ROLLOVERS, ROLLOVER)
  readonly rollover!: string;

  @ListOf(() => ThresholdResponse, { maxItems: THRESHOLDS_MAX })
  readonly thresholds!: readonly ThresholdResponse[];
}

export class BudgetListResponse extends listResponse(() => BudgetResponse) {}
