import type { Device, DeviceContent } from './device.js';
import type { DeviceId } from './identity.js';
import type { MacAddress } from './mac-address.js';

/** The devices of the caller. An abstract class, so that it is also its injection token. */
export abstract class DeviceRepository {
  /**
   * The device, kept for this unit of work: nobody else changes it meanwhile.
   * @throws DeviceNotFound, TenantForbidden for one that belongs to all
   */
  abstract get(id: DeviceId): Promise<Device>;

  /** The tenant's own device by its id, kept likewise; null when there is none. */
  abstract findOwn(tenant: string | null, id: DeviceId): Promise<Device | null>;

  /** The tenant's own device by its address, kept likewise; null when there is none. */
  abstract findByMac(tenant: string | null, mac: MacAddress): Promise<Device | null>;

  /**
   * What it was like in a version.
   * @throws VersionNotFound, also for the version that removed it
   */
  abstract contentAt(id: DeviceId, version: number): Promise<DeviceContent>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: DeviceId): Promise<boolean>;

  /** Some devices of a team, in the order of their ids, after this one. */
  abstract someOfTeam(teamId: string, after: string | null): Promise<readonly DeviceId[]>;

  /** How many devices a team owns, as far as the caller sees. */
  abstract countOfTeam(teamId: string): Promise<number>;

  /**
   * Stores the device and its row in the change log: both, or neither. Nothing happened, nothing is stored.
   * @throws MacAddressTaken, IdConflict, StaleVersion
   */
  abstract save(device: Device): Promise<void>;
}
