import type { DeviceTypeView } from '../application/device-type.queries.js';
import type { DeviceTypeState } from '../domain/device-type.js';
import type { DeviceTypeResponse } from './device-type.dto.js';

/** As it is shown. */
export const toDeviceTypeResponse = (type: DeviceTypeView): DeviceTypeResponse => ({
  id: type.id,
  tenant_id: type.tenant,
  version: type.version,
  key: type.key,
  name: type.name,
  status_values: type.statusValues,
  attributes_schema: type.attributesSchema,
  status_data_schema: type.statusDataSchema,
  created_at: type.stamp.createdAt.toISOString(),
  updated_at: type.stamp.updatedAt.toISOString(),
  created_by: type.stamp.createdBy,
  updated_by: type.stamp.updatedBy,
});

/** What was just stored, as it is shown. */
export function toStoredDeviceType({ stamp, ...type }: DeviceTypeState): DeviceTypeResponse {
  if (!stamp) throw new Error('Only what is stored can be shown.');
  return toDeviceTypeResponse({ ...type, stamp });
}
