import { historyController } from '#platform/http';
import { DeviceTypeQueries } from '../application/device-type.queries.js';
import { DeviceTypeService } from '../application/device-type.service.js';
import { deviceTypeId } from '../domain/identity.js';
import { DeviceTypeResponse } from './device-type.dto.js';
import { toDeviceTypeResponse, toStoredDeviceType } from './device-type.wire.js';

export const DeviceTypeHistoryController = historyController({
  path: 'device-types/:id',
  tag: 'Devices',
  name: 'DeviceType',
  noun: 'a device type',
  read: 'devices:read',
  write: 'devices:write',
  rollbackNote: 'The key stays as it is.',
  rollbackRefuses: ['unprocessable', 'limit', 'unavailable'],
  returns: DeviceTypeResponse,
  queries: DeviceTypeQueries,
  service: DeviceTypeService,
  idOf: deviceTypeId,
  toResponse: toDeviceTypeResponse,
  toStored: toStoredDeviceType,
});
