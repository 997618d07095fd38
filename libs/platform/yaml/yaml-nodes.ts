import { isAlias, isMap, isPair, isScalar, isSeq } from 'yaml';
import type { YAMLMap } from 'yaml';

/** What its aliases may make of a text: ten times the largest value. */
const EXPANDED_LENGTH_MAX = 10 * 1_048_576;

/** A rule that a text breaks. */
export class YamlMistake extends Error {
  constructor(
    readonly reason: string,
    /** Where in the text; null when it is not in one place. */
    readonly offset: number | null,
  ) {
    super(reason);
  }
}

/** What an anchor names; its length is known once it is read to its end. */
interface Anchored {
  length: number | null;
}

/** Checks what only a whole document tells: that keys differ, that aliases lead somewhere, and to how much. */
export class YamlNodes {
  readonly #anchored = new Map<string, Anchored>();

  /** @param expandedLengthMax how many characters, about, its aliases may make of it */
  constructor(private readonly expandedLengthMax = EXPANDED_LENGTH_MAX) {}

  /** Gives the length, about, with what its aliases make of it. @throws YamlMistake */
  check(contents: unknown): number {
    return this.#lengthOf(contents);
  }

  /** The length of a node, about, were each of its aliases replaced by what it stands for. */
  #lengthOf(node: unknown): number {
    if (isAlias(node)) return this.#lengthOfAlias(node.source, offsetOf(node));
    const anchored: Anchored = { length: null };
    const { anchor } = (node ?? {}) as { anchor?: string };
    if (anchor !== undefined) this.#anchored.set(anchor, anchored);
    anchored.length = this.#lengthWithin(node);
    if (anchored.length > this.expandedLengthMax) {
      throw new YamlMistake('its aliases expand to too much', null);
    }
    return anchored.length;
  }

  #lengthWithin(node: unknown): number {
    if (isPair(node)) return this.#lengthOf(node.key) + this.#lengthOf(node.value);
    if (isMap(node)) checkKeys(node);
    if (isMap(node) || isSeq(node)) {
      return node.items.reduce<number>((length, item) => length + this.#lengthOf(item), 1);
    }
    return 1 + (isScalar(node) ? (node.source?.length ?? 0) : 0);
  }

  #lengthOfAlias(name: string, offset: number | null): number {
    const anchored = this.#anchored.get(name);
    if (!anchored) throw new YamlMistake('an alias without its anchor', offset);
    if (anchored.length === null) throw new YamlMistake('an alias within what it stands for', offset);
    return anchored.length;
  }
}

/** @throws YamlMistake at the first key that is there twice */
function checkKeys({ items }: YAMLMap): void {
  const seen = new Set<unknown>();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    if (seen.has(key.value)) throw new YamlMistake('duplicate key', offsetOf(key));
    seen.add(key.value);
  }
}

export const offsetOf = ({ range }: { range?: readonly number[] | null }): number | null =>
  range?.[0] ?? null;
