import { fromPointer, parseDottedPath, toPointer } from '../dotted-path.js';
import type { Steps } from '../dotted-path.js';
import type { ConfigurationState } from '../configuration-state.js';
import type { JsonValue } from '../json.js';
import { isMergeable } from '../merge.js';
import { HEIGHT_MAX } from './reference-graph.js';
import { partsOf, referencesIn, wholeReference } from './references.js';
import { origin, stacksOf } from './stack.js';
import type { Stack } from './stack.js';
import type { Layer } from './layer.js';
import { stepInto, valueAt } from './value-at.js';

/** Configurations as they are saved, by id. */
export type Saved = ReadonlyMap<string, ConfigurationState>;

/** A place in a configuration that is saved. */
export interface SavedPlace {
  readonly configurationId: string;
  /** JSON Pointer into the resource, as `/values/pool/size`. */
  readonly pointer: string;
}

/** Finds in what is saved the place that a place of a document comes from. */
export class SavedSources {
  readonly #stacks: ReadonlyMap<string, Stack>;

  /** `layers` are those of the documents: by name, and of each name from the lowest up. */
  constructor(
    private readonly saved: Saved,
    layers: readonly Layer[],
  ) {
    this.#stacks = new Map(stacksOf(layers).map((stack) => [stack.name, stack]));
  }

  /** Null where nothing that is saved says what stands there. */
  find(name: string, pointer: string): SavedPlace | null {
    return this.#find(name, fromPointer(pointer), 0);
  }

  #find(name: string, steps: Steps, hops: number): SavedPlace | null {
    const stack = this.#stacks.get(name);
    if (!stack || hops > HEIGHT_MAX) return null;
    const { value, taken } = walk(stack.merged, steps);
    const said = this.#saidBy(stack, steps.slice(0, taken), value);
    if (said) return said;
    const whole = typeof value === 'string' ? wholeReference(partsOf(value) ?? []) : null;
    if (whole) return this.#find(whole.name, [...whole.path, ...steps.slice(taken)], hops + 1);
    if (isMergeable(value)) return null;
    for (const reference of referencesIn(value)) {
      const found = this.#find(reference.name, reference.path, hops + 1);
      if (found) return found;
    }
    return null;
  }

  /** Of a leaf the layer that it comes from counts, of an object any that adds to it. */
  #saidBy({ says }: Stack, steps: Steps, value: JsonValue): SavedPlace | null {
    const leaf = isMergeable(value) ? null : origin(says, steps);
    const sayers = isMergeable(value) ? says.toReversed() : leaf ? [leaf] : [];
    for (const { layer, values } of sayers) {
      const state = this.saved.get(layer.configurationId);
      if (state && valueAt(values, steps) !== undefined) return placeIn(state, steps);
    }
    return null;
  }
}

/** The place in a saved configuration at which its values, or its list of secrets, say something of these steps. */
export function placeIn({ id, values, secretRefs }: ConfigurationState, steps: Steps): SavedPlace {
  const pointer = toPointer(steps);
  const keys = secretRefs.map(({ key }) => toPointer(parseDottedPath(key) ?? []));
  const over = keys.findIndex((key) => isWithin(pointer, key)); // A listed secret stands over whatever is there.
  const index =
    over >= 0 || valueAt(values, steps) !== undefined
      ? over
      : keys.findIndex((key) => isWithin(key, pointer));
  return { configurationId: id, pointer: index >= 0 ? `/secret_refs/${index}/key` : `/values${pointer}` };
}

/** True when a JSON Pointer is another one, or leads on from it. */
export const isWithin = (pointer: string, outer: string): boolean =>
  pointer === outer || pointer.startsWith(`${outer}/`);

/** As far as the values lead; a text that leads on elsewhere ends the walk. */
function walk(values: JsonValue, steps: Steps): { value: JsonValue; taken: number } {
  let value = values;
  for (const [taken, step] of steps.entries()) {
    const next = stepInto(value, step);
    if (next === undefined) return { value, taken };
    value = next;
  }
  return { value, taken: steps.length };
}
