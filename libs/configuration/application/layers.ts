import type { Layer } from '../domain/effective/layer.js';
import type { ServiceId } from '../domain/identity.js';

/** Where layers come from. An abstract class, so that it is also its injection token. */
export abstract class Layers {
  /**
   * From here to the end of the unit of work nobody else changes layers of this service that could meet these: tenants
   * keep what is shared as it is, and whoever changes what is shared waits for all of them.
   */
  abstract hold(service: ServiceId, tenant: string | null): Promise<void>;

  /** Every active layer of the service that the caller may see, of all tenants, as the open unit of work sees them. */
  abstract ofService(service: ServiceId): Promise<Layer[]>;

  /** Those that a tenant sees, as they were at an instant in the past: by the change log. */
  abstract asOf(service: ServiceId, tenant: string | null, at: Date): Promise<Layer[]>;
}
