import type { Page, PageRequest, PastStateOf, PastVersion, Selector, Stamp } from '#shared-kernel';
import type { Connectivity } from '../domain/connectivity.js';
import type { DeviceContent } from '../domain/device.js';
import type { DeviceId } from '../domain/identity.js';
import type { IpAddress, IpRange } from '../domain/ip-address.js';
import type { MacAddress } from '../domain/mac-address.js';

interface Identified {
  readonly id: string;
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp;
}

/** Everything that is said of a device. */
export interface DeviceView extends Identified, DeviceContent {
  readonly desiredVersion: number;
}

/** A device in short: what is said of it without its documents, and when it was heard of. */
export interface DeviceSummary extends Identified, Omit<DeviceContent, 'attributes' | 'desired'> {
  /** As of now; null in a past state. */
  readonly connectivity: Connectivity | null;
  readonly lastSeenAt: Date | null;
}

/** Which devices a list shows. Several values are any of them. */
export interface DeviceFilter {
  /** The tenant looked for; its devices and the shared ones. */
  readonly tenant: string | null;
  readonly types?: readonly string[] | undefined;
  readonly macs?: readonly MacAddress[] | undefined;
  readonly ips?: readonly IpAddress[] | undefined;
  readonly ranges?: readonly IpRange[] | undefined;
  readonly statuses?: readonly string[] | undefined;
  readonly connectivities?: readonly string[] | undefined;
  readonly environments?: readonly string[] | undefined;
  readonly teams?: readonly string[] | undefined;
  readonly stores?: readonly string[] | undefined;
  readonly delta?: 'some' | 'none' | undefined;
  readonly selector?: Selector | undefined;
  readonly registeredFrom?: Date | undefined;
  readonly registeredUntil?: Date | undefined;
  /** Seen, but not since. */
  readonly lastSeenBefore?: Date | undefined;
  /** Anywhere in name, addresses or store, whatever the case. */
  readonly q?: string | undefined;
}

/** Everything that is read of what is said of devices. An abstract class, so that it is also its injection token. */
export abstract class DeviceQueries {
  /** @throws DeviceNotFound */
  abstract get(id: DeviceId): Promise<DeviceSummary>;

  /** The tenant's own device with this address, else the shared one. @throws DeviceNotFound */
  abstract byMac(tenant: string | null, mac: MacAddress): Promise<DeviceSummary>;

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was gone */
  abstract asOf(id: DeviceId, at: Date): Promise<DeviceView>;

  /** @throws InvalidInput, InvalidCursor */
  abstract page(filter: DeviceFilter, request: PageRequest): Promise<Page<DeviceSummary>>;

  /** The tenant's own ones alone, by id; never more than some in memory. */
  abstract all(filter: DeviceFilter): AsyncIterable<DeviceView>;

  /** Newest first. @throws NoHistory, InvalidCursor */
  abstract versions(id: DeviceId, request: PageRequest): Promise<Page<PastVersion>>;

  /** @throws VersionNotFound */
  abstract version(id: DeviceId, version: number): Promise<PastStateOf<DeviceView>>;
}
