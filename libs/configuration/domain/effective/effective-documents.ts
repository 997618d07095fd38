import type { JsonObject } from '../json.js';
import type { SecretReference } from '../secret-reference.js';
import type { Layer } from './layer.js';

/** Why the documents of a place cannot be as their layers say. */
export type EffectiveProblemCode =
  | 'final_key'
  | 'reference_unknown'
  | 'reference_cycle'
  | 'reference_too_deep'
  | 'reference_not_text'
  | 'result_too_large';

/** One thing that is wrong with a result, and where. */
export interface EffectiveProblem {
  readonly code: EffectiveProblemCode;
  /** Name of the document. */
  readonly name: string;
  /** JSON Pointer into that document. */
  readonly pointer: string;
  readonly detail: string;
  /** The layer that says it. */
  readonly configurationId: string;
  /** The layer that it offends, where there are two: the one that made the key final. */
  readonly offendedId: string | null;
}

/** A secret in its place. */
export interface PlacedSecret {
  readonly name: string;
  /** JSON Pointer of the reference in the document. */
  readonly pointer: string;
  readonly reference: SecretReference;
  /** The layer that asks for it: its owner decides what may be asked. */
  readonly layer: Layer;
}

/** A text that a secret is part of; it stands with its `${config:…}` in the document until secrets are resolved. */
export interface SecretText {
  readonly name: string;
  readonly pointer: string;
  /** Texts as they are, and places of secrets among `secrets` by their index. */
  readonly parts: readonly (string | number)[];
}

/** What a service gets at a place at one instant. */
export interface EffectiveDocuments {
  /** By name, in the order of the names; values are merged, interpolated, and show secrets as references. */
  readonly values: Readonly<Record<string, JsonObject>>;
  /** Those that took part: by name, from the lowest up. */
  readonly layers: readonly Layer[];
  readonly problems: readonly EffectiveProblem[];
  readonly secrets: readonly PlacedSecret[];
  readonly secretTexts: readonly SecretText[];
}
