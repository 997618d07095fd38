import type { EventFilter } from '#platform/change-log';
import { readTenant, SHARED_TENANT, tenantColumn } from '#platform/context';
import type { Caller } from '#platform/context';
import { fromEventType } from './cloud-event.js';
import type { EventSelection } from './event.dto.js';
import { wantedBy } from './wanted.js';
import type { Wanted } from './wanted.js';

/** What is read of which streams. */
export interface Selection {
  /** One, or the own one and that of the shared rows, in this order; each a slug, or `_shared`. */
  readonly streams: readonly string[];
  readonly wanted: Wanted;
}

/** @throws InvalidInput, TenantForbidden */
export function selectionOf(query: EventSelection, caller: Caller): Selection {
  const own = tenantColumn(readTenant(caller, query.tenant_id));
  const isAlone = query.include_shared !== true || own === SHARED_TENANT;
  return {
    streams: isAlone ? [own] : [own, SHARED_TENANT],
    wanted: wantedBy(filterOf(query)),
  };
}

function filterOf({ types, aggregate_type, aggregate_id, prefix }: EventSelection): EventFilter {
  return {
    types: types?.map(fromEventType),
    aggregateTypes: aggregate_type,
    aggregateIds: aggregate_id,
    prefix,
  };
}
