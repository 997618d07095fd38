import { checkedUuid } from '#shared-kernel';
import type { Brand } from '#shared-kernel';

/** The stable id of a device: a UUID (RFC 9562, any version), in lower case. */
export type DeviceId = Brand<string, 'DeviceId'>;

/** The stable id of a device type, likewise. */
export type DeviceTypeId = Brand<string, 'DeviceTypeId'>;

/** @throws InvalidInput */
export const deviceId = (text: string): DeviceId => checkedUuid(text) as DeviceId;

/** @throws InvalidInput */
export const deviceTypeId = (text: string): DeviceTypeId => checkedUuid(text) as DeviceTypeId;
