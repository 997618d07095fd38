import { pointerToken } from '#shared-kernel';

/** A step of a JSON Patch (RFC 6902), of the three kinds that say all there is to say. */
export interface PatchStep {
  readonly op: 'add' | 'remove' | 'replace';
  /** JSON Pointer (RFC 6901). */
  readonly path: string;
  readonly value?: unknown;
}

type Json = Readonly<Record<string, unknown>>;

/** A long key above many changes makes a patch that is many times larger than both documents: then it is one step. */
const PATHS_LENGTH_MAX = 2 ** 20;

/**
 * The JSON Patch that makes the second out of the first, in time that grows with their size alone. Objects are compared
 * member by member, and arrays index by index once what they begin and end with alike is set aside: a patch that is
 * right and readable, not the shortest there is. `at` is the pointer to both in a larger document. Takes what `JSON.parse` gives; its depth is the depth of the calls.
 */
export function jsonPatch(before: unknown, after: unknown, at = ''): PatchStep[] {
  const patch = new Patch();
  patch.compare(at, before, after);
  return patch.isTooLong ? [{ op: 'replace', path: at, value: after }] : patch.steps;
}

class Patch {
  readonly steps: PatchStep[] = [];
  #length = 0;

  get isTooLong(): boolean {
    return this.#length > PATHS_LENGTH_MAX;
  }

  compare(path: string, before: unknown, after: unknown): void {
    if (this.isTooLong) return;
    if (Array.isArray(before) && Array.isArray(after)) return this.#arrays(path, before, after);
    if (isObject(before) && isObject(after)) return this.#objects(path, before, after);
    if (before !== after) this.#note({ op: 'replace', path, value: after });
  }

  #objects(path: string, before: Json, after: Json): void {
    for (const name of Object.keys(before)) {
      const member = `${path}/${pointerToken(name)}`;
      if (Object.hasOwn(after, name)) this.compare(member, before[name], after[name]);
      else this.#note({ op: 'remove', path: member });
    }
    for (const name of Object.keys(after)) {
      if (Object.hasOwn(before, name)) continue;
      this.#note({ op: 'add', path: `${path}/${pointerToken(name)}`, value: after[name] });
    }
  }

  #arrays(path: string, before: readonly unknown[], after: readonly unknown[]): void {
    const shorter = Math.min(before.length, after.length);
    let start = 0;
    while (start < shorter && isSame(before[start], after[start])) start += 1;
    let tail = 0;
    while (tail < shorter - start && isSame(before.at(-1 - tail), after.at(-1 - tail))) tail += 1;
    const end = shorter - tail;
    for (let index = start; index < end; index += 1) {
      this.compare(`${path}/${index}`, before[index], after[index]);
    }
    for (let index = before.length - tail - 1; index >= end; index -= 1) {
      this.#note({ op: 'remove', path: `${path}/${index}` });
    }
    for (let index = end; index < after.length - tail; index += 1) {
      this.#note({ op: 'add', path: `${path}/${index}`, value: after[index] });
    }
  }

  #note(step: PatchStep): void {
    this.#length += step.path.length;
    if (!this.isTooLong) this.steps.push(step);
  }
}

function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return a === b;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
  );
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
