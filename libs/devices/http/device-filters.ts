import { InvalidInput, parseSelector } from '#shared-kernel';
import { expectNone, isUuid, QueryReading, toInstant } from '#platform/http';
import type { DeviceFilter } from '../application/device.queries.js';
import { cidrRange, ipAddress } from '../domain/ip-address.js';
import { macAddress } from '../domain/mac-address.js';
import type { DeviceListQuery, ExportDevicesQuery } from './device.queries.dto.js';

/** What a list or an export is asked for. @throws InvalidInput with all that is wrong */
export function toFilter(
  tenant: string | null,
  query: Partial<DeviceListQuery> | ExportDevicesQuery,
): DeviceFilter {
  const asked: Partial<DeviceListQuery> = query;
  const reading = new QueryReading();
  const filter: DeviceFilter = {
    tenant,
    types: reading.few(asked.device_type, '/device_type'),
    macs: reading.each(asked.mac_address, '/mac_address', macAddress),
    ips: reading.each(asked.ip_address, '/ip_address', ipAddress),
    ranges: reading.each(asked.cidr, '/cidr', cidrRange),
    statuses: reading.few(asked.status, '/status'),
    connectivities: asked.connectivity,
    environments: reading.few(asked.environment, '/environment'),
    teams: reading.each(asked.owner_team_id, '/owner_team_id', teamId),
    stores: reading.few(asked.store_id, '/store_id'),
    delta: asked.has_delta === undefined ? undefined : asked.has_delta ? 'some' : 'none',
    selector: reading.one(asked.selector, '/selector', parseSelector),
    registeredFrom: reading.one(asked.registered_from, '/registered_from', toInstant),
    registeredUntil: reading.one(asked.registered_until, '/registered_until', toInstant),
    lastSeenBefore: reading.one(asked.last_seen_before, '/last_seen_before', toInstant),
    q: asked.q,
  };
  expectNone(reading.violations);
  return filter;
}

function teamId(text: string, pointer: string): string {
  if (isUuid(text)) return text.toLowerCase();
  throw InvalidInput.at(pointer, 'pattern', 'It must be a UUID.');
}
