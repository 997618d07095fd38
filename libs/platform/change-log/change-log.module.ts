import { Global, Module } from '@nestjs/common';
import type { OnApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#platform/database';
import { Jobs } from '#platform/jobs';
import { BulkStore } from './bulk-store.js';
import { ChangeBus } from './change-bus.js';
import { ChangeFeed } from './change-feed.js';
import { ChangeLog } from './change-log.js';
import { CompactionJob } from './compaction-job.js';
import { Compaction } from './compaction.js';
import { EventsQueries } from './events.queries.js';
import { HistoryQueries } from './history.queries.js';
import { StoredViewFactory } from './stored-views.js';
import { VersionedStore } from './versioned-store.js';

const DAY_MS = 24 * 60 * 60 * 1_000;
const MONTHS_AHEAD = 3;
const EVERYWHERE = [
  BulkStore,
  ChangeBus,
  ChangeFeed,
  ChangeLog,
  Compaction,
  EventsQueries,
  HistoryQueries,
  StoredViewFactory,
  VersionedStore,
];

/** The spine: every write, its history, and whoever wants to hear of it. */
@Global()
@Module({ providers: [...EVERYWHERE, CompactionJob], exports: EVERYWHERE })
export class ChangeLogModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly feed: ChangeFeed,
    private readonly jobs: Jobs,
    private readonly database: Database,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.feed.start();
    this.jobs.onOneReplica({
      name: 'change-log-partitions',
      everyMs: DAY_MS,
      run: () => this.#makePartitions(),
    });
  }

  /** Some months ahead, so that a process that is never restarted does not run out of them. */
  async #makePartitions(): Promise<void> {
    await this.database.read({
      text: 'select platform.ensure_change_log_partitions($1)',
      values: [MONTHS_AHEAD],
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.feed.stop();
  }
}
