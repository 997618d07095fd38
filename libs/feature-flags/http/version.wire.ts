import type { ResourceResponse, VersionResponse } from '#platform/http';
import type { VersionFacts } from '../application/feature-flag.queries.js';

/** A version as it is listed. */
export function toVersion(past: VersionFacts): Omit<VersionResponse, 'state'> {
  return {
    version: past.version,
    type: past.type,
    changed_by: past.changedBy,
    changed_at: past.changedAt.toISOString(),
    change_reason: past.changeReason,
    rolled_back_from: past.rolledBackFrom,
  };
}

/** What somebody changes; version and stamps change by themselves. */
export function comparable(resource: ResourceResponse): object {
  const { id: _, tenant_id, version, created_at, updated_at, created_by, updated_by, ...rest } = resource;
  return rest;
}
