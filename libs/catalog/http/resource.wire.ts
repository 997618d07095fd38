import { parseSelector } from '#shared-kernel';
import { toInstant } from '#platform/http';
import { conditionOf } from '../application/resource-condition.js';
import type { ResourceFilter, ResourceView } from '../application/resource.queries.js';
import type { EndpointHealth } from '../domain/health.js';
import type { EndpointHealthResponse } from './endpoint.dto.js';
import { idsOf } from './id-filter.js';
import type { CatalogResourceResponse } from './resource.dto.js';
import type { ResourceListQuery } from './resource.queries.dto.js';

/** As it is shown. */
export function toResourceResponse(resource: ResourceView): CatalogResourceResponse {
  const { stamp } = resource;
  const condition = conditionOf(resource);
  return {
    id: resource.id,
    tenant_id: resource.tenant,
    version: resource.version,
    company_id: resource.companyId,
    namespace: resource.namespace,
    name: resource.name,
    type: resource.type,
    environment: resource.environment,
    lifecycle_status: resource.lifecycleStatus,
    description: resource.description,
    owner_team_id: resource.ownerTeamId,
    labels: resource.labels,
    annotations: resource.annotations,
    links: resource.links,
    endpoints: resource.endpoints.map(({ name, url, host, port, protocol, visibility }) => ({
      ...{ name, url, host, port, protocol, visibility },
      health: condition && toHealthResponse(condition.healthOf(name)),
    })),
    ttl_seconds: resource.ttlSeconds,
    health: condition && condition.health,
    stale: condition && condition.stale,
    last_seen_at: condition?.lastSeenAt?.toISOString() ?? null,
    source: resource.source,
    source_ref: resource.sourceRef,
    orphan: resource.orphan,
    created_at: stamp.createdAt.toISOString(),
    updated_at: stamp.updatedAt.toISOString(),
    created_by: stamp.createdBy,
    updated_by: stamp.updatedBy,
  };
}

/** As an event shows it: with what happened, where that is no change of what is said of it. */
export const toResourceEvent = (resource: ResourceView, about: unknown): object => ({
  ...toResourceResponse(resource),
  ...(about !== undefined && { about }),
});

export const toHealthResponse = ({
  status,
  output,
  checkedAt,
  ttlSeconds,
}: EndpointHealth): EndpointHealthResponse => ({
  status,
  output,
  checked_at: checkedAt?.toISOString() ?? null,
  ttl_seconds: ttlSeconds,
});

/** @throws InvalidInput */
export function toResourceFilter(query: ResourceListQuery, tenant: string | null): ResourceFilter {
  const { owner_team_id, selector, updated_since } = query;
  const teamIds = idsOf(owner_team_id, '/owner_team_id');
  return {
    tenant,
    companyIds: idsOf(query.company_id, '/company_id'),
    namespaces: query.namespace,
    names: query.name,
    types: query.type,
    environments: query.environment,
    lifecycleStatuses: query.lifecycle_status,
    sources: query.source,
    owners: teamIds && { teamIds, reach: query.transitive === true ? 'transitive' : 'own' },
    ownerless: query.ownerless,
    orphan: query.orphan,
    stale: query.stale,
    health: query.health,
    selector: selector === undefined ? undefined : parseSelector(selector),
    q: query.q,
    updatedSince: updated_since === undefined ? undefined : toInstant(updated_since, '/updated_since'),
  };
}
