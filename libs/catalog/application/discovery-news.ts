/** Called with the name of a resource and whose it is; null: everybody's. */
export type DiscoveryListener = (name: string, tenant: string | null) => void;

/** Tells when something of a name may be found elsewhere or otherwise. An abstract class, so that it is also its injection token. */
export abstract class DiscoveryNews {
  abstract listen(listener: DiscoveryListener): void;
}
