import { isJsonArray, memberOf } from '../json.js';
import type { JsonValue } from '../json.js';
import { isMergeable } from '../merge.js';
import type { Steps } from '../dotted-path.js';

const INDEX = /^(?:0|[1-9]\d*)$/;

/** The member or element that a value holds; undefined is none. What stands for a secret is not stepped into. */
export function stepInto(value: JsonValue | undefined, step: string): JsonValue | undefined {
  if (isJsonArray(value)) return INDEX.test(step) ? value[Number(step)] : undefined;
  return isMergeable(value) ? memberOf(value, step) : undefined;
}

/** What a value holds at a place; undefined is nothing. */
export function valueAt(value: JsonValue | undefined, steps: Steps): JsonValue | undefined {
  return steps.reduce(stepInto, value);
}
