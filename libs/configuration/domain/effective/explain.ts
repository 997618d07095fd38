import { pointerStep, toPointer } from '../dotted-path.js';
import type { JsonObject, JsonValue } from '../json.js';
import { isMergeable } from '../merge.js';
import type { EffectiveDocuments } from './effective-documents.js';
import type { Layer } from './layer.js';
import { partsOf, referencesIn, wholeReference } from './references.js';
import type { Reference } from './references.js';
import { origin, stacksOf } from './stack.js';
import type { Stack } from './stack.js';
import { stepInto, valueAt } from './value-at.js';

/** Where a value comes from. */
export interface Explanation {
  /** The one that says it; of a value that is referred to, the one that holds the reference. */
  readonly layer: Layer;
  /** What other layers say of the same place and what does not count, from the highest down; null removes. */
  readonly overridden: readonly { readonly layer: Layer; readonly value: JsonValue }[];
  /** JSON Pointers over all values to what `${config:…}` takes over, in the order of the text; absent where it has none. */
  readonly from?: readonly string[];
}

/**
 * By JSON Pointer over all values, as `/database/host`: where each leaf comes from. A list, an empty object and a secret
 * are one leaf each.
 */
export function explain({ values, layers }: EffectiveDocuments): ReadonlyMap<string, Explanation> {
  const explained = new Map<string, Explanation>();
  for (const stack of stacksOf(layers)) {
    const told = (steps: readonly string[], inside: string, from: readonly string[]): void => {
      const explanation = explanationAt(stack, steps);
      const pointer = pointerStep(stack.name) + toPointer(steps) + inside;
      if (explanation) explained.set(pointer, from.length > 0 ? { ...explanation, from } : explanation);
    };
    visit(stack.merged, valueAt(values, [stack.name]), [], told);
  }
  return explained;
}

type Tell = (steps: readonly string[], inside: string, from: readonly string[]) => void;

/** Goes through what is written and what became of it side by side; `inside` leads on in what was taken over. */
function visit(
  raw: JsonValue | undefined,
  value: JsonValue | undefined,
  steps: readonly string[],
  tell: Tell,
): void {
  if (isBranching(raw)) {
    for (const name of Object.keys(raw)) visit(raw[name], stepInto(value, name), [...steps, name], tell);
    return;
  }
  const whole = typeof raw === 'string' ? wholeReference(partsOf(raw) ?? []) : null;
  if (!whole) {
    tell(steps, '', referencesIn(raw ?? null).map(placeOf));
    return;
  }
  for (const inside of leavesOf(value)) tell(steps, inside, [placeOf(whole) + inside]);
}

function explanationAt({ says }: Stack, steps: readonly string[]): Explanation | null {
  const say = origin(says, steps);
  if (!say) return null;
  const overridden = says.toReversed().flatMap(({ layer }) => {
    const value = layer === say.layer ? undefined : valueAt(layer.values, steps);
    return value === undefined ? [] : [{ layer, value }];
  });
  return { layer: say.layer, overridden };
}

/** JSON Pointers to the leaves of a value. */
function leavesOf(value: JsonValue | undefined, pointer = ''): string[] {
  if (!isBranching(value)) return [pointer];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, pointer + pointerStep(name)));
}

const isBranching = (value: JsonValue | undefined): value is JsonObject =>
  isMergeable(value) && Object.keys(value).length > 0;

const placeOf = ({ name, path }: Reference): string => toPointer([name, ...path]);
