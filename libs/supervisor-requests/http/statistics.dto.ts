import { AlwaysDescribed, Instant, ListOf, Nested, TenantQuery, Text, Whole } from '#platform/http';

const seconds = (description: string): Parameters<typeof AlwaysDescribed>[0] => ({
  ...{ type: 'number', minimum: 0, description },
  example: 12.345,
});

export class StatisticsQuery extends TenantQuery {
  @Instant({ optional: true, description: 'Requests that were made at this instant or later.' })
  readonly from?: string;

  @Instant({ optional: true, description: 'Requests that were made before this instant.' })
  readonly until?: string;
}

export class CountsResponse {
  @Whole({ min: 0, example: 4 })
  readonly pending_response!: number;

  @Whole({ min: 0, example: 90 })
  readonly response_received!: number;

  @Whole({ min: 0, example: 5 })
  readonly timeout!: number;

  @Whole({ min: 0, example: 1 })
  readonly cancelled!: number;
}

export class ResolutionsResponse {
  @Whole({ min: 0, example: 92 })
  readonly resolved!: number;

  @Whole({ min: 0, example: 4 })
  readonly unresolved!: number;
}

export class BacklogResponse {
  @Whole({ min: 1, max: 5, description: '1 is the most urgent.', example: 1 })
  readonly priority!: number;

  @Whole({ min: 0, example: 3 })
  readonly count!: number;
}

export class OldestPendingResponse {
  @Instant()
  readonly request_timestamp!: string;

  @AlwaysDescribed(seconds('How long it has been pending.'))
  readonly age_seconds!: number;
}

/** Each is a time that one of the requests really took: the shortest that so many of a hundred took at most. */
export class PercentilesResponse {
  @AlwaysDescribed(seconds('Half of them took at most that long.'))
  readonly p50!: number;

  @AlwaysDescribed(seconds('90 of 100 took at most that long.'))
  readonly p90!: number;

  @AlwaysDescribed(seconds('95 of 100 took at most that long.'))
  readonly p95!: number;
}

export class StatisticsResponse {
  @Text({ example: 'store-42' })
  readonly store_id!: string;

  @Text({
    nullable: true,
    description: 'Its requests and the shared ones; null: the shared ones alone.',
    example: 'acme',
  })
  readonly tenant_id!: string | null;

  @Instant({ nullable: true, description: 'Null: from the first request on.' })
  readonly from!: string | null;

  @Instant({ nullable: true, description: 'Null: up to the last request.' })
  readonly until!: string | null;

  @Instant({ description: 'The instant by which all of this is so.' })
  readonly as_of!: string;

  @Nested(() => CountsResponse, { description: 'Requests of the window by their status_code.' })
  readonly counts!: CountsResponse;

  @Nested(() => ResolutionsResponse, { description: 'Requests of the window by their resolution.' })
  readonly resolutions!: ResolutionsResponse;

  @AlwaysDescribed({
    ...{ type: 'number', minimum: 0, maximum: 1, nullable: true, example: 0.052 },
    description: 'Timeouts of the window among its requests that are not pending; null where all are.',
  })
  readonly timeout_rate!: number | null;

  @Nested(() => PercentilesResponse, {
    nullable: true,
    description:
      'Seconds to the first claim, of the requests of the window that had one; null where none had.',
  })
  readonly seconds_to_claim!: PercentilesResponse | null;

  @Nested(() => PercentilesResponse, {
    nullable: true,
    description:
      'Seconds to the response, of the requests of the window that had one in time; null where none had.',
  })
  readonly seconds_to_response!: PercentilesResponse | null;

  @ListOf(() => BacklogResponse, {
    description: 'What is pending now, whenever it was made, for each priority.',
  })
  readonly backlog!: readonly BacklogResponse[];

  @Nested(() => OldestPendingResponse, {
    nullable: true,
    description: 'Of what is pending now, whenever it was made; null where nothing is.',
  })
  readonly oldest_pending!: OldestPendingResponse | null;
}
