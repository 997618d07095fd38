import { AnyOf, Choice, FreeObject, ListOf, TenantQuery, Text, Uuid, Whole, YesNo } from '#platform/http';
import { VISIBILITIES } from '../domain/endpoint.js';
import type { Visibility } from '../domain/endpoint.js';
import { HEALTH_STATUSES } from '../domain/health.js';
import { LIFECYCLE_STATUSES } from '../domain/resource-content.js';

/** What is asked of a name. */
export class DiscoveryQuery extends TenantQuery {
  @AnyOf({ description: 'Of these namespaces.' })
  readonly namespace?: readonly string[];

  @AnyOf({ description: 'Of these types, for example `service`.' })
  readonly type?: readonly string[];

  @AnyOf({ description: 'In these environments; what is in none has no place here.' })
  readonly environment?: readonly string[];

  @Text({
    optional: true,
    max: 4_096,
    description: 'By labels of the resource, as in Kubernetes: `tier in (gold,silver),!legacy`.',
  })
  readonly selector?: string;

  @AnyOf({ choices: VISIBILITIES, description: 'Of these visibilities.' })
  readonly visibility?: readonly Visibility[];

  @YesNo({
    optional: true,
    default: false,
    description: 'Only what is passing, and what nobody checks: a warning is not healthy.',
  })
  readonly healthy?: boolean;
}

/** An endpoint that was found. */
export class DiscoveredItem {
  @Uuid()
  readonly resource_id!: string;

  @Uuid()
  readonly company_id!: string;

  @Text({ example: 'default' })
  readonly namespace!: string;

  @Text({ example: 'service' })
  readonly type!: string;

  @Text({ nullable: true, example: 'production' })
  readonly environment!: string | null;

  @Choice(LIFECYCLE_STATUSES, { description: 'What is planned or retired is not found.' })
  readonly lifecycle_status!: string;

  @Text({ description: 'Of the endpoint.', example: 'http' })
  readonly name!: string;

  @Text({ nullable: true, example: 'https://orders.example.com' })
  readonly url!: string | null;

  @Text({ nullable: true, example: 'orders.internal' })
  readonly host!: string | null;

  @Whole({ nullable: true, example: 5432 })
  readonly port!: number | null;

  @Text({ nullable: true, example: 'postgresql' })
  readonly protocol!: string | null;

  @Choice(VISIBILITIES)
  readonly visibility!: string;

  @FreeObject({ description: 'Of the resource.', example: { tier: 'gold' } })
  readonly labels!: Readonly<Record<string, string>>;

  @Choice(HEALTH_STATUSES, {
    description: 'As it reads now: critical, too, where a check expired or the resource is stale.',
  })
  readonly health!: string;
}

/** Where something of a name answers. */
export class DiscoveryResponse {
  @Text({ example: 'orders' })
  readonly name!: string;

  @ListOf(() => DiscoveredItem, {
    description: 'By namespace, type, environment and resource; then by name. The same on every replica.',
  })
  readonly items!: readonly DiscoveredItem[];

  @YesNo({
    description: 'True: there are more than 1,000 resources of the name, and only so many were looked at.',
  })
  readonly truncated!: boolean;
}
