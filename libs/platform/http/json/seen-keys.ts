/** Up to this many keys, comparing each with each is quicker than hashing. */
const FEW = 32;

/**
 * The keys that one object had so far. A few plain ones are compared where they stand in the text, which
 * allocates nothing; as soon as there are many, or one is written with escapes, they move to a set, so that
 * time stays linear.
 */
export class SeenKeys {
  private count = 0;
  private readonly tags: number[] = [];
  private readonly starts: number[] = [];
  private names: Set<string> | null = null;

  /** Forgets everything, for the next object. */
  clear(): void {
    this.count = 0;
    this.names = null;
  }

  /** Notes the key that stands in the text without escapes, and says whether it is new. */
  add(text: string, start: number, end: number): boolean {
    if (this.names !== null) return this.addTo(this.names, text.slice(start, end));
    const tag = tagOf(text, start, end);
    for (let i = 0; i < this.count; i++) {
      if (this.tags[i] === tag && isSame(text, this.starts[i] ?? 0, start, end)) return false;
    }
    if (this.count === FEW) return this.addTo(this.moved(text), text.slice(start, end));
    this.tags[this.count] = tag;
    this.starts[this.count] = start;
    this.count++;
    return true;
  }

  /** Notes a key by its unescaped name, and says whether it is new. */
  addName(text: string, name: string): boolean {
    return this.addTo(this.names ?? this.moved(text), name);
  }

  private addTo(names: Set<string>, name: string): boolean {
    const before = names.size;
    return names.add(name).size > before;
  }

  private moved(text: string): Set<string> {
    const starts = this.starts.slice(0, this.count);
    this.names = new Set(starts.map((start) => text.slice(start, text.indexOf('"', start))));
    return this.names;
  }
}

/** Different for most different keys, and cheap: the length and three of the characters. */
function tagOf(text: string, start: number, end: number): number {
  const middle = text.charCodeAt((start + end) >> 1);
  return ((end - start) << 18) ^ (text.charCodeAt(start) << 12) ^ (middle << 6) ^ text.charCodeAt(end - 1);
}

/**
 * Whether the key from `start` to `end` stands at `other` too; the closing quote counts, for the same length.
 */
function isSame(text: string, other: number, start: number, end: number): boolean {
  for (let i = start; i <= end; i++) {
    if (text.charCodeAt(i) !== text.charCodeAt(other + i - start)) return false;
  }
  return true;
}
