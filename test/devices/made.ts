import { randomBytes, randomUUID } from 'node:crypto';
import type { Reply, Sent, TestApi } from '../api.js';

export const DEVICES = '/api/v1/devices';
export const DEVICE_TYPES = '/api/v1/device-types';

/** An address that nothing has. */
export const aMac = (): string => `02:${randomBytes(5).toString('hex').match(/../g)?.join(':')}`;
export const aTenant = (): string => `t-${randomUUID()}`;
export const aKey = (): string => `k_${randomUUID().replaceAll('-', '_')}`;

/** A device that was just registered: shared, generic, with an address of its own. */
export async function aDevice(api: TestApi, body: object = {}, sent: Sent = {}): Promise<any> {
  const device = { device_type: 'generic', mac_address: aMac(), ip_address: '192.0.2.1', ...body };
  return made(await api.post(DEVICES, device, sent));
}

/** A device type that was just made: shared, with a key of its own. */
export async function aDeviceType(api: TestApi, body: object = {}, sent: Sent = {}): Promise<any> {
  return made(await api.post(DEVICE_TYPES, { key: aKey(), name: 'A type', ...body }, sent));
}

export function made({ status, body }: Reply): any {
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/** Where a device is, or something of it. */
export const at = ({ id }: { id: string }, rest = ''): string => `${DEVICES}/${id}${rest}`;

/** Status and code of an answer. */
export const outcome = ({ status, body }: Reply): unknown[] => [status, body?.code];

/** The places and codes of everything that was wrong, sorted. */
export const mistakes = ({ body }: Pick<Reply, 'body'>): string[] =>
  body.errors.map(({ pointer, code }: any) => `${pointer} ${code}`).sort();
