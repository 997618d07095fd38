import type { Stamp } from '#shared-kernel';
import type { ConfigurationId, ConfigurationName, EnvironmentName, SchemaId, ServiceId } from './identity.js';
import type { JsonObject } from './json.js';
import type { SecretPlacement } from './secret-reference.js';

/** Which layer of which document: one that is active and has no window, and any number with windows apart. */
export interface Scope {
  /** Null is shared by all tenants. */
  readonly tenant: string | null;
  readonly service: ServiceId;
  readonly name: ConfigurationName;
  readonly environment: EnvironmentName;
}

/** The part of a configuration that has a history and can be rolled back. */
export interface ConfigurationContent {
  /** As they were sent: null takes a key of the layers below away. */
  readonly values: JsonObject;
  /** The schema that every result satisfies in which this layer takes part. */
  readonly schemaId: SchemaId | null;
  readonly secretRefs: readonly SecretPlacement[];
  /** Dotted paths that no layer above may set. */
  readonly finalKeys: readonly string[];
  /** Only active ones count. */
  readonly isActive: boolean;
  /** Half-open window `[from, until)`; null is without end on that side. */
  readonly effectiveFrom: Date | null;
  readonly effectiveUntil: Date | null;
  readonly description: string | null;
}

/** Everything there is to know about a configuration. Its scope is fixed for life. */
export interface ConfigurationState extends Scope, ConfigurationContent {
  readonly id: ConfigurationId;
  readonly version: number;
  readonly stamp: Stamp | null;
}
