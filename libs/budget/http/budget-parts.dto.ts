import { AlwaysDescribed, Choice, Text, TextList, Uuid, Whole } from '#platform/http';
import { ITEM_ENVIRONMENT_LENGTH_MAX } from '../domain/item.js';
import { SCOPE_CATEGORIES_MAX } from '../domain/scope.js';
import { PERCENT_MAX, PRIORITY_MAX, PRIORITY_MIN, THRESHOLD_ACTIONS } from '../domain/threshold.js';

const CATEGORIES = {
  maxItems: SCOPE_CATEGORIES_MAX,
  description:
    'Items of one of these or of one below them; what flows in is a refund then. Empty: of any category or none, and what flows in does not count.',
} as const;
const SELECTOR = {
  nullable: true,
  max: 4_096,
  description: 'What labels of items are like, in the words of Kubernetes. Null: whatever they are.',
  example: 'trip in (paris,rome),!private',
} as const;
const TEAM = { nullable: true, description: 'Items of this team alone.' } as const;
const ENVIRONMENT = {
  nullable: true,
  min: 1,
  max: ITEM_ENVIRONMENT_LENGTH_MAX,
  description: 'Items of this environment alone.',
  example: 'production',
} as const;

/** Which items count: those that fit all of it. */
export class BudgetScopeBody {
  @Uuid({ optional: true, ...TEAM })
  readonly team_id?: string | null;

  @Text({ optional: true, ...ENVIRONMENT })
  readonly environment?: string | null;

  @TextList({ optional: true, nullable: true, ...CATEGORIES })
  readonly category_ids?: readonly string[] | null;

  @Text({ optional: true, ...SELECTOR })
  readonly selector?: string | null;
}

export class BudgetScopeResponse {
  @Uuid(TEAM)
  readonly team_id!: string | null;

  @Text(ENVIRONMENT)
  readonly environment!: string | null;

  @TextList(CATEGORIES)
  readonly category_ids!: readonly string[];

  @Text(SELECTOR)
  readonly selector!: string | null;
}

const PERCENT = {
  type: 'number',
  exclusiveMinimum: 0,
  maximum: PERCENT_MAX,
  multipleOf: 0.001,
  description: 'Of the limit with what was carried in. No two of a budget are the same.',
  example: 80,
} as const;
const ACTION = {
  description: 'Only an event, or an event and a supervisor request in the store `budget`.',
  example: 'supervisor_request',
} as const;
const PRIORITY = {
  nullable: true,
  min: PRIORITY_MIN,
  max: PRIORITY_MAX,
  description: 'Of the supervisor request, 1 is the most urgent. Null: 3.',
} as const;

/** Crossed once in each period, whatever is spent or comes back after it. */
export class ThresholdBody {
  @AlwaysDescribed(PERCENT)
  readonly percent!: number;

  @Choice(THRESHOLD_ACTIONS, ACTION)
  readonly action!: string;

  @Whole({ optional: true, ...PRIORITY })
  readonly priority?: number | null;
}

export class ThresholdResponse {
  @AlwaysDescribed(PERCENT)
  readonly percent!: number;

  @Choice(THRESHOLD_ACTIONS, ACTION)
  readonly action!: string;

  @Whole(PRIORITY)
  readonly priority!: number | null;
}
