import type { DeviceDetails } from '../application/device-history.queries.js';
import type { DeviceDetailsResponse } from './device-details.dto.js';
import { toReported } from './report.wire.js';

export function toDetailsResponse(details: DeviceDetails): DeviceDetailsResponse {
  const { device, status, reported, delta, connectivity, lastSeenAt } = details;
  return {
    id: device.id,
    tenant_id: device.tenant,
    version: device.version,
    name: device.name,
    device_type: device.deviceType,
    mac_address: device.macAddress,
    ip_address: device.ipAddress,
    registration_date: device.registrationDate.toISOString(),
    environment: device.environment,
    owner_team_id: device.ownerTeamId,
    store_id: device.storeId,
    labels: device.labels,
    heartbeat_seconds: device.heartbeatSeconds,
    attributes: device.attributes,
    desired: { document: device.desired, version: device.desiredVersion },
    reported: toReported(reported),
    delta,
    status: status && {
      value: status.value,
      data: status.data,
      observed_at: status.observedAt.toISOString(),
    },
    connectivity,
    last_seen_at: lastSeenAt?.toISOString() ?? null,
    created_at: device.stamp.createdAt.toISOString(),
    updated_at: device.stamp.updatedAt.toISOString(),
    created_by: device.stamp.createdBy,
    updated_by: device.stamp.updatedBy,
  };
}
