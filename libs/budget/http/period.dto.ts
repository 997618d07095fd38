import { AlwaysDescribed, ListOf, Text } from '#platform/http';

const DAY = { min: 10, max: 10, example: '2026-05-01' } as const;
const DATE = { type: 'string', format: 'date', example: '2026-05-01' } as const;

export class BudgetPeriodsQuery {
  @Text({
    ...DAY,
    optional: true,
    description:
      'Periods with this day or a later one. Absent: from the first on, or the last 1000 of the window.',
  })
  readonly from?: string;

  @Text({
    ...DAY,
    optional: true,
    description: 'Periods with a day before this one. Absent: until the present one, or the first.',
  })
  readonly until?: string;
}

const MONEY = { type: 'string', example: '250.00' } as const;
const SIGNED = { ...MONEY, pattern: '^-?(0|[1-9][0-9]*)([.][0-9]+)?$' } as const;

export class BudgetPeriodResponse {
  @AlwaysDescribed({ ...DATE, description: 'The first day.' })
  readonly from!: string;

  @AlwaysDescribed({
    ...DATE,
    nullable: true,
    description: 'The first day after it. Null: it goes on.',
    example: '2026-06-01',
  })
  readonly until!: string | null;

  @AlwaysDescribed({ ...MONEY, example: '1000.00' })
  readonly limit!: string;

  @AlwaysDescribed({ ...SIGNED, description: 'What the periods before left, or owe.' })
  readonly carried_in!: string;

  @AlwaysDescribed({ ...SIGNED, description: 'Below zero where more came back than went out.' })
  readonly spent!: string;

  @AlwaysDescribed({ ...SIGNED, description: 'limit and carried_in, without spent.', example: '750.00' })
  readonly remaining!: string;

  @AlwaysDescribed({
    type: 'number',
    nullable: true,
    description:
      'What spent is of limit and carried_in, cut after three decimals. Null where there is nothing to spend.',
    example: 25,
  })
  readonly percent!: number | null;
}

export class BudgetPeriodsResponse {
  @AlwaysDescribed({ type: 'string', description: 'Of all amounts.', example: 'USD' })
  readonly currency!: string;

  @ListOf(() => BudgetPeriodResponse, { description: 'The oldest first.' })
  readonly items!: readonly BudgetPeriodResponse[];
}
