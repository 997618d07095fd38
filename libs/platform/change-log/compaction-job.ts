import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { AppSettings } from '#platform/config';
import { DatabaseClock } from '#platform/database';
import { Jobs } from '#platform/jobs';
import { boundaryOf, Compaction } from './compaction.js';
import type { CompactedMonth } from './compaction.js';

const EVERY_MS = 24 * 60 * 60 * 1_000;

/**
 * Compacts each day the months that became older than HISTORY_DAYS, and looks again each month at those that were. On one
 * replica at a time: the lock is that of the transaction in which a month is compacted, because a month may take longer
 * than a connection that only holds a lock may be idle.
 */
@Injectable()
export class CompactionJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('History');
  #isStopping = false;

  constructor(
    private readonly settings: AppSettings,
    private readonly compaction: Compaction,
    private readonly clock: DatabaseClock,
    private readonly jobs: Jobs,
  ) {}

  onApplicationBootstrap(): void {
    const { historyDays: days } = this.settings;
    if (days === null) return;
    this.jobs.everywhere({ name: 'history-compaction', everyMs: EVERY_MS, run: () => this.run(days) });
  }

  beforeApplicationShutdown(): void {
    this.#isStopping = true;
  }

  /** Compacts what is due, a month after the other, unless another replica does. */
  async run(days: number): Promise<void> {
    const before = boundaryOf(this.clock.now(), days);
    for (const firstDay of await this.compaction.months(before, 'due')) {
      if (this.#isStopping) return;
      const startedAt = performance.now();
      const month = await this.compaction.compact(firstDay, before, this.settings.historyMinVersions);
      if (!month) return;
      this.#logger.log(describeCompacted(month, 'removed', performance.now() - startedAt));
    }
    this.compaction.ran(this.clock.now());
  }
}

/** One line about a month. */
export function describeCompacted(
  { firstDay, rows, acts, versions, held }: CompactedMonth,
  verb: 'removed' | 'would remove',
  ms?: number,
): string {
  const seconds = ms === undefined ? '' : ` in ${(ms / 1_000).toFixed(1)} s`;
  const rest = held === 0 ? '' : `; ${held} more cannot go yet`;
  const gone = `${versions} versions and ${acts} acts of ${rows} rows`;
  return `${firstDay.toISOString().slice(0, 7)}: ${verb} ${gone}${seconds}${rest}.`;
}
