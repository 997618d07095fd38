import {
  AlwaysDescribed,
  Choice,
  Described,
  Instant,
  LABELS,
  ListOf,
  listResponse,
  REASON,
  ResourceResponse,
  Text,
  Uuid,
  Whole,
  YesNo,
} from '#platform/http';
import { ENDPOINTS_MAX, VISIBILITIES } from '../domain/endpoint.js';
import { HEALTH_STATUSES, TTL_SECONDS_MAX } from '../domain/health.js';
import { LINKS_MAX } from '../domain/link.js';
import {
  LIFECYCLE_STATUSES,
  RESOURCE_DESCRIPTION_LENGTH_MAX,
  RESOURCE_NAME_LENGTH_MAX,
  RESOURCE_TYPE_LENGTH_MAX,
} from '../domain/resource-content.js';
import { EndpointResponse } from './endpoint.dto.js';

const NAMESPACE = { min: 1, max: 63, example: 'default' } as const;
const NAME = { min: 1, max: RESOURCE_NAME_LENGTH_MAX, example: 'orders' } as const;
const TYPE = {
  min: 1,
  max: RESOURCE_TYPE_LENGTH_MAX,
  description: 'Free: service, database, queue, bucket, …',
  example: 'service',
} as const;
const ENVIRONMENT = {
  nullable: true,
  max: 63,
  description: 'The key of an environment; null: the same in all of them.',
  example: 'production',
} as const;
const OWNER = { nullable: true, description: 'A team of the same company.' } as const;
const TTL = {
  nullable: true,
  min: 1,
  max: TTL_SECONDS_MAX,
  description: 'How long after its last heartbeat it is stale; null: never.',
} as const;
const ANNOTATIONS = {
  type: 'object',
  additionalProperties: { type: 'string' },
  description:
    'Any text by key; keys as those of labels, at most 16 KiB in all. A PATCH merges by key, and null removes one.',
  example: { 'example.com/runbook': 'Call the platform team.' },
} as const;
const LINK_PROPERTIES = {
  url: {
    type: 'string',
    maxLength: 2_048,
    description: 'http, https, mailto, tel, ssh, git, slack or msteams.',
  },
  title: { type: 'string', maxLength: 255, nullable: true },
  type: { type: 'string', maxLength: 50, nullable: true },
} as const;
const LINKS = {
  type: 'array',
  maxItems: LINKS_MAX,
  items: { type: 'object', required: ['url'], properties: LINK_PROPERTIES },
  example: [{ url: 'https://grafana.example.com/d/orders', title: 'Dashboard', type: 'dashboard' }],
} as const;
const ENDPOINTS = {
  type: 'array',
  maxItems: ENDPOINTS_MAX,
  description: 'Each has a url, or host, port and protocol; no two have the same name.',
  items: {
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', maxLength: 63 },
      url: { type: 'string', maxLength: 2_048, nullable: true },
      host: { type: 'string', maxLength: 253, nullable: true },
      port: { type: 'integer', minimum: 1, maximum: 65_535, nullable: true },
      protocol: { type: 'string', maxLength: 20, nullable: true },
      visibility: { type: 'string', enum: [...VISIBILITIES], default: 'internal' },
    },
  },
  example: [{ name: 'web', url: 'https://orders.example.com', visibility: 'public' }],
} as const;

/** What may be said of a resource besides what it is known by. */
abstract class ResourceProperties {
  @Choice(LIFECYCLE_STATUSES, { optional: true, default: 'active' })
  readonly lifecycle_status?: (typeof LIFECYCLE_STATUSES)[number];

  @Text({ optional: true, nullable: true, max: RESOURCE_DESCRIPTION_LENGTH_MAX })
  readonly description?: string | null;

  @Uuid({ ...OWNER, optional: true })
  readonly owner_team_id?: string | null;

  @Text({ ...ENVIRONMENT, optional: true })
  readonly environment?: string | null;

  @Described(LABELS)
  readonly labels?: object;

  @Described(ANNOTATIONS)
  readonly annotations?: object;

  @Described(LINKS)
  readonly links?: readonly object[];

  @Described(ENDPOINTS)
  readonly endpoints?: readonly object[];

  @Whole({ ...TTL, optional: true })
  readonly ttl_seconds?: number | null;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class CreateResourceBody extends ResourceProperties {
  @Uuid({
    optional: true,
    description: 'Of the caller’s choice; the same id with the same content may be sent again.',
  })
  readonly id?: string;

  @Text({
    optional: true,
    nullable: true,
    max: 63,
    description: 'That of the company. Absent: taken from it.',
    example: 'acme',
  })
  readonly tenant_id?: string | null;

  @Uuid({
    optional: true,
    nullable: true,
    description: 'For life. May be left out where the tenant has exactly one company.',
  })
  readonly company_id?: string | null;

  @Text({ ...NAMESPACE, optional: true, default: 'default' })
  readonly namespace?: string;

  @Text(NAME)
  readonly name!: string;

  @Text(TYPE)
  readonly type!: string;
}

export class ReviseResourceBody extends ResourceProperties {
  @Text({ ...NAMESPACE, optional: true })
  readonly namespace?: string;

  @Text({ ...NAME, optional: true, description: 'Renames the resource; its id stays.' })
  readonly name?: string;

  @Text({ ...TYPE, optional: true })
  readonly type?: string;
}

export class CatalogResourceResponse extends ResourceResponse {
  @Uuid()
  readonly company_id!: string;

  @Text(NAMESPACE)
  readonly namespace!: string;

  @Text(NAME)
  readonly name!: string;

  @Text(TYPE)
  readonly type!: string;

  @Text(ENVIRONMENT)
  readonly environment!: string | null;

  @Choice(LIFECYCLE_STATUSES)
  readonly lifecycle_status!: string;

  @Text({ nullable: true })
  readonly description!: string | null;

  @Uuid(OWNER)
  readonly owner_team_id!: string | null;

  @AlwaysDescribed(LABELS)
  readonly labels!: Readonly<Record<string, string>>;

  @AlwaysDescribed(ANNOTATIONS)
  readonly annotations!: Readonly<Record<string, string>>;

  @AlwaysDescribed(LINKS)
  readonly links!: readonly object[];

  @ListOf(() => EndpointResponse)
  readonly endpoints!: readonly EndpointResponse[];

  @Whole(TTL)
  readonly ttl_seconds!: number | null;

  @Choice(HEALTH_STATUSES, {
    nullable: true,
    description:
      'As its worst endpoint; null when it has none, or where it is shown as it was in the past. It moves no version, and so no ETag.',
  })
  readonly health!: string | null;

  @YesNo({ nullable: true, description: 'It was last heard of, or made, longer ago than ttl_seconds.' })
  readonly stale!: boolean | null;

  @Instant({ nullable: true, description: 'Its newest heartbeat; null: none yet.' })
  readonly last_seen_at!: string | null;

  @Text({ nullable: true, description: 'The import that speaks for it; null: nobody’s.' })
  readonly source!: string | null;

  @Text({ nullable: true, description: 'What it is called there.', example: 'component:default/orders' })
  readonly source_ref!: string | null;

  @YesNo({ description: 'The newest import of its source did not have it.' })
  readonly orphan!: boolean;
}

export class CatalogResourceListResponse extends listResponse(() => CatalogResourceResponse) {}
