import { changeHash } from './change-hash.js';
import type { ChainedRow, ChainHead } from './chained-row.js';

/** Why a row does not fit. */
export const BREAKS = [
  'row_missing',
  'hash_missing',
  'hash_mismatch',
  'previous_hash_unexpected',
  'beyond_head',
  'head_missing',
  'head_mismatch',
  'expected_mismatch',
  'expected_not_covered',
] as const;

export type Break = (typeof BREAKS)[number];

/** The first place in a stream that does not fit; the row itself may be gone. */
export interface Broken {
  readonly revision: number;
  readonly sub: number;
  readonly reason: Break;
}

/** A hash that somebody noted outside: that of the last row of a revision. */
export interface Anchor {
  readonly revision: number;
  readonly hash: Buffer;
}

/** The last row that was seen, and its hash. */
export interface Link {
  readonly revision: number;
  readonly sub: number;
  readonly hash: Buffer;
}

/** The place after every row of a revision: the largest number that the column holds. */
export const WHOLE_REVISION = 2_147_483_647;

/**
 * Follows the rows of one stream in their order and finds the first that does not fit: every revision and every row of one
 * is there, and each hash is that of its row after the row before it. Where compaction removed rows, the hash of the one
 * before is taken from the row that follows.
 */
export class ChainCheck {
  #last: Link;
  #isAnchored = false;
  #anchor: Anchor | null;

  /** Begins after this row; one with the sub `WHOLE_REVISION` stands for a revision that is not looked at. */
  constructor(start: Link, anchor: Anchor | null = null) {
    this.#last = start;
    this.#anchor = anchor;
  }

  get last(): Link {
    return this.#last;
  }

  /** True once the anchor was found in the chain. */
  get isAnchored(): boolean {
    return this.#isAnchored;
  }

  /** The next row, and up to which revision rows may be missing now. */
  take(row: ChainedRow, compactedRevision: number): Broken | null {
    const at = { revision: row.revision, sub: row.sub };
    const mayFollowGap =
      row.revision <= compactedRevision || (row.revision === compactedRevision + 1 && row.sub === 0);
    if (!mayFollowGap && row.previousHash !== null) return { ...at, reason: 'previous_hash_unexpected' };
    if (row.previousHash === null && !this.#isFollowedBy(row)) return this.#missingBefore(row);
    const previous = row.previousHash ?? this.#last.hash;
    const anchored = this.#passAnchor(row.revision, previous, compactedRevision);
    if (anchored) return anchored;
    if (row.hash === null) return { ...at, reason: 'hash_missing' };
    if (!changeHash(previous, row).equals(row.hash)) return { ...at, reason: 'hash_mismatch' };
    this.#last = { ...at, hash: row.hash };
    return null;
  }

  /** After the last row up to a revision, or up to the head: whether nothing is missing there. */
  finish(head: ChainHead, until: number): Broken | null {
    const { revision, sub, hash } = this.#last;
    const end = Math.min(head.revision, until);
    if (end > revision && end > head.compactedRevision)
      return { revision: revision + 1, sub: 0, reason: 'row_missing' };
    if (head.revision < revision) return { revision: head.revision + 1, sub: 0, reason: 'beyond_head' };
    if (head.revision === revision && !head.hash.equals(hash))
      return { revision, sub: sub === WHOLE_REVISION ? 0 : sub + 1, reason: 'head_mismatch' };
    if (this.#anchor && this.#anchor.revision > Math.max(revision, head.compactedRevision))
      return { revision: this.#anchor.revision, sub: 0, reason: 'expected_mismatch' };
    return this.#passAnchor(Infinity, hash, head.compactedRevision);
  }

  #isFollowedBy({ revision, sub }: ChainedRow): boolean {
    const { revision: last, sub: lastSub } = this.#last;
    return (revision === last && sub === lastSub + 1) || (revision === last + 1 && sub === 0);
  }

  #missingBefore({ revision, sub }: ChainedRow): Broken {
    const last = this.#last;
    if (revision === last.revision) return { revision, sub: last.sub + 1, reason: 'row_missing' };
    if (revision === last.revision + 1 && sub > 0) return { revision, sub: 0, reason: 'row_missing' };
    return { revision: last.revision + 1, sub: 0, reason: 'row_missing' };
  }

  /** What comes before a later revision has the hash of the anchor; where rows may be missing, another one proves nothing. */
  #passAnchor(revision: number, hash: Buffer, compactedRevision: number): Broken | null {
    const anchor = this.#anchor;
    if (!anchor || revision <= anchor.revision) return null;
    this.#anchor = null;
    this.#isAnchored = hash.equals(anchor.hash);
    if (this.#isAnchored || anchor.revision <= compactedRevision) return null;
    return { revision: anchor.revision, sub: this.#subOf(anchor), reason: 'expected_mismatch' };
  }

  #subOf({ revision }: Anchor): number {
    return this.#last.revision === revision && this.#last.sub !== WHOLE_REVISION ? this.#last.sub : 0;
  }
}
