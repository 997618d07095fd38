import { Injectable } from '@nestjs/common';
import { Breather, InvalidInput } from '#shared-kernel';
import { Slots } from '#platform/database';
import { ChainCheck, WHOLE_REVISION } from './chain-check.js';
import type { Anchor, Broken, Link } from './chain-check.js';
import { NO_HASH } from './change-hash.js';
import type { ChainedRow, ChainHead } from './chained-row.js';
import { ChainRows } from './chain-rows.js';

/** Rows that one request checks; it ends with the revision by which it has so many. */
const ROWS_MAX = 1_000_000;
/** Beyond every revision that there is, and still a number that the database takes. */
export const WHOLE_STREAM = Number.MAX_SAFE_INTEGER - 1;
const NO_HEAD: ChainHead = { revision: 0, hash: NO_HASH, chainedFrom: 0, compactedRevision: 0 };

/** What is to be checked of a stream. */
export interface Checked {
  readonly stream: string;
  readonly from: number;
  /** `WHOLE_STREAM`: up to its head. */
  readonly until: number;
  readonly anchor: Anchor | null;
}

/** What a check found. */
export interface Verdict {
  readonly head: ChainHead;
  readonly rows: number;
  /** The first revision that was looked at. */
  readonly from: number;
  /** The last revision that fits, with all before it. */
  readonly until: number;
  /** Where to go on, when there were too many rows for one request. */
  readonly next: number | null;
  readonly broken: Broken | null;
  /** False where compaction removed what would tell. */
  readonly isAnchored: boolean;
}

/** A check under way. */
interface Progress {
  readonly check: ChainCheck;
  head: ChainHead;
  rows: number;
  broken: Broken | null;
  next: number | null;
}

/** Recomputes chains of hashes: one at a time, because that is nothing but work of this process. */
@Injectable()
export class Verification {
  readonly #turns = new Slots(1);

  constructor(private readonly rows: ChainRows) {}

  /**
   * Ends early, with what is known by then, when the signal says that nobody waits any more.
   * @throws InvalidInput for a place that the stream has not reached
   */
  async of(asked: Checked, signal: AbortSignal): Promise<Verdict> {
    return this.#turns.run(() => this.#check(asked, signal));
  }

  async #check(asked: Checked, signal: AbortSignal): Promise<Verdict> {
    const head = (await this.rows.head(asked.stream)) ?? NO_HEAD;
    if (asked.from > head.revision + 1)
      throw InvalidInput.at('/from_revision', 'beyond_head', `The stream ends at ${head.revision}.`);
    const from = Math.max(asked.from, head.chainedFrom + 1);
    const { start, broken } = await this.#startOf(asked, from, head);
    const progress: Progress = {
      check: new ChainCheck(start, asked.anchor),
      ...{ head, rows: 0, broken, next: null },
    };
    const breather = new Breather();
    while (!signal.aborted && (await this.#goOn(asked, progress, breather)));
    const { check, rows, next } = progress;
    const until = Math.min(check.last.revision, asked.until);
    return { ...progress, rows, from, until, next, isAnchored: check.isAnchored };
  }

  /** The row before the first one is taken as it is; whoever began at the beginning has checked it. */
  async #startOf(
    { stream, anchor }: Checked,
    from: number,
    { chainedFrom, compactedRevision }: ChainHead,
  ): Promise<{ start: Link; broken: Broken | null }> {
    const before = from - 1;
    const nothing = { revision: before, sub: WHOLE_REVISION, hash: NO_HASH };
    if (anchor && anchor.revision <= chainedFrom)
      return {
        start: nothing,
        broken: { revision: anchor.revision, sub: 0, reason: 'expected_not_covered' },
      };
    if (before === chainedFrom) return { start: nothing, broken: null };
    const last = await this.rows.lastOf(stream, before);
    if (last || before <= compactedRevision) return { start: last ?? nothing, broken: null };
    return { start: nothing, broken: { revision: before, sub: 0, reason: 'row_missing' } };
  }

  /** Gives false when there is nothing more to look at. */
  async #goOn({ stream, until }: Checked, progress: Progress, breather: Breather): Promise<boolean> {
    if (progress.broken) return false;
    const { check } = progress;
    const { head, rows } = await this.rows.after(stream, check.last, until);
    progress.head = head ?? NO_HEAD;
    if (!head && rows[0]) {
      progress.broken = { revision: rows[0].revision, sub: rows[0].sub, reason: 'head_missing' };
      return false;
    }
    if (rows.length === 0) {
      progress.broken = check.finish(progress.head, until);
      return false;
    }
    return this.#take(rows, progress, breather);
  }

  async #take(rows: readonly ChainedRow[], progress: Progress, breather: Breather): Promise<boolean> {
    const { check, head } = progress;
    for (const row of rows) {
      if (progress.rows >= ROWS_MAX && row.revision > check.last.revision) {
        progress.next = row.revision;
        return false;
      }
      progress.broken = check.take(row, head.compactedRevision);
      if (progress.broken) return false;
      progress.rows += 1;
      await breather.pause();
    }
    return true;
  }
}
