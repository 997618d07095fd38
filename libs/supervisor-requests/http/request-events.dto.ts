import { Text } from '#platform/http';

export class RequestEventsQuery {
  @Text({
    optional: true,
    max: 80,
    description:
      'Go on after this position: an `id` of this stream. What the header Last-Event-ID says counts more.',
  })
  readonly after?: string;
}

export class StoreEventsQuery extends RequestEventsQuery {
  @Text({
    optional: true,
    max: 63,
    description:
      'The tenant whose requests are followed, and the shared ones with them. Absent: that of the credential, else the shared ones alone.',
  })
  readonly tenant_id?: string;
}
