import type { EffectiveDocuments } from '../domain/effective/effective-documents.js';
import type { Layer } from '../domain/effective/layer.js';
import type { ConfigurationName, EnvironmentName, ServiceId } from '../domain/identity.js';

/** Which documents are asked for. */
export interface EffectiveQuestion {
  readonly service: ServiceId;
  readonly environment: EnvironmentName;
  readonly tenant: string | null;
  /** One document alone; null is all of them. */
  readonly name: ConfigurationName | null;
  /** Null is now. In the past: what was stored then; in the future: what is stored now, by its windows. */
  readonly at: Date | null;
}

/** The documents of a place at an instant. */
export interface EffectiveView {
  /** Those that were asked for. */
  readonly documents: EffectiveDocuments;
  /** All of the place: a value of one may come from another. */
  readonly whole: EffectiveDocuments;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The next instant at which time alone changes them; null is never. */
  readonly validUntil: number | null;
}

/** Who made a layer what it is. */
export interface LayerOrigin {
  readonly changedBy: string;
  readonly changedAt: Date;
  readonly changeReason: string | null;
}

/** Effective documents, read from the database. An abstract class, so that it is also its injection token. */
export abstract class EffectiveQueries {
  /** @throws ServiceNotConfigured when the tenant sees no active configuration of this service, or none of this name */
  abstract effective(question: EffectiveQuestion): Promise<EffectiveView>;

  /** By layer; each of the version that it has. */
  abstract originsOf(layers: readonly Layer[]): Promise<ReadonlyMap<Layer, LayerOrigin>>;

  /** Writes down that secrets that these layers ask for are shown to the caller. */
  abstract noteRevealed(service: ServiceId, layers: readonly Layer[]): Promise<void>;
}
