import { pointerToken, tokenName } from '#shared-kernel';
import type { Violation } from '#shared-kernel';

/** The names on the way from an object to something in it, outermost first; at least one, and none of them is empty. */
export type Steps = readonly string[];

export const STEPS_MAX = 64;

/**
 * The steps of a dotted path as `credentials.password`. A dot inside a name is written `\.`, and a backslash `\\`; null
 * where the text is no such path: a name is empty, there are more than 64, or a backslash stands before something else.
 * `special` are the characters that a backslash may stand before.
 */
export function parseDottedPath(text: string, special = '.\\'): Steps | null {
  const steps: string[] = [];
  let name = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '.') {
      if (name === '' || steps.length === STEPS_MAX) return null;
      steps.push(name);
      name = '';
    } else if (character === '\\') {
      index += 1;
      const escaped = text.charAt(index);
      if (escaped === '' || !special.includes(escaped)) return null;
      name += escaped;
    } else {
      name += character;
    }
  }
  return name === '' || steps.length === STEPS_MAX ? null : [...steps, name];
}

/** The dotted path that says these steps. */
export const formatDottedPath = (steps: Steps): string =>
  steps.map((name) => name.replaceAll(/[\\.]/g, String.raw`\$&`)).join('.');

/** What is wrong with a text as a dotted path, at the place where it stands. */
export function dottedPathViolations(text: string, pointer: string): Violation[] {
  if (parseDottedPath(text)) return [];
  const detail = `It is 1 to ${STEPS_MAX} names with dots between, as "credentials.password"; a dot or backslash inside a name has a backslash before it.`;
  return [{ pointer, code: 'dotted_path', detail }];
}

/** A step of a JSON Pointer (RFC 6901). */
export const pointerStep = (name: string): string =>
  SPECIAL.test(name) ? `/${pointerToken(name)}` : `/${name}`;

const SPECIAL = /[~/]/;

/** The JSON Pointer (RFC 6901) that says these steps; here a name may be empty. */
export const toPointer = (steps: Steps): string => steps.map(pointerStep).join('');

/** The steps of a JSON Pointer that `toPointer` could have made. */
export const fromPointer = (pointer: string): Steps => pointer.split('/').slice(1).map(tokenName);
