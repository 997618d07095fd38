import { Choice, Instant, Nested, REASON, Text, Whole } from '#platform/http';
import {
  ENDPOINT_NAME_LENGTH_MAX,
  HOST_LENGTH_MAX,
  PROTOCOL_LENGTH_MAX,
  VISIBILITIES,
} from '../domain/endpoint.js';
import { HEALTH_STATUSES, OUTPUT_BYTES_MAX, TTL_SECONDS_MAX } from '../domain/health.js';
import { URL_LENGTH_MAX } from '../domain/link.js';

const EXAMPLE = 'https://orders.example.com';

/** Where it is reached; the name stands in the path. */
export class PutEndpointBody {
  @Text({
    optional: true,
    nullable: true,
    max: URL_LENGTH_MAX,
    description: 'A whole URL without a password; or else host, port and protocol.',
    example: EXAMPLE,
  })
  readonly url?: string | null;

  @Text({
    optional: true,
    nullable: true,
    max: HOST_LENGTH_MAX,
    description: 'A DNS name or an IP address.',
  })
  readonly host?: string | null;

  @Whole({ optional: true, nullable: true, min: 1, max: 65_535 })
  readonly port?: number | null;

  @Text({ optional: true, nullable: true, max: PROTOCOL_LENGTH_MAX, description: 'For example `grpc`.' })
  readonly protocol?: string | null;

  @Choice(VISIBILITIES, { optional: true, default: 'internal' })
  readonly visibility?: (typeof VISIBILITIES)[number];

  @Text(REASON)
  readonly change_reason?: string | null;
}

/** What a check found. */
export class ReportHealthBody {
  @Choice(HEALTH_STATUSES)
  readonly status!: (typeof HEALTH_STATUSES)[number];

  @Text({
    optional: true,
    nullable: true,
    max: OUTPUT_BYTES_MAX,
    description: 'What the check says, at most 4 KiB.',
  })
  readonly output?: string | null;

  @Whole({
    optional: true,
    nullable: true,
    min: 1,
    max: TTL_SECONDS_MAX,
    description:
      'For how long it holds; after that the endpoint reads as critical. Absent: until the next check.',
  })
  readonly ttl_seconds?: number | null;
}

export class EndpointHealthResponse {
  @Choice(HEALTH_STATUSES, {
    description: 'As it reads now: critical once the check is older than it holds.',
  })
  readonly status!: string;

  @Text()
  readonly output!: string;

  @Instant({ nullable: true, description: 'Null: nobody ever checked.' })
  readonly checked_at!: string | null;

  @Whole({ nullable: true, min: 1 })
  readonly ttl_seconds!: number | null;
}

export class EndpointResponse {
  @Text({ max: ENDPOINT_NAME_LENGTH_MAX, example: 'web' })
  readonly name!: string;

  @Text({ nullable: true, example: EXAMPLE })
  readonly url!: string | null;

  @Text({ nullable: true })
  readonly host!: string | null;

  @Whole({ nullable: true })
  readonly port!: number | null;

  @Text({ nullable: true })
  readonly protocol!: string | null;

  @Choice(VISIBILITIES)
  readonly visibility!: string;

  @Nested(() => EndpointHealthResponse, {
    nullable: true,
    description: 'Null where the resource is shown as it was in the past.',
  })
  readonly health!: EndpointHealthResponse | null;
}
