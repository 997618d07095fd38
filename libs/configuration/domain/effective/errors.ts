import { DomainError } from '#shared-kernel';
import type { ErrorFacts, Violation } from '#shared-kernel';
import type { Layer } from './layer.js';

/** How many of each a refusal tells at most. */
export const BREACHES_MAX = 100;

/** One thing that a save would break. */
export interface Breach extends Violation {
  /** Into which of the saved configurations the pointer goes; null where none of them says it. */
  readonly configurationId: string | null;
}

/** A document that a save would break, for whom and where. */
export interface BrokenPlace {
  readonly service: string;
  readonly environment: string;
  readonly tenant: string | null;
  readonly name: string;
  /** JSON Pointer into the document. */
  readonly pointer: string;
  /** From when on, in milliseconds since 1970; null is from now on. */
  readonly from: number | null;
}

/** Says how a pointer into a saved configuration is said in what the caller sent, for example in a batch. */
export type Relocate = (configurationId: string | null, pointer: string) => string;

/** A layer sets what one below it made final. */
export class FinalKeyOverridden extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'final_key';
  override readonly facts: ErrorFacts;

  /** `layer` is the other one of the first breach: the one that made the key final, or the one that sets it. */
  constructor(
    readonly breaches: readonly Breach[],
    readonly layer: Layer | null,
  ) {
    super(breaches.map(({ detail }) => detail).join(' '));
    this.facts = { errors: violationsOf(breaches), ...(layer && { layer: layerFact(layer) }) };
  }

  /** The same refusal for a caller who sent more than one configuration. */
  relocated(relocate: Relocate): FinalKeyOverridden {
    return new FinalKeyOverridden(moved(this.breaches, relocate), this.layer);
  }
}

/** A document would break its schema, or refer to what is not there. */
export class EffectiveInvalid extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'effective_invalid';
  override readonly facts: ErrorFacts;

  constructor(
    readonly breaches: readonly Breach[],
    readonly places: readonly BrokenPlace[],
  ) {
    super(breaches.map(({ detail }) => detail).join(' '));
    this.facts = { errors: violationsOf(breaches), places: places.map(placeFact) };
  }

  /** The same refusal for a caller who sent more than one configuration. */
  relocated(relocate: Relocate): EffectiveInvalid {
    return new EffectiveInvalid(moved(this.breaches, relocate), this.places);
  }
}

const violationsOf = (breaches: readonly Breach[]): Violation[] =>
  breaches.map(({ pointer, code, detail }) => ({ pointer, code, detail }));

const moved = (breaches: readonly Breach[], relocate: Relocate): Breach[] =>
  breaches.map((breach) => ({ ...breach, pointer: relocate(breach.configurationId, breach.pointer) }));

const layerFact = (layer: Layer): Readonly<Record<string, string | number | null>> => ({
  configuration_id: layer.configurationId,
  version: layer.version,
  tenant_id: layer.tenant,
  environment: layer.environment,
  name: layer.name,
});

const placeFact = (place: BrokenPlace): Readonly<Record<string, string | null>> => ({
  service_id: place.service,
  environment: place.environment,
  tenant_id: place.tenant,
  name: place.name,
  pointer: place.pointer,
  from: place.from === null ? null : new Date(place.from).toISOString(),
});
