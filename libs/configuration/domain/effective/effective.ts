import { fromPointer, pointerStep } from '../dotted-path.js';
import { setMember } from '../json.js';
import type { JsonObject } from '../json.js';
import { readSecretReference, visitSecrets } from '../secret-reference.js';
import type {
  EffectiveDocuments,
  EffectiveProblem,
  PlacedSecret,
  SecretText,
} from './effective-documents.js';
import { interpolate } from './interpolation.js';
import type { Interpolated } from './interpolation.js';
import type { Layer, Place } from './layer.js';
import { layersAt } from './select-layers.js';
import { origin, stacksOf } from './stack.js';
import type { Stack } from './stack.js';
import { traitsOf } from './traits.js';

/** What a service gets at a place at an instant, in milliseconds since 1970, of these layers; whole whatever they say. */
export const effectiveAt = (layers: readonly Layer[], place: Place, at: number): EffectiveDocuments =>
  effectiveOf(layersAt(layers, place, at));

/** The documents that these layers make; they come by name, and of each name from the lowest up. */
export function effectiveOf(layers: readonly Layer[]): EffectiveDocuments {
  const stacks = stacksOf(layers);
  const { values: documents, openTexts, problems } = followed(stacks);
  const values: Record<string, JsonObject> = {};
  for (const [index, { name, merged }] of stacks.entries())
    setMember(values, name, documents[index] ?? merged);
  const { secrets, indexOf } = secretsOf(stacks, values);
  return {
    values,
    layers,
    problems: [...stacks.flatMap((stack) => stack.problems), ...problems],
    secrets,
    secretTexts: openTexts.map((text) => closed(text, indexOf)),
  };
}

interface Followed {
  readonly values: readonly JsonObject[];
  readonly openTexts: Interpolated['openTexts'];
  readonly problems: readonly EffectiveProblem[];
}

function followed(stacks: readonly Stack[]): Followed {
  const raw = stacks.map(({ name, merged: values, says }) => ({
    name,
    values,
    hasReferences: says.some(({ layer }) => traitsOf(layer.values).hasReferences),
  }));
  if (!raw.some(({ hasReferences }) => hasReferences)) return { values: [], openTexts: [], problems: [] };
  const { values, openTexts, problems } = interpolate(raw);
  const byName = new Map(stacks.map((stack) => [stack.name, stack]));
  return {
    values,
    openTexts,
    problems: problems.map((problem) => ({
      ...problem,
      configurationId:
        origin(byName.get(problem.name)?.says ?? [], fromPointer(problem.pointer))?.layer.configurationId ??
        '',
      offendedId: null,
    })),
  };
}

interface Secrets {
  readonly secrets: readonly PlacedSecret[];
  /** Where what stands for a secret comes first among them. */
  readonly indexOf: ReadonlyMap<JsonObject, number>;
}

/** A secret that was taken over is asked for by the layer that has it, wherever else it shows. */
function secretsOf(stacks: readonly Stack[], values: Readonly<Record<string, JsonObject>>): Secrets {
  const owners = ownersOf(stacks);
  const secrets: PlacedSecret[] = [];
  const indexOf = new Map<JsonObject, number>();
  if (owners.size === 0) return { secrets, indexOf };
  for (const { name, says } of stacks) {
    if (!says.some(({ layer }) => mayShowSecrets(layer))) continue;
    visitMembers(values[name] ?? {}, (leaf, pointer) => {
      const { reference } = readSecretReference(leaf, pointer);
      const layer = owners.get(leaf);
      if (!reference || !layer) return;
      if (!indexOf.has(leaf)) indexOf.set(leaf, secrets.length);
      secrets.push({ name, pointer, reference, layer });
    });
  }
  return { secrets, indexOf };
}

/** By itself, or by what it refers to. */
function mayShowSecrets({ values }: Layer): boolean {
  const { hasSecrets, hasReferences } = traitsOf(values);
  return hasSecrets || hasReferences;
}

function ownersOf(stacks: readonly Stack[]): Map<JsonObject, Layer> {
  const owners = new Map<JsonObject, Layer>();
  for (const { says } of stacks) {
    for (const { layer } of says) {
      if (traitsOf(layer.values).hasSecrets) visitMembers(layer.values, (leaf) => owners.set(leaf, layer));
    }
  }
  return owners;
}

/** A document as a whole never stands for a secret. */
function visitMembers(document: JsonObject, visit: (leaf: JsonObject, pointer: string) => void): void {
  for (const name of Object.keys(document)) {
    const member = document[name];
    if (typeof member === 'object' && member !== null) visitSecrets(member, pointerStep(name), visit);
  }
}

const closed = (
  { name, pointer, parts }: Interpolated['openTexts'][number],
  indexOf: ReadonlyMap<JsonObject, number>,
): SecretText => ({
  name,
  pointer,
  parts: parts.map((part) => (typeof part === 'string' ? part : (indexOf.get(part) ?? ''))),
});
