import type { ProviderAlias } from '../domain/secret-provider.js';

/** Whether a provider can be reached and lets the service in. */
export interface ProbeResult {
  readonly isOk: boolean;
  /** In our own words: nothing that the provider said. */
  readonly detail: string;
  /** Milliseconds. */
  readonly latencyMs: number;
}

/** Tries providers out. An abstract class, so that it is also its injection token. */
export abstract class SecretProbe {
  /** The tenant's own provider of this alias, else the shared one. @throws SecretProviderNotFound */
  abstract probe(tenant: string | null, alias: ProviderAlias): Promise<ProbeResult>;
}
