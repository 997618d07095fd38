import { lengthOf, sameJson } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import type { ConfigurationContent } from './configuration-state.js';
import { dottedPathViolations, formatDottedPath, fromPointer, parseDottedPath } from './dotted-path.js';
import { referenceViolations } from './effective/references.js';
import { pointerViolations } from './long-pointers.js';
import { secretsIn, secretViolations } from './secret-reference.js';
import type { SecretPlacement, SecretReference } from './secret-reference.js';

/** Of the values as JSON in UTF-8. */
export const VALUES_BYTES_MAX = 262_144;
export const FINAL_KEYS_MAX = 100;
export const SECRET_REFS_MAX = 100;
/** Of a dotted path. */
export const KEY_LENGTH_MAX = 1_000;
export const DESCRIPTION_LENGTH_MAX = 1_000;

/** Everything that is wrong with a content by itself, each at its place in the resource. */
export const contentViolations = (content: ConfigurationContent): Violation[] => [
  ...valuesViolations(content),
  ...countViolations('/secret_refs', content.secretRefs, SECRET_REFS_MAX),
  ...content.secretRefs.flatMap(({ key }, index) => keyViolations(key, `/secret_refs/${index}/key`)),
  ...repeated(content.secretRefs),
  ...countViolations('/final_keys', content.finalKeys, FINAL_KEYS_MAX),
  ...content.finalKeys.flatMap((key, index) => keyViolations(key, `/final_keys/${index}`)),
  ...windowViolations(content),
  ...tooLong('/description', content.description ?? '', DESCRIPTION_LENGTH_MAX),
];

/** Every secret that a content asks for, with the place in the resource that asks. */
export const referencesOf = ({
  secretRefs,
  values,
}: Pick<ConfigurationContent, 'secretRefs' | 'values'>): {
  readonly reference: SecretReference;
  readonly pointer: string;
}[] => [
  ...secretRefs.map((reference, index) => ({ reference, pointer: `/secret_refs/${index}` })),
  ...secretsIn(values).map(({ reference, pointer }) => ({ reference, pointer: `/values${pointer}` })),
];

/** Dotted paths of all properties that hold a secret, in order, each once. */
export function secretKeysOf({
  secretRefs,
  values,
}: Pick<ConfigurationContent, 'secretRefs' | 'values'>): string[] {
  const inValues = secretsIn(values).map(({ pointer }) => formatDottedPath(fromPointer(pointer)));
  return [...new Set([...secretRefs.map(({ key }) => key), ...inValues])].sort();
}

/** It is active, and the instant is in its window. */
export const isEffectiveAt = (
  { isActive, effectiveFrom, effectiveUntil }: ConfigurationContent,
  at: Date,
): boolean =>
  isActive &&
  (effectiveFrom === null || effectiveFrom <= at) &&
  (effectiveUntil === null || at < effectiveUntil);

/** True when nothing that has a history differs; the order of names in objects says nothing. */
export const sameContent = (a: ConfigurationContent, b: ConfigurationContent): boolean =>
  a.schemaId === b.schemaId &&
  a.isActive === b.isActive &&
  a.description === b.description &&
  a.effectiveFrom?.getTime() === b.effectiveFrom?.getTime() &&
  a.effectiveUntil?.getTime() === b.effectiveUntil?.getTime() &&
  JSON.stringify([a.secretRefs, a.finalKeys]) === JSON.stringify([b.secretRefs, b.finalKeys]) &&
  sameJson(a.values, b.values);

function valuesViolations({ values }: ConfigurationContent): Violation[] {
  const bytes = new TextEncoder().encode(JSON.stringify(values)).length;
  if (bytes > VALUES_BYTES_MAX) {
    const detail = `They have ${bytes} bytes as JSON; ${VALUES_BYTES_MAX} are allowed.`;
    return [{ pointer: '/values', code: 'too_large', detail }];
  }
  const untold = pointerViolations(values, '/values');
  if (untold.length > 0) return untold; // What else is wrong would be told with its place.
  return [...secretViolations(values, '/values'), ...referenceViolations(values, '/values')];
}

const keyViolations = (key: string, pointer: string): Violation[] => [
  ...tooLong(pointer, key, KEY_LENGTH_MAX),
  ...dottedPathViolations(key, pointer),
];

function repeated(secretRefs: readonly SecretPlacement[]): Violation[] {
  const keys = secretRefs.map(({ key }) => JSON.stringify(parseDottedPath(key) ?? key));
  return keys.flatMap((key, index) => {
    const first = keys.indexOf(key);
    if (first === index) return [];
    const detail = `/secret_refs/${first} is of this key already.`;
    return [{ pointer: `/secret_refs/${index}/key`, code: 'duplicate', detail }];
  });
}

function windowViolations({ effectiveFrom, effectiveUntil }: ConfigurationContent): Violation[] {
  if (!effectiveFrom || !effectiveUntil || effectiveFrom < effectiveUntil) return [];
  return [{ pointer: '/effective_until', code: 'order', detail: 'It has to be after effective_from.' }];
}

function countViolations(pointer: string, list: readonly unknown[], max: number): Violation[] {
  if (list.length <= max) return [];
  return [{ pointer, code: 'too_many', detail: `There are at most ${max}.` }];
}

function tooLong(pointer: string, text: string, max: number): Violation[] {
  if (lengthOf(text) <= max) return [];
  return [{ pointer, code: 'too_long', detail: `It has at most ${max} characters.` }];
}
