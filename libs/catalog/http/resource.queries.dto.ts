import { AnyOf, Instant, ListQuery, Text, YesNo } from '#platform/http';
import { HEALTH_STATUSES } from '../domain/health.js';
import type { HealthStatus } from '../domain/health.js';
import { LIFECYCLE_STATUSES } from '../domain/resource-content.js';

/** Which resources a list shows. */
export class ResourceListQuery extends ListQuery {
  @AnyOf({ description: 'Ids of companies.' })
  readonly company_id?: readonly string[];

  @AnyOf({ description: 'Exact namespaces.' })
  readonly namespace?: readonly string[];

  @AnyOf({ description: 'Exact names.' })
  readonly name?: readonly string[];

  @AnyOf({ description: 'For example `service,database`.' })
  readonly type?: readonly string[];

  @AnyOf({ description: 'Keys of environments.' })
  readonly environment?: readonly string[];

  @AnyOf({ choices: LIFECYCLE_STATUSES, description: 'At any of these stages of life.' })
  readonly lifecycle_status?: readonly string[];

  @AnyOf({ description: 'Ids of teams.' })
  readonly owner_team_id?: readonly string[];

  @YesNo({
    optional: true,
    default: false,
    description: 'With owner_team_id: also what the teams below them own.',
  })
  readonly transitive?: boolean;

  @YesNo({ optional: true, description: 'True: those that no team owns. False: the others.' })
  readonly ownerless?: boolean;

  @AnyOf({ choices: HEALTH_STATUSES, description: 'As it reads now. What has no endpoint has no health.' })
  readonly health?: readonly HealthStatus[];

  @YesNo({ optional: true, description: 'Whether the newest import of its source did not have it.' })
  readonly orphan?: boolean;

  @YesNo({ optional: true, description: 'Whether it was last heard of longer ago than its ttl_seconds.' })
  readonly stale?: boolean;

  @AnyOf({ description: 'Imports that speak for it.' })
  readonly source?: readonly string[];

  @Text({
    optional: true,
    max: 4_096,
    description: 'By labels, as in Kubernetes: `tier in (gold,silver),!legacy`.',
  })
  readonly selector?: string;

  @Text({
    optional: true,
    min: 1,
    max: 255,
    description: 'Anywhere in name or description, whatever the case.',
  })
  readonly q?: string;

  @Instant({ optional: true, description: 'Changed at this instant or later.' })
  readonly updated_since?: string;
}
