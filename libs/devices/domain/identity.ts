import { InvalidInput } from '#shared-kernel';
import type { Brand } from '#shared-kernel';

/** The stable id of a device: a UUID (RFC 9562, any version), in lower case. */
export type DeviceId = Brand<string, 'DeviceId'>;

/** The stable id of a device type, likewise. */
export type DeviceTypeId = Brand<string, 'DeviceTypeId'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** @throws InvalidInput */
export const deviceId = (text: string): DeviceId => checkedId(text) as DeviceId;

/** @throws InvalidInput */
export const deviceTypeId = (text: string): DeviceTypeId => checkedId(text) as DeviceTypeId;

function checkedId(text: string): string {
  const id = text.toLowerCase();
  if (!UUID.test(id)) throw InvalidInput.at('/id', 'pattern', 'An id is a UUID.');
  return id;
}
