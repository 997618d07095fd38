import { RE2JS } from 're2js';
import type { Violation } from '#shared-kernel';
import type { PlacedPattern } from './schema-lint.js';

/** A regular expression as the engine asks for one. */
interface Pattern {
  test(text: string): boolean;
  toString(): string;
}

/** Regular expressions of linear time. The engine knows equal ones by their text. */
export const linearPattern = Object.assign(
  (pattern: string): Pattern => {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
    return { test: (text) => compiled.test(text), toString: () => `/${pattern}/` };
  },
  { code: 'linearPattern' },
);

/** Those that cannot be had in linear time, or cannot be read at all. */
export function refusedPatterns(patterns: readonly PlacedPattern[]): Violation[] {
  return patterns.flatMap(({ pattern, pointer }) => {
    if (isTaken(pattern)) return [];
    const detail = 'It is no regular expression of RE2, which has no look-around and no back-references.';
    return [{ pointer, code: 'pattern_refused', detail }];
  });
}

/** One of ECMA-262 with its Unicode flag, which is what JSON Schema speaks, and of RE2, which is what runs. */
function isTaken(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    linearPattern(pattern);
    return !NAMED_BACK_REFERENCE.test(pattern);
  } catch {
    return false;
  }
}

/** RE2 would read it as a letter. */
const NAMED_BACK_REFERENCE = /(?<!\\)(?:\\\\)*\\k</;
