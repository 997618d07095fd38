import { healthAt, hasRunOut, UNCHECKED, worstOf } from '../domain/health.js';
import type { EndpointHealth, HealthStatus } from '../domain/health.js';
import type { ResourceView } from './resource.queries.js';

/** How a resource is, at the instant that it was looked at. */
export interface ResourceCondition {
  /** As its worst endpoint; null when it has none. */
  readonly health: HealthStatus | null;
  /** It was to be heard of, and was not for longer than it says. */
  readonly stale: boolean;
  readonly lastSeenAt: Date | null;
  healthOf(endpoint: string): EndpointHealth;
}

/** Null where nothing is known of it. */
export function conditionOf({
  observed,
  endpoints,
  ttlSeconds,
  stamp,
}: ResourceView): ResourceCondition | null {
  if (!observed) return null;
  const { at, lastSeenAt, checks } = observed;
  const healthOf = (endpoint: string): EndpointHealth => healthAt(checks.get(endpoint) ?? UNCHECKED, at);
  return {
    health: worstOf(endpoints.map(({ name }) => healthOf(name).status)),
    stale: hasRunOut(lastSeenAt ?? stamp.createdAt, ttlSeconds, at),
    lastSeenAt,
    healthOf,
  };
}
