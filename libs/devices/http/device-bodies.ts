import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { labelMistakes } from '#shared-kernel';
import type { Labels, Violation } from '#shared-kernel';
import { CallContext, writeTenant } from '#platform/context';
import { checkBody, expectNone, isMembers, Reading, reasonOf } from '#platform/http';
import type { AskedChange, CheckedBody, Manner } from '#platform/http';
import type { NewContent, NewDevice, ReviseDevice } from '../application/device.service.js';
import { HEARTBEAT_SECONDS_DEFAULT } from '../domain/device.js';
import type { DeviceContent, DeviceRevision } from '../domain/device.js';
import { mergedDocument } from '../domain/documents.js';
import type { JsonObject } from '../domain/documents.js';
import { deviceId } from '../domain/identity.js';
import { readIp } from '../domain/ip-address.js';
import type { IpAddress } from '../domain/ip-address.js';
import { readMac } from '../domain/mac-address.js';
import type { MacAddress } from '../domain/mac-address.js';
import { CreateDeviceBody, DesireBody, RegisterDeviceBody, ReviseDeviceBody } from './device.dto.js';

type Documents = Pick<DeviceContent, 'labels' | 'attributes' | 'desired'>;
const NO_DOCUMENTS: Documents = { labels: {}, attributes: {}, desired: {} };

/** What a registration says that says nothing. */
export const BLANK: Omit<NewContent, 'deviceType'> = {
  ...NO_DOCUMENTS,
  name: null,
  macAddress: null,
  ipAddress: null,
  registrationDate: null,
  environment: null,
  ownerTeamId: null,
  storeId: null,
  heartbeatSeconds: HEARTBEAT_SECONDS_DEFAULT,
};

/** From bodies of devices to what the service takes; everything that is wrong is told together. */
@Injectable()
export class DeviceBodies {
  constructor(private readonly context: CallContext) {}

  /** @throws InvalidInput, TenantForbidden */
  async toNew(sent: unknown): Promise<NewDevice> {
    const checked = await checkBody(CreateDeviceBody, sent);
    const revision = readDevice(checked, NO_DOCUMENTS, 'replace');
    const { id, tenant_id: tenant, device_type: deviceType, change_reason: reason } = checked.body;
    return {
      id: deviceId(id ?? uuidv7()),
      idIsGiven: id !== undefined,
      tenant: writeTenant(this.context.current.caller, tenant),
      content: { ...BLANK, deviceType, ...revision },
      reason: reason ?? null,
    };
  }

  /**
   * What is absent of a registration is cleared; the date, the attributes and what is desired are kept, because they have
   * routes of their own or say something of the past.
   * @throws InvalidInput, TenantForbidden
   */
  async toRegistration(
    sent: unknown,
    mac: MacAddress,
  ): Promise<{
    tenant: string | null;
    revise: ReviseDevice;
    create: () => NewDevice;
    reason: string | null;
  }> {
    const checked = await checkBody(RegisterDeviceBody, sent);
    const { tenant_id, device_type: deviceType, mac_address: said, change_reason } = checked.body;
    const read = readDevice(checked, NO_DOCUMENTS, 'replace', otherAddress(said, mac));
    const tenant = writeTenant(this.context.current.caller, tenant_id);
    const reason = change_reason ?? null;
    const { registrationDate: _, attributes, desired, ...blank } = BLANK;
    const registration = { ...blank, deviceType, ...read, macAddress: mac };
    const content = { ...BLANK, ...registration };
    return {
      tenant,
      reason,
      revise: () => registration,
      create: () => ({ id: deviceId(uuidv7()), idIsGiven: false, tenant, content, reason }),
    };
  }

  /** A body that cannot be read is told once the device is there. */
  async toRevision(sent: unknown, manner: Manner): Promise<AskedChange<ReviseDevice>> {
    const checked = await checkBody(ReviseDeviceBody, sent);
    return { asked: (current) => readDevice(checked, current, manner), reason: reasonOf(checked) };
  }

  /** The body is the attributes themselves, or a patch of them. */
  toAttributes(sent: unknown, manner: Manner): ReviseDevice {
    return (current) => {
      const reading = new Reading();
      const attributes = changed(current.attributes, reading.map(sent, ''), manner);
      expectNone(reading.violations);
      return { attributes };
    };
  }

