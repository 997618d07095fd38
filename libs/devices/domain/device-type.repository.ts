import type { DeviceType, DeviceTypeContent, DeviceTypeKey } from './device-type.js';
import type { DeviceTypeId } from './identity.js';

/** The device types of the caller. An abstract class, so that it is also its injection token. */
export abstract class DeviceTypeRepository {
  /**
   * The device type, kept for this unit of work: nobody else changes it meanwhile.
   * @throws DeviceTypeNotFound
   */
  abstract get(id: DeviceTypeId): Promise<DeviceType>;

  /** The tenant's own device type by its key, kept likewise; null when there is none. */
  abstract findByKey(tenant: string | null, key: DeviceTypeKey): Promise<DeviceType | null>;

  /**
   * What it was like in a version.
   * @throws VersionNotFound, also for the version that removed it
   */
  abstract contentAt(id: DeviceTypeId, version: number): Promise<DeviceTypeContent>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: DeviceTypeId): Promise<boolean>;

  /** How many devices are of it; until the unit of work ends, no device becomes one of this key. */
  abstract countDevices(tenant: string | null, key: DeviceTypeKey): Promise<number>;

  /**
   * Stores the device type and its row in the change log: both, or neither. Nothing happened, nothing is stored.
   * @throws DeviceTypeKeyTaken, IdConflict, StaleVersion
   */
  abstract save(type: DeviceType): Promise<void>;
}
