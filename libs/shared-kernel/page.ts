/** One page of a list, and how to get the next one. */
export interface Page<T> {
  readonly items: readonly T[];
  /** The limit that was applied, 1..1000. */
  readonly limit: number;
  /** Opaque; null on the last page. */
  readonly nextCursor: string | null;
  /** Present only when it was asked for, because counting costs what the whole list does. */
  readonly total?: number;
}

/** Which page of a list. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly sort?: string | undefined;
  readonly includeTotal?: boolean | undefined;
}
