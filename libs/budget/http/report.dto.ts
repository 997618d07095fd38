import { AlwaysDescribed, ListOf } from '#platform/http';
import { GROUPINGS } from '../domain/report.js';
import { INTERVALS } from '../domain/time-series.js';

const DECIMAL = { type: 'string', pattern: '^(0|[1-9][0-9]*)([.][0-9]+)?$' } as const;
const SIGNED = { type: 'string', pattern: '^-?(0|[1-9][0-9]*)([.][0-9]+)?$' } as const;
const CURRENCY = { type: 'string', pattern: '^[A-Z]{3}$', description: 'ISO 4217.', example: 'USD' } as const;
const DATE = { type: 'string', format: 'date' } as const;

/** With the decimals of the currency, and as large as they come. */
abstract class SumsResponse {
  @AlwaysDescribed({ ...DECIMAL, example: '2500.00' })
  readonly inflow!: string;

  @AlwaysDescribed({ ...DECIMAL, example: '812.34' })
  readonly outflow!: string;

  @AlwaysDescribed({ ...SIGNED, description: 'inflow without outflow.', example: '1687.66' })
  readonly net!: string;

  @AlwaysDescribed({ type: 'integer', description: 'How many items.', example: 42 })
  readonly count!: number;
}

export class SummaryRowResponse extends SumsResponse {
  @AlwaysDescribed({
    type: 'string',
    nullable: true,
    description:
      'An id, the key of an environment, or a month such as 2026-05. Null: of items that have none.',
    example: '01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10',
  })
  readonly key!: string | null;

  @AlwaysDescribed({
    type: 'string',
    nullable: true,
    description: 'Of a payee, or of a category and all that it stands below.',
    example: 'Food:Groceries',
  })
  readonly name!: string | null;

  @AlwaysDescribed(CURRENCY)
  readonly currency!: string;
}

export class SummaryRestResponse extends SumsResponse {
  @AlwaysDescribed(CURRENCY)
  readonly currency!: string;

  @AlwaysDescribed({ type: 'integer', description: 'How many groups are not shown.', example: 7 })
  readonly groups!: number;
}

export class SummaryTotalResponse extends SumsResponse {
  @AlwaysDescribed(CURRENCY)
  readonly currency!: string;
}

export class SummaryResponse {
  @AlwaysDescribed({ type: 'string', enum: [...GROUPINGS], example: 'category' })
  readonly group_by!: string;

  @ListOf(() => SummaryRowResponse, {
    description: 'By currency; the group with most money first, months one after another.',
  })
  readonly items!: readonly SummaryRowResponse[];

  @ListOf(() => SummaryRestResponse, { description: 'What the groups beyond the limit come to.' })
  readonly rest!: readonly SummaryRestResponse[];

  @ListOf(() => SummaryTotalResponse, { description: 'items and rest together.' })
  readonly totals!: readonly SummaryTotalResponse[];
}

export class IntervalResponse extends SumsResponse {
  @AlwaysDescribed({ ...DATE, description: 'The first day.', example: '2026-05-01' })
  readonly from!: string;

  @AlwaysDescribed({
    ...DATE,
    nullable: true,
    description: 'The first day after it. Null: there is none.',
    example: '2026-06-01',
  })
  readonly until!: string | null;
}

export class SeriesResponse {
  @AlwaysDescribed(CURRENCY)
  readonly currency!: string;

  @ListOf(() => IntervalResponse, { description: 'All of them, the oldest first, also those without items.' })
  readonly items!: readonly IntervalResponse[];
}

export class TimeSeriesResponse {
  @AlwaysDescribed({ type: 'string', enum: [...INTERVALS], example: 'month' })
  readonly interval!: string;

  @AlwaysDescribed({
    ...DATE,
    nullable: true,
    description: 'The first day looked at. Null: there are no items.',
    example: '2026-05-01',
  })
  readonly from!: string | null;

  @AlwaysDescribed({
    ...DATE,
    nullable: true,
    description: 'The first day not looked at. Null: there are no items, or those of the last day there is.',
    example: '2027-05-01',
  })
  readonly until!: string | null;

  @ListOf(() => SeriesResponse, { description: 'One a currency.' })
  readonly series!: readonly SeriesResponse[];
}
