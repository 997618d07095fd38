import { AnyJson, AnyOf, Choice, Instant, ListOf, Nested, Text, Uuid, Whole, YesNo } from '#platform/http';
import { POSITION } from './stream-position.js';

/** Which stream is read, and which events of it. */
abstract class EventSelection {
  @AnyOf({ description: 'Event types, for example io.metastore.metadata.entry.created.v1; any of them.' })
  readonly types?: string[];

  @AnyOf({ description: '`<context>.<aggregate>`, for example metadata.entry; any of them.' })
  readonly aggregate_type?: string[];

  @AnyOf({ format: 'uuid', description: 'Ids of aggregates; any of them.' })
  readonly aggregate_id?: string[];

  @Text({ optional: true, max: 512, description: 'Beginning of the subject, for example production/app.' })
  readonly prefix?: string;

  @Text({
    optional: true,
    max: 63,
    description:
      'The tenant whose stream is read. Absent: the one of the credential, else the stream of the shared rows.',
  })
  readonly tenant_id?: string;

  @YesNo({ optional: true, default: false, description: 'Read the stream of the shared rows too.' })
  readonly include_shared?: boolean;
}

export class EventsQuery extends EventSelection {
  @Text({
    optional: true,
    max: 60,
    pattern: POSITION,
    description:
      'Only what came after this position: `next` of the page before, or `id` of an event of the stream. Absent: from the beginning.',
  })
  readonly after?: string;

  @Whole({
    optional: true,
    min: 1,
    max: 1_000,
    default: 100,
    description: 'A page ends where a transaction ends, so that it may hold some more.',
  })
  readonly limit: number = 100;
}

export class EventStreamQuery extends EventSelection {
  @Text({
    optional: true,
    max: 60,
    pattern: POSITION,
    description:
      'Only what came after this position: `next` of a page, or `id` of an event of the stream. Absent: from now on. `Last-Event-ID` counts more.',
  })
  readonly after?: string;
}

export type { EventSelection };

/** What changed. */
export class EventData {
  @Uuid()
  readonly id!: string;

  @Whole({ min: 0, description: 'The version that the change made; 0 for an act that changes nothing.' })
  readonly version!: number;

  @Text({ description: 'Who did it.' })
  readonly actor!: string;

  @Text({ nullable: true, description: 'Why, in the words of the actor.' })
  readonly change_reason!: string | null;

  @Whole({ nullable: true, min: 1, description: 'The version that was brought back.' })
  readonly rolled_back_from!: number | null;

  @Text({ nullable: true, description: 'The request that did it.' })
  readonly request_id!: string | null;

  @AnyJson({ description: 'The resource after the change; null when it is gone.' })
  readonly state!: object | null;
}

/** A CloudEvent 1.0 in its structured JSON form. */
export class EventResponse {
  @Choice(['1.0'])
  readonly specversion!: string;

  @Text({
    description: 'Stable for ever: a reader that keeps it sees each event once.',
    example: 'acme-42-0',
  })
  readonly id!: string;

  @Text({ example: '/metastore/acme' })
  readonly source!: string;

  @Text({ example: 'io.metastore.metadata.entry.created.v1' })
  readonly type!: string;

  @Text({ example: 'production/app.database.pool_size' })
  readonly subject!: string;

  @Instant()
  readonly time!: string;

  @Choice(['application/json'])
  readonly datacontenttype!: string;

  @Text({ description: 'Sorts as text in the order of its stream.', example: '000000000000042.000' })
  readonly sequence!: string;

  @Text({ description: 'The id of the aggregate: events with the same key stay in order.' })
  readonly partitionkey!: string;

  @Whole({ min: 1, description: 'Dense within the stream; changes of one transaction share it.' })
  readonly revision!: number;

  @Nested(() => EventData)
  readonly data!: EventData;
}

/** Events in the order of their stream, and where to go on. */
export class EventPageResponse {
  @ListOf(() => EventResponse)
  readonly items!: readonly EventResponse[];

  @Text({
    description:
      'Send it as `after` to go on. All events up to here were looked at, whether they fitted or not: with a filter a page may have no items and not be the last one, as long as this moves on.',
    example: '42',
  })
  readonly next!: string;
}
