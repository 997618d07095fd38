import type { Endpoint } from '../domain/endpoint.js';
import type { EndpointHealth, HealthStatus } from '../domain/health.js';
import type { Discovered, DiscoveredEndpoint, DiscoveryQuestion } from './discovery.queries.js';
import { conditionOf } from './resource-condition.js';
import type { ResourceView } from './resource.queries.js';

/** As Consul has it: what nobody checks is taken to be well, a warning is not. */
const HEALTHY: readonly HealthStatus[] = ['passing', 'unknown'];
const MILLISECONDS = 1_000;

/** The endpoints of these resources, in their order, as the question wants them. */
export function discoveredIn(
  resources: readonly ResourceView[],
  { visibilities, wanted }: DiscoveryQuestion,
): Pick<Discovered, 'items' | 'holdsForMs'> {
  const items = resources
    .flatMap(endpointsOf)
    .filter(
      ({ endpoint, health }) =>
        (!visibilities || visibilities.includes(endpoint.visibility)) &&
        (wanted === 'all' || HEALTHY.includes(health)),
    );
  const holds = resources.flatMap(timesLeft);
  return { items, holdsForMs: holds.length === 0 ? null : Math.min(...holds) };
}

/** Of what is not heard of any more no endpoint is well. */
function endpointsOf(resource: ResourceView): DiscoveredEndpoint[] {
  const condition = conditionOf(resource);
  const endpoints = [...resource.endpoints].sort(byName);
  return endpoints.map((endpoint) => ({
    resource,
    endpoint,
    health: condition?.stale ? 'critical' : (condition?.healthOf(endpoint.name).status ?? 'unknown'),
  }));
}

/** How long each thing that time will end still lasts, in milliseconds. */
function timesLeft({ observed, ttlSeconds, stamp, endpoints }: ResourceView): number[] {
  if (!observed) return [];
  const { at, lastSeenAt, checks } = observed;
  const checked = endpoints.flatMap(({ name }) => checks.get(name) ?? []).filter(isNotCritical);
  const ends = [
    { since: lastSeenAt ?? stamp.createdAt, seconds: ttlSeconds },
    ...checked.map(({ checkedAt, ttlSeconds: seconds }) => ({ since: checkedAt, seconds })),
  ];
  return ends
    .flatMap(({ since, seconds }) =>
      since === null || seconds === null ? [] : [since.getTime() + seconds * MILLISECONDS - at.getTime()],
    )
    .filter((left) => left > 0);
}

const isNotCritical = ({ status }: EndpointHealth): boolean => status !== 'critical';

const byName = (one: Endpoint, other: Endpoint): number => (one.name < other.name ? -1 : 1);
