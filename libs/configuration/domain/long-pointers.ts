import type { Violation } from '#shared-kernel';
import { pointerStep } from './dotted-path.js';
import type { JsonValue } from './json.js';

/** Of the JSON Pointer to any value of a document, in characters. */
export const POINTER_LENGTH_MAX = 1_000;

/**
 * The first value of a document that holds one whose place is too long to be told; else none. Places are told in refusals
 * and explanations, of every secret and in the log: thousands of values inside of one very long name would be gigabytes.
 */
export function pointerViolations(document: JsonValue, at: string): Violation[] {
  const open: { value: JsonValue; pointer: string }[] = [{ value: document, pointer: '' }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, pointer } = next;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, member] of Object.entries(value) as [string, JsonValue][]) {
      const place = pointer + pointerStep(name);
      if (place.length > POINTER_LENGTH_MAX) return [tooLong(at + pointer)];
      open.push({ value: member, pointer: place });
    }
  }
  return [];
}

const tooLong = (pointer: string): Violation => ({
  pointer,
  code: 'pointer_too_long',
  detail: `The JSON Pointer to each value in it has at most ${POINTER_LENGTH_MAX} characters.`,
});
