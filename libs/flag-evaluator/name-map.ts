interface Named {
  readonly name: string;
}

const SHARDS = 64;

/** With more changes than this, sorting everything again is cheaper than putting each one in its place. */
const PLACED_CHANGES_MAX = 16;

type Shard<T> = ReadonlyMap<string, T>;

const byName = (a: Named, b: Named): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** A few characters tell names apart well enough: a crowded shard is slower to copy, never wrong. */
function shardOf(name: string): number {
  const { length } = name;
  const ending = name.charCodeAt(length - 1) * 7 + name.charCodeAt(length - 2);
  return (ending * 31 + name.charCodeAt(length >> 1) * 13 + length) & (SHARDS - 1);
}

/** Where a name stands in a sorted list, or would stand. */
function placeOf(name: string, sorted: readonly Named[]): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.name ?? '') < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Things by their name, immutable: a change copies a small part and shares the rest. */
export class NameMap<T extends Named> {
  readonly #shards: readonly Shard<T>[];
  #sorted: readonly T[] | null;

  private constructor(shards: readonly Shard<T>[], sorted: readonly T[] | null) {
    this.#shards = shards;
    this.#sorted = sorted;
  }

  /** Of several with one name the last counts. */
  static of<T extends Named>(things: Iterable<T>): NameMap<T> {
    const shards = Array.from({ length: SHARDS }, () => new Map<string, T>());
    for (const thing of things) shards[shardOf(thing.name)]?.set(thing.name, thing);
    return new NameMap<T>(shards, null);
  }

  get(name: string): T | undefined {
    return this.#shards[shardOf(name)]?.get(name);
  }

  /** By name, in the order of code units: the same everywhere. */
  get sorted(): readonly T[] {
    this.#sorted ??= Object.freeze(this.#shards.flatMap((shard) => [...shard.values()]).sort(byName));
    return this.#sorted;
  }

  /** A map with things put in by their names, and those taken out whose name has null. */
  changed(changes: ReadonlyMap<string, T | null>): NameMap<T> {
    const shards = [...this.#shards];
    const copied = new Map<number, Map<string, T>>();
    for (const [name, thing] of changes) {
      const index = shardOf(name);
      const shard = copied.get(index) ?? new Map(shards[index]);
      copied.set(index, shard);
      shards[index] = shard;
      if (thing === null) shard.delete(name);
      else shard.set(name, thing);
    }
    return new NameMap<T>(shards, this.#sortedWith(changes));
  }

  #sortedWith(changes: ReadonlyMap<string, T | null>): readonly T[] | null {
    if (this.#sorted === null || changes.size > PLACED_CHANGES_MAX) return null;
    const sorted = [...this.#sorted];
    for (const [name, thing] of changes) {
      const place = placeOf(name, sorted);
      const isThere = sorted[place]?.name === name;
      sorted.splice(place, isThere ? 1 : 0, ...(thing === null ? [] : [thing]));
    }
    return Object.freeze(sorted);
  }
}
