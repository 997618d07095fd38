import type { ConfigurationState } from '../configuration-state.js';
import type { JsonObject } from '../json.js';
import { placeSecrets } from '../secret-reference.js';

/** One active configuration, as the effective document is made of it. Times in milliseconds since 1970. */
export interface Layer {
  readonly configurationId: string;
  readonly version: number;
  /** Null is shared by all tenants. */
  readonly tenant: string | null;
  readonly name: string;
  /** `base`, or an environment. */
  readonly environment: string;
  /** With the secrets of `secret_refs` in their places, each as `{"$secret_ref": {…}}`. */
  readonly values: JsonObject;
  readonly finalKeys: readonly string[];
  readonly schemaId: string | null;
  readonly effectiveFrom: number | null;
  readonly effectiveUntil: number | null;
}

/** For whom and where a service's documents are put together. */
export interface Place {
  readonly tenant: string | null;
  /** `base` stands for any environment that has no layers of its own. */
  readonly environment: string;
}

/** What a configuration contributes while it is active. */
export const toLayer = (state: ConfigurationState): Layer => ({
  configurationId: state.id,
  version: state.version,
  tenant: state.tenant,
  name: state.name,
  environment: state.environment,
  values: placeSecrets(state.values, state.secretRefs),
  finalKeys: state.finalKeys,
  schemaId: state.schemaId,
  effectiveFrom: state.effectiveFrom?.getTime() ?? null,
  effectiveUntil: state.effectiveUntil?.getTime() ?? null,
});
