import { Global, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HotCaches } from '#platform/cache';
import { ChangeFeed, Compaction } from '#platform/change-log';
import { poolOf } from '#platform/database';
import { HealthController } from './health.controller.js';
import { Health } from './health.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';

/** How it goes: health and figures. */
@Global()
@Module({
  controllers: [HealthController, MetricsController],
  providers: [Health, Metrics],
  exports: [Health, Metrics],
})
export class ObservabilityModule {
  constructor(
    metrics: Metrics,
    health: Health,
    dataSource: DataSource,
    feed: ChangeFeed,
    caches: HotCaches,
    compaction: Compaction,
  ) {
    metrics.gauge(
      'metastore_database_connections',
      'Connections to the database.',
      () => poolOf(dataSource).totalCount,
    );
    metrics.gauge(
      'metastore_database_waiting',
      'Calls that wait for a connection.',
      () => poolOf(dataSource).waitingCount,
    );
    metrics.gauge(
      'metastore_change_feed_away',
      '1 while changes of other processes cannot be heard of.',
      () => Number(feed.isAway),
    );
    metrics.gauge(
      'metastore_feed_lag_revisions',
      'Revisions of other processes that this one was not told of yet.',
      () => feed.lagRevisions,
    );
    const of = (what: 'hits' | 'misses') => () =>
      Object.fromEntries(Object.entries(caches.counts).map(([name, counts]) => [name, counts[what]]));
    metrics.counters('metastore_cache_hits_total', 'Reads answered from memory.', 'cache', of('hits'));
    metrics.counters(
      'metastore_cache_misses_total',
      'Reads that had to leave memory.',
      'cache',
      of('misses'),
    );
    metrics.counters(
      'metastore_history_removed_rows_total',
      'Rows of the change log that this process removed.',
      'kind',
      () => compaction.removed,
    );
    metrics.gauge(
      'metastore_history_compacted_timestamp_seconds',
      'When this process last compacted all months that were due; 0: it did not yet.',
      () => (compaction.lastRun?.getTime() ?? 0) / 1_000,
    );
    health.register('change_feed', () =>
      feed.isAway
        ? { status: 'degraded', detail: 'Changes of other processes are not heard of.' }
        : { status: 'ok' },
    );
  }
}
