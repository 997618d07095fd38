import type { FlagInput, FlagSet, SegmentInput } from '#flag-evaluator';

/** Which row a flag is that was evaluated by its name. */
export interface LiveFlagIdentity {
  readonly id: string;
  /** Whose it is; null belongs to all. */
  readonly tenant: string | null;
}

/** What a set is compiled from, in the order of the names; nothing in it is archived. */
export interface FlagContentLayer {
  readonly flags: readonly FlagInput[];
  readonly segments: readonly SegmentInput[];
}

/** What a tenant evaluates: its own content, compiled over the shared one. */
export interface LayeredFlagContent {
  readonly shared: FlagContentLayer;
  readonly own: FlagContentLayer;
}

/** Flags and segments were put in, changed or taken out. */
export interface FlagSetSwap {
  /** Whose own set was swapped; null: the shared one, on which every other stands. */
  readonly tenant: string | null;
  /** The names that changed, old names of what was renamed included. */
  readonly flags: readonly string[];
  readonly segments: readonly string[];
}

/** Hears of swaps after they happened. Must not throw and must not wait. */
export type SwapListener = (swap: FlagSetSwap) => void;

/**
 * The flags of each tenant in memory, ready to be evaluated, and kept right by the change log: after an acknowledged
 * write this process never again evaluates what was before it. An abstract class, so that it is also its injection token.
 */
export abstract class LiveFlagSets {
  /**
   * What a tenant evaluates, its own flags over the shared ones; null: the shared ones alone. Undefined when it has to be
   * loaded: only at the start, and on the first use of a tenant that has flags of its own.
   */
  abstract of(tenant: string | null): FlagSet | undefined;

  /**
   * The same, loaded first where it has to be. One load for all who ask at the same time.
   * @throws DatabaseUnavailable
   */
  abstract load(tenant: string | null): Promise<FlagSet>;

  /**
   * A short text that stands for the flags and segments that a tenant evaluates: every change gives another one, and
   * replicas that have the same flags have the same text. Undefined as in `of`.
   */
  abstract stateOf(tenant: string | null): string | undefined;

  /** What the set of a tenant is compiled from. Undefined as in `of`. */
  abstract contentOf(tenant: string | null): LayeredFlagContent | undefined;

  /** The flag that a tenant gets by this name. */
  abstract identityOf(tenant: string | null, name: string): LiveFlagIdentity | undefined;

  /**
   * Gives back the way to stop listening. Changes of a tenant are told whether or not its set is loaded; where it is not,
   * one may be told twice.
   */
  abstract onSwap(listener: SwapListener): () => void;

  /** True while changes made elsewhere cannot be heard of: what is answered may be old, and says so. */
  abstract readonly mayBeOld: boolean;
}
