import type { Page, PageRequest, PastStateOf, PastVersion, Stamp } from '#shared-kernel';
import type { DeviceTypeContent } from '../domain/device-type.js';
import type { DeviceTypeId } from '../domain/identity.js';

/** A device type as it is shown. */
export interface DeviceTypeView extends DeviceTypeContent {
  readonly id: string;
  readonly tenant: string | null;
  readonly version: number;
  readonly key: string;
  readonly stamp: Stamp;
}

/** Which device types a list shows. */
export interface DeviceTypeFilter {
  /** The tenant looked for; its device types and the shared ones. */
  readonly tenant: string | null;
  /** Anywhere in key or name, whatever the case. */
  readonly q?: string | undefined;
}

/** Everything that is read of device types. An abstract class, so that it is also its injection token. */
export abstract class DeviceTypeQueries {
  /** @throws DeviceTypeNotFound */
  abstract get(id: DeviceTypeId): Promise<DeviceTypeView>;

  /** The tenant's own device type of this key, else the shared one. @throws DeviceTypeNotFound */
  abstract byKey(tenant: string | null, key: string): Promise<DeviceTypeView>;

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was gone */
  abstract asOf(id: DeviceTypeId, at: Date): Promise<DeviceTypeView>;

  /** @throws InvalidInput, InvalidCursor */
  abstract page(filter: DeviceTypeFilter, request: PageRequest): Promise<Page<DeviceTypeView>>;

  /** Newest first. @throws NoHistory, InvalidCursor */
  abstract versions(id: DeviceTypeId, request: PageRequest): Promise<Page<PastVersion>>;

  /** @throws VersionNotFound */
  abstract version(id: DeviceTypeId, version: number): Promise<PastStateOf<DeviceTypeView>>;
}
