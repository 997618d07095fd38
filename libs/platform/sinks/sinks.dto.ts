import { AnyOf, Instant, ListOf, listResponse, Nested, Text, Uuid, Whole, YesNo } from '#platform/http';

/** A page of what belongs to the care for sinks; the order is fixed. */
export class SinkPageQuery {
  @Whole({ optional: true, min: 1, max: 1_000, default: 100, description: 'Items a page.' })
  readonly limit: number = 100;

  @Text({ optional: true, min: 1, max: 4_096, description: '`next_cursor` of the page before; opaque.' })
  readonly cursor?: string;

  @YesNo({ optional: true, default: false, description: 'Also count all items.' })
  readonly include_total?: boolean;
}

export class SinksQuery extends SinkPageQuery {
  @AnyOf({ description: 'Kinds, for example kinesis or webhook; any of them.' })
  readonly kind?: string[];

  @Text({
    optional: true,
    max: 63,
    description: 'Whose sinks. Absent: the credential’s tenant’s, else all.',
  })
  readonly tenant_id?: string;
}

/** A sink in one stream. */
export class SinkStreamResponse {
  @Text({
    nullable: true,
    description: 'The tenant whose stream it is; null: the stream of the shared rows.',
  })
  readonly tenant_id!: string | null;

  @Whole({ min: 0, description: 'Everything up to this revision is delivered, or put aside.' })
  readonly checkpoint!: number;

  @Whole({ min: 0, description: 'The newest revision of the stream.' })
  readonly head!: number;

  @Whole({ min: 0, description: 'Revisions between the two.' })
  readonly lag_revisions!: number;

  @Instant({ nullable: true, description: 'When the oldest change came that is not delivered.' })
  readonly oldest_at!: string | null;
}

/** What went wrong last; older than the last success, it is over. */
export class SinkErrorResponse {
  @Instant()
  readonly at!: string;

  @Text({ example: 'ProvisionedThroughputExceededException' })
  readonly reason!: string;
}

/** What a sink put aside. */
export class SinkParkedCount {
  @Whole({ min: 0 })
  readonly count!: number;
}

/** A sink, and how it fares. */
export class SinkResponse {
  @Text({ example: 'kinesis' })
  readonly name!: string;

  @Text({ example: 'kinesis' })
  readonly kind!: string;

  @Text({ nullable: true, description: 'Whose it is; null: the installation’s own.' })
  readonly tenant_id!: string | null;

  @ListOf(() => SinkStreamResponse, {
    description: 'Its streams, those first that are furthest behind; at most 100.',
  })
  readonly streams!: readonly SinkStreamResponse[];

  @Whole({ min: 0, description: 'How many streams it is told.' })
  readonly stream_count!: number;

  @Whole({ min: 0, description: 'Revisions that are not delivered, of all streams.' })
  readonly lag_revisions!: number;

  @Whole({
    min: 0,
    description: 'Age of the oldest change that is not delivered, in seconds; 0: everything is.',
  })
  readonly lag_seconds!: number;

  @Whole({
    nullable: true,
    min: 0,
    description: 'What was read from the log and waits to be delivered; null where nothing can.',
  })
  readonly pending!: number | null;

  @Uuid({ nullable: true, description: 'The replica that runs it; null: none does now.' })
  readonly held_by!: string | null;

  @Instant({ nullable: true })
  readonly held_until!: string | null;

  @Nested(() => SinkErrorResponse, { nullable: true })
  readonly last_error!: SinkErrorResponse | null;

  @Instant({ nullable: true })
  readonly last_success_at!: string | null;

  @Nested(() => SinkParkedCount, { description: 'What can never be delivered as it is.' })
  readonly parked!: SinkParkedCount;
}

export class SinkListResponse extends listResponse(() => SinkResponse) {}

/** An event that was put aside, because the place outside will never take it. */
export class ParkedEventResponse {
  @Uuid()
  readonly id!: string;

  @Text({ nullable: true, description: 'The tenant of its stream; null: the stream of the shared rows.' })
  readonly tenant_id!: string | null;

  @Text({ description: '`id` of the event.', example: 'acme-42-0' })
  readonly event_id!: string;

  @Text({ example: 'io.metastore.metadata.entry.created.v1' })
  readonly type!: string;

  @Text({ description: 'Its aggregate: later events of the same went on without it.' })
  readonly partitionkey!: string;

  @Text()
  readonly subject!: string;

  @Instant({ description: 'When it happened.' })
  readonly time!: string;

  @Text({ description: 'Why it was put aside.' })
  readonly reason!: string;

  @Instant()
  readonly parked_at!: string;
}

export class ParkedEventListResponse extends listResponse(() => ParkedEventResponse) {}
