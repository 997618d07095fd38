import { historyController } from '#platform/http';
import { DeviceQueries } from '../application/device.queries.js';
import { DeviceService } from '../application/device.service.js';
import { deviceId } from '../domain/identity.js';
import { RegisteredDeviceResponse } from './device.dto.js';
import { toRegisteredDevice, toStoredDevice } from './device.wire.js';

export const DeviceVersionsController = historyController({
  path: 'devices/:id',
  tag: 'Devices',
  name: 'Device',
  noun: 'a device',
  read: 'devices:read',
  write: 'devices:write',
  rollbackNote:
    'Registration, labels, attributes and what is desired; the version of what is desired counts on. What the device reported stays.',
  rollbackRefuses: ['conflict', 'unprocessable', 'limit', 'unavailable'],
  returns: RegisteredDeviceResponse,
  queries: DeviceQueries,
  service: DeviceService,
  idOf: deviceId,
  toResponse: toRegisteredDevice,
  toStored: toStoredDevice,
});
