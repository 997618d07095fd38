import type { Layer } from '../domain/effective/layer.js';
import type { ServiceId } from '../domain/identity.js';

/** The active layers of a service that a tenant sees. Neither list ever changes: another state is another list. */
export interface LiveLayers {
  readonly shared: readonly Layer[];
  /** Empty for null, who has none. */
  readonly own: readonly Layer[];
}

/** Hears that layers changed, after they did; null are shared ones. Must not throw and must not wait. */
export type LayersListener = (service: string, tenant: string | null) => void;

/**
 * Layers in memory, kept right by the change log: after an acknowledged write this process never again answers with what
 * was before it. An abstract class, so that it is also its injection token.
 */
export abstract class LiveEffective {
  /** Undefined when they have to be loaded. */
  abstract peek(service: ServiceId, tenant: string | null): LiveLayers | undefined;

  /** @throws DatabaseUnavailable, DatabaseBusy when they are not in memory and cannot be read */
  abstract load(service: ServiceId, tenant: string | null): Promise<LiveLayers>;

  /** The present instant by the database's clock, in milliseconds since 1970. */
  abstract nowMs(): number;

  /** Gives back the way to stop listening. */
  abstract onChange(listener: LayersListener): () => void;

  /** True while changes made elsewhere cannot be heard of: what is answered may be old, and says so. */
  abstract readonly mayBeOld: boolean;
}
