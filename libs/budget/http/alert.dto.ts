import {
  AlwaysDescribed,
  Choice,
  Instant,
  listResponse,
  Nested,
  PageQuery,
  Text,
  Uuid,
} from '#platform/http';
import { THRESHOLD_ACTIONS } from '../domain/threshold.js';

const DATE = { type: 'string', format: 'date' } as const;
const MONEY = { type: 'string', example: '812.50' } as const;

/** The alerts of a budget are of its tenant: there is no other to look for. */
export class AlertListQuery extends PageQuery {}

export class AlertPeriodResponse {
  @AlwaysDescribed({ ...DATE, description: 'The first day.', example: '2026-05-01' })
  readonly from!: string;

  @AlwaysDescribed({ ...DATE, nullable: true, description: 'The first day after it.', example: '2026-06-01' })
  readonly until!: string | null;
}

export class AlertResponse {
  @Uuid()
  readonly id!: string;

  @Text({ nullable: true, description: 'Whose it is; null belongs to all tenants.', example: 'acme' })
  readonly tenant_id!: string | null;

  @Uuid()
  readonly budget_id!: string;

  @Nested(() => AlertPeriodResponse)
  readonly period!: AlertPeriodResponse;

  @AlwaysDescribed({ type: 'number', description: 'The threshold that was crossed.', example: 80 })
  readonly percent!: number;

  @Choice(THRESHOLD_ACTIONS)
  readonly action!: string;

  @Text({ description: 'ISO 4217.', example: 'USD' })
  readonly currency!: string;

  @AlwaysDescribed({ ...MONEY, description: 'What was spent then.' })
  readonly spent!: string;

  @AlwaysDescribed({ ...MONEY, description: 'The limit with what was carried in, then.', example: '1000.00' })
  readonly available!: string;

  @Uuid({
    nullable: true,
    description: 'The item that crossed it, the last one of several. Null: the budget itself was changed.',
  })
  readonly item_id!: string | null;

  @Uuid({ nullable: true, description: 'The one that is asked about it.' })
  readonly supervisor_request_id!: string | null;

  @Instant({
    nullable: true,
    description: 'When the supervisor request was there. Null: not yet, or none is.',
  })
  readonly opened_at!: string | null;

  @Instant()
  readonly created_at!: string;
}

export class AlertListResponse extends listResponse(() => AlertResponse) {}
