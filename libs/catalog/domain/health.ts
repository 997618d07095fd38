import { InvalidInput, lengthOf } from '#shared-kernel';

/** From best to worst as a whole is judged by its parts: what nobody knows is worse than what is well. */
export const HEALTH_STATUSES = ['passing', 'unknown', 'warning', 'critical'] as const;
export type HealthStatus = (typeof HEALTH_STATUSES)[number];

/** What a check found. */
export interface HealthReport {
  readonly status: HealthStatus;
  readonly output: string;
  /** For how long it holds; null: until the next check. */
  readonly ttlSeconds: number | null;
}

/** How an endpoint is. */
export interface EndpointHealth extends HealthReport {
  /** Null when nobody ever checked. */
  readonly checkedAt: Date | null;
}

export const OUTPUT_BYTES_MAX = 4_096;
export const TTL_SECONDS_MAX = 31_536_000;

export const UNCHECKED: EndpointHealth = { status: 'unknown', output: '', checkedAt: null, ttlSeconds: null };

/** How it is at an instant: a check that is older than it holds says that something is wrong. */
export function healthAt(health: EndpointHealth, now: Date): EndpointHealth {
  const { checkedAt, ttlSeconds } = health;
  return checkedAt !== null && hasRunOut(checkedAt, ttlSeconds, now)
    ? { ...health, status: 'critical' }
    : health;
}

/** True once this many seconds have passed; null: never. */
export const hasRunOut = (since: Date, seconds: number | null, now: Date): boolean =>
  seconds !== null && since.getTime() + seconds * 1_000 <= now.getTime();

/** As bad as the worst of them; null when there are none. */
export function worstOf(statuses: readonly HealthStatus[]): HealthStatus | null {
  return HEALTH_STATUSES.findLast((status) => statuses.includes(status)) ?? null;
}

/** @throws InvalidInput */
export function checkedReport(report: HealthReport): HealthReport {
  const { output, ttlSeconds } = report;
  if (lengthOf(output) > OUTPUT_BYTES_MAX || new TextEncoder().encode(output).length > OUTPUT_BYTES_MAX)
    throw InvalidInput.at('/output', 'too_long', `It has at most ${OUTPUT_BYTES_MAX} bytes.`);
  checkedTtl(ttlSeconds);
  return report;
}

/** @throws InvalidInput */
export function checkedTtl(seconds: number | null): number | null {
  if (seconds === null || (Number.isInteger(seconds) && seconds >= 1 && seconds <= TTL_SECONDS_MAX))
    return seconds;
  throw InvalidInput.at('/ttl_seconds', 'range', `It is a whole number from 1 to ${TTL_SECONDS_MAX}.`);
}
