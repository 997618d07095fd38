import { Instant, ListOf, Text, Whole } from '#platform/http';

export class UsageQuery {
  @Instant({
    optional: true,
    description: 'Hours that begin at this instant or after it. Absent: seven days before `until`.',
  })
  readonly from?: string;

  @Instant({ optional: true, description: 'Hours that begin before this instant. Absent: now.' })
  readonly until?: string;
}

/** How often a flag gave a variant for a reason. */
export class UsageCountResponse {
  @Text({ description: 'As in an evaluation.' })
  readonly reason!: string;

  @Text({ nullable: true, description: 'Null where no variant was drawn or named.' })
  readonly variant!: string | null;

  @Whole()
  readonly count!: number;
}

/** The same within an hour. */
export class HourlyUsageCountResponse extends UsageCountResponse {
  @Instant({ description: 'When the hour begins, in UTC.' })
  readonly hour!: string;
}

/** How a flag was used. */
export class FlagUsageResponse {
  @Instant()
  readonly from!: string;

  @Instant()
  readonly until!: string;

  @Instant({ nullable: true, description: 'In the last 90 days, whatever the window; null: never.' })
  readonly last_evaluated_at!: string | null;

  @Whole({ description: 'All evaluations of the window.' })
  readonly total!: number;

  @ListOf(() => UsageCountResponse, { description: 'The evaluations of the window, by reason and variant.' })
  readonly totals!: readonly UsageCountResponse[];

  @ListOf(() => HourlyUsageCountResponse, {
    description: 'The same by the hour, the oldest first; hours without any are left out.',
  })
  readonly hours!: readonly HourlyUsageCountResponse[];
}