  /** Likewise, in an envelope. */
  async toDesire(
    sent: unknown,
    manner: Manner,
  ): Promise<AskedChange<ReviseDevice> & { readonly ifDesired: number | null }> {
    const checked = await checkBody(DesireBody, sent);
    const { desired_version: version } = checked.body;
    const asked: ReviseDevice = (current) => {
      const reading = new Reading();
      const document = checked.raw['document'];
      if (document === undefined) reading.note('required', '/document', 'It is required.');
      const sentDocument = document === undefined ? {} : reading.map(document, '/document');
      expectNone([...checked.violations, ...reading.violations]);
      return { desired: changed(current.desired, sentDocument, manner) };
    };
    return { asked, reason: reasonOf(checked), ifDesired: typeof version === 'number' ? version : null };
  }
}

/** What a body says of a device, on top of the documents that are there. @throws InvalidInput with all that is wrong */
export function readDevice(
  { body, raw, violations }: CheckedBody<ReviseDeviceBody>,
  current: Documents,
  manner: Manner,
  others: readonly Violation[] = [],
): DeviceRevision {
  const reading = new Reading();
  const revision: DeviceRevision = {
    ...(body.name !== undefined && { name: body.name }),
    ...(body.device_type !== undefined && { deviceType: body.device_type }),
    ...(body.mac_address !== undefined && { macAddress: readMacAt(body.mac_address, reading) }),
    ...(body.ip_address !== undefined && { ipAddress: readIpAt(body.ip_address, reading) }),
    ...(body.registration_date !== undefined && {
      registrationDate: new Date(reading.instant(body.registration_date, '/registration_date')),
    }),
    ...(body.environment !== undefined && { environment: body.environment }),
    ...(body.owner_team_id !== undefined && { ownerTeamId: lower(body.owner_team_id) }),
    ...(body.store_id !== undefined && { storeId: body.store_id }),
    ...(body.heartbeat_seconds !== undefined && {
      heartbeatSeconds: body.heartbeat_seconds ?? HEARTBEAT_SECONDS_DEFAULT,
    }),
    ...readDocuments(raw, { current, manner, reading }),
  };
  expectNone([...violations, ...others, ...reading.violations]);
  return revision;
}

interface DocumentReading {
  readonly current: Documents;
  readonly manner: Manner;
  readonly reading: Reading;
}

/** Null is none. */
function readDocuments(
  raw: Readonly<Record<string, unknown>>,
  { current, manner, reading }: DocumentReading,
): Partial<Documents> {
  const { labels, attributes, desired } = raw;
  const document = (name: 'attributes' | 'desired', sent: unknown): JsonObject =>
    changed(current[name], reading.map(sent ?? {}, `/${name}`), sent === null ? 'replace' : manner);
  return {
    ...(labels !== undefined && { labels: readLabels(labels, { current, manner, reading }) }),
    ...(attributes !== undefined && { attributes: document('attributes', attributes) }),
    ...(desired !== undefined && { desired: document('desired', desired) }),
  };
}

function readLabels(sent: unknown, { current, manner, reading }: DocumentReading): Labels {
  if (sent === null) return {};
  const isPatch = manner === 'merge' && isMembers(sent);
  const labels = isPatch ? mergedDocument(current.labels, sent) : sent;
  const mistakes = labelMistakes(labels, '/labels');
  for (const { code, pointer, detail } of mistakes) reading.note(code, pointer, detail);
  return mistakes.length === 0 ? (labels as Labels) : {};
}

const changed = (current: JsonObject, sent: JsonObject, manner: Manner): JsonObject =>
  manner === 'merge' ? mergedDocument(current, sent) : sent;

/** What is no text is told by the decorators. */
function readMacAt(sent: string | null, reading: Reading): MacAddress | null {
  if (typeof sent !== 'string') return null;
  const read = readMac(sent);
  if (typeof read === 'string') return read;
  reading.note(read.code, '/mac_address', read.detail);
  return null;
}

function readIpAt(sent: string | null, reading: Reading): IpAddress | null {
  if (typeof sent !== 'string') return null;
  const address = readIp(sent);
  const detail = 'It is an IPv4 address without leading zeros, or an IPv6 address; no mask, zone or port.';
  if (address === null) reading.note('pattern', '/ip_address', detail);
  return address;
}

const lower = (id: string | null): string | null => (typeof id === 'string' ? id.toLowerCase() : null);

function otherAddress(said: unknown, mac: MacAddress): Violation[] {
  if (typeof said !== 'string') return [];
  const read = readMac(said);
  if (typeof read !== 'string' || read === mac) return [];
  return [{ pointer: '/mac_address', code: 'contradiction', detail: 'The path says another address.' }];
}
