import { pointerToken } from '#shared-kernel';
import type { ExactMembers } from './exact-members.js';
import { SeenKeys } from './seen-keys.js';

/** A step into a document: the key of a member, or the index of an element. */
export type Step = string | number;

/** Keeps a report readable, and no larger than a few times what was sent. */
const POINTER_LENGTH_MAX = 1000;

const NOT_TEXT = /[\0\p{Surrogate}]/u;

/**
 * One open array or object, and the element or member of it that is being read. Used again for its next
 * sibling.
 */
export class Level {
  isObject = false;
  /** The element that is being read, when it is an array. */
  index = 0;
  /**
   * Where the key of the member that is being read stands in the text, without quotes, when it is an object.
   */
  keyStart = 0;
  keyEnd = 0;
  exact: ExactMembers | null = null;
  readonly keys = new SeenKeys();

  open(isObject: boolean, exact: ExactMembers | null): void {
    this.isObject = isObject;
    this.exact = exact;
    this.keys.clear();
  }

  step(text: string): Step {
    return this.isObject ? unescaped(text.slice(this.keyStart, this.keyEnd)) : this.index;
  }
}

/** The content of a JSON string, as it stands between its quotes. */
export function unescaped(raw: string): string {
  return raw.includes('\\') ? String(JSON.parse(`"${raw}"`)) : raw;
}

/**
 * The JSON Pointer (RFC 6901) to what is being read at the innermost of these levels. Stops at the nearest
 * enclosing place when a key on the way is no clean text, or when the pointer would become longer than 1000
 * characters.
 */
export function pointerTo(text: string, levels: readonly Level[]): string {
  let pointer = '';
  for (const level of levels) {
    if (level.isObject && level.keyEnd - level.keyStart > POINTER_LENGTH_MAX) break;
    const step = String(level.step(text));
    const next = `${pointer}/${pointerToken(step)}`;
    if (next.length > POINTER_LENGTH_MAX || NOT_TEXT.test(step)) break;
    pointer = next;
  }
  return pointer;
}
