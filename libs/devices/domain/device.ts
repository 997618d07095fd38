import { AggregateRoot, checkedLabels, InvalidInput, lengthOf, sameJson } from '#shared-kernel';
import type { Labels, Stamp, Violation } from '#shared-kernel';
import { StaleDesired } from './device-errors.js';
import { bytesOf, DOCUMENT_BYTES_MAX } from './documents.js';
import type { JsonObject } from './documents.js';
import type { DeviceId } from './identity.js';
import type { IpAddress } from './ip-address.js';
import type { MacAddress } from './mac-address.js';

export const NAME_LENGTH_MAX = 255;
export const STORE_LENGTH_MAX = 100;
export const ENVIRONMENT_LENGTH_MAX = 63;
export const HEARTBEAT_SECONDS_MAX = 2_592_000;
export const HEARTBEAT_SECONDS_DEFAULT = 300;

/** What is said of a device by whoever runs it; has a history and can be rolled back. */
export interface DeviceContent {
  readonly name: string | null;
  /** The key of a device type: the tenant's own, else the shared one. */
  readonly deviceType: string;
  readonly macAddress: MacAddress | null;
  readonly ipAddress: IpAddress | null;
  readonly registrationDate: Date;
  /** The key of an environment. */
  readonly environment: string | null;
  readonly ownerTeamId: string | null;
  readonly storeId: string | null;
  readonly labels: Labels;
  readonly attributes: JsonObject;
  /** How it should be. */
  readonly desired: JsonObject;
  /** How often it says something of itself when all is well. */
  readonly heartbeatSeconds: number;
}

/** Everything that is said of a device. */
export interface DeviceState extends DeviceContent {
  readonly id: DeviceId;
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp | null;
  /** Counts the changes of what is desired; 0 until something is. */
  readonly desiredVersion: number;
}

/** What is to change; absent leaves as it is. */
export type DeviceRevision = Partial<DeviceContent>;

/** A thing in the field that is known here before it says anything itself. */
export class Device extends AggregateRoot<DeviceState> {
  /** @throws InvalidInput */
  static register(
    identity: { readonly id: DeviceId; readonly tenant: string | null },
    content: DeviceContent,
    reason: string | null = null,
  ): Device {
    const device = new Device({
      ...identity,
      ...checked(content),
      version: 0,
      stamp: null,
      desiredVersion: Object.keys(content.desired).length > 0 ? 1 : 0,
    });
    device.record('registered', { reason });
    return device;
  }

  /** Rebuilds a stored device; for repositories and tests alone. */
  static restore(state: DeviceState): Device {
    return new Device(state);
  }

  /** Refuses to go on when the caller looked at another version of what is desired. @throws StaleDesired */
  expectDesiredVersion(expected: number | null): void {
    const { version, desiredVersion } = this.state;
    if (expected !== null && expected !== desiredVersion) throw new StaleDesired(version, desiredVersion);
  }

  /** Changes what is named and leaves the rest. What is as it was before makes no new version. @throws InvalidInput */
  revise(revision: DeviceRevision, reason: string | null): void {
    if (this.#become(revision)) this.record('updated', { reason });
  }

  /** Going back is going forward: an old content becomes the newest version. What is desired counts on. */
  revertTo(past: DeviceContent, version: number, reason: string | null): void {
    this.#become(past);
    this.record('rolled_back', { reason, rolledBackFrom: version });
  }

  /** Takes it away; its entries in the change log stay. */
  delete(reason: string | null): void {
    this.record('deleted', { reason, removes: true });
  }

  #become(revision: DeviceRevision): boolean {
    const before = this.state;
    const isDesiredNew = revision.desired !== undefined && !sameJson(revision.desired, before.desired);
    const next: DeviceState = {
      ...before,
      ...revision,
      desiredVersion: before.desiredVersion + (isDesiredNew ? 1 : 0),
    };
    checked(next);
    if (sameContent(next, before)) return false;
    this.state = next;
    return true;
  }
}

const comparable = ({ registrationDate, ...content }: DeviceContent): object => ({
  ...content,
  registrationDate: registrationDate.getTime(),
});

/** True when both say the same of a device. */
export const sameContent = (a: DeviceContent, b: DeviceContent): boolean =>
  sameJson(comparable(contentOf(a)), comparable(contentOf(b)));

/** The content alone. */
export const contentOf = (content: DeviceContent): DeviceContent => ({
  name: content.name,
  deviceType: content.deviceType,
  macAddress: content.macAddress,
  ipAddress: content.ipAddress,
  registrationDate: content.registrationDate,
  environment: content.environment,
  ownerTeamId: content.ownerTeamId,
  storeId: content.storeId,
  labels: content.labels,
  attributes: content.attributes,
  desired: content.desired,
  heartbeatSeconds: content.heartbeatSeconds,
});

/** Everything that is wrong with documents of a device: the attributes, or what is desired. */
export function documentMistakes(document: JsonObject, pointer: string): Violation[] {
  if (bytesOf(document) <= DOCUMENT_BYTES_MAX) return [];
  return [{ pointer, code: 'too_large', detail: `It has at most ${DOCUMENT_BYTES_MAX / 1024} KiB.` }];
}

/** @throws InvalidInput */
function checked(content: DeviceContent): DeviceContent {
  checkedLabels(content.labels);
  const { name, storeId, environment, heartbeatSeconds: seconds } = content;
  const violations = [
    ...documentMistakes(content.attributes, '/attributes'),
    ...documentMistakes(content.desired, '/desired'),
    ...lengthMistakes(name, '/name', NAME_LENGTH_MAX),
    ...lengthMistakes(storeId, '/store_id', STORE_LENGTH_MAX),
    ...lengthMistakes(environment, '/environment', ENVIRONMENT_LENGTH_MAX),
  ];
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > HEARTBEAT_SECONDS_MAX) {
    const detail = `It is a whole number from 1 to ${HEARTBEAT_SECONDS_MAX}.`;
    violations.push({ pointer: '/heartbeat_seconds', code: 'too_large', detail });
  }
  if (violations.length > 0) throw new InvalidInput(violations);
  return content;
}

function lengthMistakes(text: string | null, pointer: string, max: number): Violation[] {
  if (text === null || (text !== '' && lengthOf(text) <= max)) return [];
  const code = text === '' ? 'too_short' : 'too_long';
  return [{ pointer, code, detail: `It must have 1 to ${max} characters.` }];
}
