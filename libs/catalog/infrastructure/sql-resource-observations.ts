import { Injectable } from '@nestjs/common';
import { tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import { ResourceObservations } from '../application/resource-observations.js';
import type { ResourceObserved } from '../application/resource.queries.js';
import type { EndpointHealth, HealthReport, HealthStatus } from '../domain/health.js';
import type { ResourceId } from '../domain/identity.js';
import type { ResourceState } from '../domain/resource.js';
import { expired, healthChanged, ResourceActs } from './resource-acts.js';
import type { ResourceAct } from './resource-acts.js';
import { OBSERVED_COLUMNS, toObserved } from './resource.table.js';
import type { ObservedRecord } from './resource.table.js';

interface CheckBefore {
  readonly status: HealthStatus;
  readonly expires_at: Date | null;
  readonly has_expired: boolean;
  readonly is_told: boolean;
}

@Injectable()
export class SqlResourceObservations extends ResourceObservations {
  constructor(
    private readonly database: Database,
    private readonly acts: ResourceActs,
  ) {
    super();
  }

  override async of(id: ResourceId): Promise<ResourceObserved> {
    const [record] = await this.database.read<ObservedRecord>({
      name: 'resource_observed',
      text: `select ${OBSERVED_COLUMNS} from (select $1::uuid as id) as t`,
      values: [id],
    });
    const observed = record && toObserved(record);
    if (!observed) throw new Error('A statement without a table gives one row.');
    return observed;
  }

  override async report(
    { id, tenant }: ResourceState,
    endpoint: string,
    report: HealthReport,
  ): Promise<EndpointHealth> {
    const [before] = await this.database.read<CheckBefore>({
      name: 'endpoint_health_before',
      text: `select status, expires_at, expires_at <= statement_timestamp() as has_expired, is_told
             from catalog.endpoint_health where resource_id = $1 and endpoint = $2 for update`,
      values: [id, endpoint],
    });
    const { status, output, ttlSeconds } = report;
    const [after] = await this.database.read<{ checked_at: Date }>({
      name: 'endpoint_health_report',
      text: `insert into catalog.endpoint_health
               (tenant, resource_id, endpoint, status, output, checked_at, ttl_seconds, expires_at, is_told)
             values ($1, $2, $3, $4::text, $5, statement_timestamp(), $6::int,
               statement_timestamp() + $6::int * interval '1 second', $4::text = 'critical')
             on conflict (resource_id, endpoint) do update set status = excluded.status, output = excluded.output,
               checked_at = excluded.checked_at, ttl_seconds = excluded.ttl_seconds, expires_at = excluded.expires_at,
               is_told = excluded.is_told
             returning checked_at`,
      values: [tenantColumn(tenant), id, endpoint, status, output, ttlSeconds],
    });
    await this.acts.tell(id, ...actsOf(endpoint, before, status));
    return { ...report, checkedAt: after?.checked_at ?? null };
  }

  override async hear({ id, tenant, ttlSeconds, stamp }: ResourceState): Promise<void> {
    const [heard] = await this.database.read<{ was_stale: boolean | null }>({
      name: 'resource_hear',
      text: `with before as (select last_seen_at from catalog.resource_seen where resource_id = $2),
               heard as (
                 insert into catalog.resource_seen (tenant, resource_id, last_seen_at)
                 values ($1, $2, statement_timestamp())
                 on conflict (resource_id) do update set last_seen_at = excluded.last_seen_at)
             select coalesce((select last_seen_at from before), $3) + $4::int * interval '1 second'
               <= statement_timestamp() as was_stale`,
      values: [tenantColumn(tenant), id, stamp?.createdAt, ttlSeconds],
    });
    if (heard?.was_stale) await this.acts.tell(id, { type: 'revived' });
  }
}

/** What there is to tell: that the check before expired, unless that is known, and that the status is another one now. */
function actsOf(endpoint: string, before: CheckBefore | undefined, status: HealthStatus): ResourceAct[] {
  const { has_expired: hasExpired = false, is_told: isTold = true, expires_at: at = null } = before ?? {};
  const known = before?.status ?? 'unknown';
  const previous = hasExpired ? 'critical' : known;
  return [
    ...(hasExpired && !isTold && at ? [expired(endpoint, known, at)] : []),
    ...(previous === status ? [] : [healthChanged(endpoint, previous, status)]),
  ];
}
