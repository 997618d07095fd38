import type { Schema } from '../domain/device-type.js';

/** What a device type asks of its devices. */
export interface DeviceTypeRules {
  readonly key: string;
  /** Empty: any. */
  readonly statusValues: readonly string[];
  readonly attributesSchema: Schema | null;
  readonly statusDataSchema: Schema | null;
}

/** Device types by key, for whoever has to follow them. An abstract class, so that it is also its injection token. */
export abstract class DeviceTypes {
  /**
   * By key, the tenant's own before the shared ones; what there is not is left out. Those that there are stay until the
   * unit of work ends.
   */
  abstract find(
    tenant: string | null,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, DeviceTypeRules>>;
}
