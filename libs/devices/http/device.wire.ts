import type { DeviceSummary, DeviceView } from '../application/device.queries.js';
import type { DeviceState } from '../domain/device.js';
import type { DeviceResponse, RegisteredDeviceResponse } from './device.dto.js';

/** As it is shown in short. */
export const toDeviceResponse = (device: DeviceSummary): DeviceResponse => ({
  ...toRegistration(device),
  connectivity: device.connectivity,
  last_seen_at: device.lastSeenAt?.toISOString() ?? null,
});

/** A past state in short: how it was heard of then is told by its history. */
export const toPastDeviceResponse = (device: DeviceView): DeviceResponse =>
  toDeviceResponse({ ...device, connectivity: null, lastSeenAt: null });

/** With its documents. */
export const toRegisteredDevice = (device: DeviceView): RegisteredDeviceResponse => ({
  ...toRegistration(device),
  attributes: device.attributes,
  desired: { document: device.desired, version: device.desiredVersion },
});

/** What was just stored, with its documents. */
export function toStoredDevice({ stamp, ...device }: DeviceState): RegisteredDeviceResponse {
  if (!stamp) throw new Error('Only what is stored can be shown.');
  return toRegisteredDevice({ ...device, stamp });
}

type Registration = Omit<DeviceSummary, 'connectivity' | 'lastSeenAt'>;

const toRegistration = (device: Registration): Omit<DeviceResponse, 'connectivity' | 'last_seen_at'> => ({
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
  created_at: device.stamp.createdAt.toISOString(),
  updated_at: device.stamp.updatedAt.toISOString(),
  created_by: device.stamp.createdBy,
  updated_by: device.stamp.updatedBy,
});
