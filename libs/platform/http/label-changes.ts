import { labelMistakes } from '#shared-kernel';
import type { Labels } from '#shared-kernel';
import { isMembers } from './reading.js';
import type { Reading } from './reading.js';
import type { Manner } from './resource-routes.js';

/** How labels look, in the words of the OpenAPI document. */
export const LABELS = {
  type: 'object',
  additionalProperties: { type: 'string', maxLength: 63 },
  maxProperties: 64,
  description:
    'By key, in the syntax of Kubernetes. A PUT replaces them all; a PATCH merges by key, and null removes one.',
  example: { tier: 'gold' },
} as const;

/** How labels look in a PATCH. */
export const LABELS_PATCH = {
  ...LABELS,
  additionalProperties: { type: 'string', maxLength: 63, nullable: true },
} as const;

/** Labels as they were sent; what is wrong with them is noted at its place. Null is none. */
export function readLabels(sent: unknown, reading: Reading): Labels {
  if (sent === null || sent === undefined) return {};
  const mistakes = labelMistakes(sent, '/labels');
  for (const { code, pointer, detail } of mistakes) reading.note(code, pointer, detail);
  return mistakes.length === 0 ? (sent as Labels) : {};
}

/** Labels once what was sent has been done to them. */
export function changedLabels(current: Labels, sent: unknown, manner: Manner, reading: Reading): Labels {
  if (manner === 'replace' || !isMembers(sent)) return readLabels(sent, reading);
  const merged = new Map<string, unknown>(Object.entries(current));
  for (const [key, value] of Object.entries(sent)) {
    if (value === null) merged.delete(key);
    else merged.set(key, value);
  }
  return readLabels(Object.fromEntries(merged), reading);
}
