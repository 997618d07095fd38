import { formatDottedPath, parseDottedPath, toPointer } from '../dotted-path.js';
import type { Steps } from '../dotted-path.js';
import { memberOf, setMember } from '../json.js';
import type { JsonObject } from '../json.js';
import { documentOf, isMergeable, mergePatch } from '../merge.js';
import type { EffectiveProblem } from './effective-documents.js';
import type { Layer } from './layer.js';

/** What a layer says that counts: all of its values but what a layer below it made final. */
export interface Say {
  readonly layer: Layer;
  readonly values: JsonObject;
}

/** The layers of one document, from the lowest up, and what they make together before references are followed. */
export interface Stack {
  readonly name: string;
  readonly says: readonly Say[];
  readonly merged: JsonObject;
  readonly problems: readonly EffectiveProblem[];
}

interface FinalKey {
  readonly steps: Steps;
  readonly layer: Layer;
}

/** The stacks of layers that come by name, and of each name from the lowest up. */
export function stacksOf(layers: readonly Layer[]): Stack[] {
  const stacks: Stack[] = [];
  for (let start = 0; start < layers.length;) {
    const name = layers[start]?.name ?? '';
    let end = start + 1;
    while (layers[end]?.name === name) end += 1;
    stacks.push(stackOf(name, layers.slice(start, end)));
    start = end;
  }
  return stacks;
}

function stackOf(name: string, layers: readonly Layer[]): Stack {
  const says: Say[] = [];
  const problems: EffectiveProblem[] = [];
  const finals: FinalKey[] = [];
  let merged: JsonObject | null = null;
  for (const layer of layers) {
    const values = finals.reduce((rest, final) => withoutFinal(rest, final, layer, problems), layer.values);
    says.push({ layer, values });
    merged = merged ? mergePatch(merged, values) : documentOf(values);
    for (const key of layer.finalKeys) {
      const steps = parseDottedPath(key);
      if (steps) finals.push({ steps, layer });
    }
  }
  return { name, says, merged: merged ?? {}, problems };
}

/** A layer above says nothing of a final key, of what is inside of it, nor of what it is inside of as a whole. */
function withoutFinal(
  values: JsonObject,
  { steps, layer: offended }: FinalKey,
  layer: Layer,
  problems: EffectiveProblem[],
): JsonObject {
  const length = mentionOf(values, steps);
  if (length === null) return values;
  const place = steps.slice(0, length);
  problems.push({
    code: 'final_key',
    name: layer.name,
    pointer: toPointer(place),
    detail: `"${formatDottedPath(steps)}" of "${layer.name}" is final.`,
    configurationId: layer.configurationId,
    offendedId: offended.configurationId,
  });
  return withoutMember(values, place);
}

/** How many of the steps lead to what says something of the last of them; null when nothing does. */
function mentionOf(values: JsonObject, steps: Steps): number | null {
  let within: JsonObject = values;
  for (const [index, name] of steps.entries()) {
    const value = memberOf(within, name);
    if (value === undefined) return null;
    if (!isMergeable(value)) return index + 1;
    within = value;
  }
  return steps.length;
}

function withoutMember(object: JsonObject, [name = '', ...rest]: Steps): JsonObject {
  const { [name]: member, ...others } = object;
  if (rest.length === 0 || !isMergeable(member)) return others;
  const result = { ...object };
  setMember(result, name, withoutMember(member, rest));
  return result;
}

/** The layer whose value stands at a place of the merged document, of which `steps` lead to something. */
export function origin(says: readonly Say[], steps: Steps): Say | null {
  return says.findLast(({ values }) => mentionOf(values, steps) !== null) ?? null;
}
