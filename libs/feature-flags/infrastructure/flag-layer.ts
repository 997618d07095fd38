import { createHash } from 'node:crypto';
import { compileFlagSet } from '#flag-evaluator';
import type { FlagInput, FlagSet, SegmentInput } from '#flag-evaluator';

/** A row that is not archived, as an evaluator gets it. */
export interface Live<Input> {
  readonly id: string;
  readonly version: number;
  readonly input: Input;
}

/** Rows by name, null where there is none (any more). */
export type LiveRows<Input> = ReadonlyMap<string, Live<Input> | null>;

/** Rows as they were at a revision of their stream. */
export interface FlagNews {
  readonly revision: number;
  readonly flags: LiveRows<FlagInput>;
  readonly segments: LiveRows<SegmentInput>;
}

/** After so many names it is cheaper to read everything again than to remember when each of them changed. */
const NAMES_MAX = 50_000;

/**
 * The flags and segments of one stream. Each name remembers the revision of what it holds, so that what arrives late, for
 * example a read that was under way during a change, is never taken for new.
 */
export class FlagLayer {
  readonly #flags = new Map<string, Live<FlagInput>>();
  readonly #segments = new Map<string, Live<SegmentInput>>();
  /** Revisions of what changed since the whole was read. */
  readonly #newest = new Map<string, number>();
  #compiled: { readonly below: FlagSet | undefined; readonly set: FlagSet } | null = null;
  #sum = 0n;

  private constructor(private readonly revision: number) {}

  /** All that there was at one revision. */
  static of(whole: FlagNews): FlagLayer {
    const layer = new FlagLayer(whole.revision);
    layer.#put(layer.#flags, whole.flags);
    layer.#put(layer.#segments, whole.segments);
    return layer;
  }

  /** Takes over what is newer than what it has; tells whether there was any. */
  apply({ revision, flags, segments }: FlagNews): boolean {
    if (revision < this.revision) return false;
    const newFlags = this.#newerOf(flags, revision, { kind: 'flag', held: this.#flags });
    const newSegments = this.#newerOf(segments, revision, { kind: 'segment', held: this.#segments });
    if (newFlags.size + newSegments.size === 0) return false;
    this.#put(this.#flags, newFlags);
    this.#put(this.#segments, newSegments);
    if (this.#compiled) {
      const { below, set } = this.#compiled;
      const changes = { flags: inputsOf(newFlags), segments: inputsOf(newSegments) };
      this.#compiled = { below, set: set.with(changes) };
    }
    return true;
  }

  /** Compiled over what lies below; the same set until something changes. */
  over(below: FlagSet | undefined): FlagSet {
    if (below !== undefined && this.size === 0) return below;
    const compiled = this.#compiled;
    if (compiled !== null && compiled.below === below) return compiled.set;
    const isMoved = compiled !== null && below !== undefined;
    const set = isMoved ? compiled.set.over(below) : compileFlagSet(this.content, below);
    this.#compiled = { below, set };
    return set;
  }

  flagId(name: string): string | undefined {
    return this.#flags.get(name)?.id;
  }

  /** In the order of the names. */
  get content(): { readonly flags: FlagInput[]; readonly segments: SegmentInput[] } {
    return { flags: sorted(this.#flags), segments: sorted(this.#segments) };
  }

  get size(): number {
    return this.#flags.size + this.#segments.size;
  }

  /** The same for the same rows in the same versions, in whatever order they came. */
  get state(): string {
    return this.#sum.toString(36);
  }

  /** It should be read again as a whole. */
  get isWorn(): boolean {
    return this.#newest.size > NAMES_MAX;
  }

  /** The same row once more is nothing new. */
  #newerOf<Input>(
    rows: LiveRows<Input>,
    revision: number,
    { kind, held }: { readonly kind: string; readonly held: ReadonlyMap<string, Live<Input>> },
  ): LiveRows<Input> {
    const newer = new Map<string, Live<Input> | null>();
    for (const [name, row] of rows) {
      const key = `${kind}\n${name}`;
      if (revision < (this.#newest.get(key) ?? 0)) continue;
      this.#newest.set(key, revision);
      const before = held.get(name);
      if (before?.id !== row?.id || before?.version !== row?.version) newer.set(name, row);
    }
    return newer;
  }

  #put<Input>(held: Map<string, Live<Input>>, rows: LiveRows<Input>): void {
    for (const [name, row] of rows) {
      const before = held.get(name);
      if (before) this.#add(-digestOf(before));
      if (row) {
        held.set(name, row);
        this.#add(digestOf(row));
      } else held.delete(name);
    }
  }

  #add(digest: bigint): void {
    this.#sum = BigInt.asUintN(DIGEST_BITS, this.#sum + digest);
  }
}

const DIGEST_BITS = 64;

/** An id is used once for ever, so that id and version stand for the content. */
function digestOf({ id, version }: Live<unknown>): bigint {
  return createHash('sha256').update(`${id}\n${version}`).digest().readBigUInt64BE();
}

const inputsOf = <Input>(rows: LiveRows<Input>): Map<string, Input | null> =>
  new Map([...rows].map(([name, row]) => [name, row && row.input]));

function sorted<Input extends { readonly name: string }>(rows: ReadonlyMap<string, Live<Input>>): Input[] {
  return [...rows.values()].map(({ input }) => input).sort((one, other) => (one.name < other.name ? -1 : 1));
}
