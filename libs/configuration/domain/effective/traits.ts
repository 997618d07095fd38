import { isJsonArray } from '../json.js';
import type { JsonObject, JsonValue } from '../json.js';
import { isMergeable } from '../merge.js';
import { isSecretLeaf } from '../secret-reference.js';
import { isReferring } from './references.js';

/** What the making of documents need not look for when a layer has none of it. */
export interface Traits {
  readonly hasReferences: boolean;
  readonly hasSecrets: boolean;
}

/** Values never change, and layers are looked at many times. */
const known = new WeakMap<JsonObject, Traits>();

/** What the values hold, wherever it is. */
export function traitsOf(values: JsonObject): Traits {
  const before = known.get(values);
  if (before) return before;
  const traits = { hasReferences: false, hasSecrets: false };
  note(values, traits);
  known.set(values, traits);
  return traits;
}

function note(value: JsonValue | undefined, traits: { hasReferences: boolean; hasSecrets: boolean }): void {
  if (typeof value === 'string') {
    if (isReferring(value)) traits.hasReferences = true;
  } else if (isSecretLeaf(value)) {
    traits.hasSecrets = true;
  } else if (isJsonArray(value)) {
    for (const item of value) note(item, traits);
  } else if (isMergeable(value)) {
    for (const name of Object.keys(value)) note(value[name], traits);
  }
}
