import { resourceControllers } from '#platform/http';
import { DeviceTypeQueries } from '../application/device-type.queries.js';
import { DeviceTypeService } from '../application/device-type.service.js';
import { deviceTypeId } from '../domain/identity.js';
import { DeviceTypeBodies } from './device-type-bodies.js';
import {
  CreateDeviceTypeBody,
  DeviceTypeListQuery,
  DeviceTypeListResponse,
  DeviceTypeResponse,
  ReviseDeviceTypeBody,
} from './device-type.dto.js';
import { toDeviceTypeResponse, toStoredDeviceType } from './device-type.wire.js';

export const deviceTypeControllers = resourceControllers({
  path: 'device-types',
  tag: 'Devices',
  name: 'DeviceType',
  names: 'DeviceTypes',
  noun: 'a device type',
  nouns: 'device types',
  read: 'devices:read',
  write: 'devices:write',
  returns: DeviceTypeResponse,
  queries: DeviceTypeQueries,
  service: DeviceTypeService,
  bodies: DeviceTypeBodies,
  idOf: deviceTypeId,
  toResponse: toDeviceTypeResponse,
  toStored: toStoredDeviceType,
  create: {
    takes: CreateDeviceTypeBody,
    note: 'A tenant’s own comes before a shared one of the same key.',
    refuses: ['conflict', 'unprocessable', 'limit', 'unavailable'],
  },
  list: {
    takes: DeviceTypeListQuery,
    returns: DeviceTypeListResponse,
    filter: ({ q }, tenant) => ({ tenant, q }),
  },
  update: {
    takes: ReviseDeviceTypeBody,
    note: 'What is absent stays as it is, null clears. Devices that are there stay as they are; whatever is written of them from now on follows the new rules.',
    refuses: ['unprocessable', 'limit', 'unavailable'],
  },
  patch: {
    takes: ReviseDeviceTypeBody,
    note: 'RFC 7396 over the members of the device type; a schema is replaced whole.',
    refuses: ['unprocessable', 'limit', 'unavailable'],
  },
  delete: {
    summary: 'Delete a device type that no device is of; its history stays',
    refuses: ['conflict'],
  },
});
