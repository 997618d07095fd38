import { Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { AppSettings } from '#platform/config';
import { Jobs } from '#platform/jobs';
import { Health, Metrics } from '#platform/observability';
import type { PartHealth } from '#platform/observability';
import { SinkLeases } from './sink-leases.js';
import { SinkQueries } from './sink.queries.js';
import type { KindFigures } from './sink-views.js';

const EVERY_MS = 5_000;

/** Tells health and Prometheus how far sinks are, all of a kind together. */
@Injectable()
export class SinkMonitor implements OnApplicationBootstrap {
  #figures: readonly KindFigures[] = [];

  constructor(
    private readonly queries: SinkQueries,
    private readonly leases: SinkLeases,
    private readonly settings: AppSettings,
    private readonly jobs: Jobs,
    metrics: Metrics,
    health: Health,
  ) {
    const of = (read: (figures: KindFigures) => number) => () =>
      Object.fromEntries(this.#figures.map((figures) => [figures.kind, read(figures)]));
    metrics.gauges('metastore_sink_lag_revisions', 'Revisions that sinks have not delivered.', 'sink', of(({ lagRevisions }) => lagRevisions)); // prettier-ignore
    metrics.gauges('metastore_sink_lag_seconds', 'Age of the oldest change that a sink has not delivered.', 'sink', of(({ lagSeconds }) => lagSeconds)); // prettier-ignore
    metrics.gauges('metastore_sink_parked', 'Events that sinks put aside.', 'sink', of(({ parked }) => parked)); // prettier-ignore
    const counted = (what: 'delivered' | 'failed' | 'parked') => () =>
      Object.fromEntries([...leases.counts].map(([kind, counts]) => [kind, counts[what]]));
    metrics.counters('metastore_sink_delivered_total', 'Events that this process delivered.', 'sink', counted('delivered')); // prettier-ignore
    metrics.counters('metastore_sink_failed_total', 'Attempts of this process that failed.', 'sink', counted('failed')); // prettier-ignore
    metrics.counters('metastore_sink_parked_total', 'Events that this process put aside.', 'sink', counted('parked')); // prettier-ignore
    health.register('sinks', () => this.#health());
  }

  onApplicationBootstrap(): void {
    this.jobs.everywhere({ name: 'sink-figures', everyMs: EVERY_MS, run: () => this.#look() });
  }

  /** Where there are no sinks nobody is asked. While the database is away the last figures stay, and health says so itself. */
  async #look(): Promise<void> {
    if (!this.leases.areThereSinks) this.#figures = [];
    else this.#figures = await this.queries.figures().catch(() => this.#figures);
  }

  /** What is behind is a matter for people; requests are served all the same. */
  #health(): PartHealth {
    const { sinkLagSeconds } = this.settings;
    const said = this.#figures.flatMap(({ kind, lagSeconds, parked }) => [
      ...(lagSeconds > sinkLagSeconds ? [`${kind} is ${Math.floor(lagSeconds)} seconds behind.`] : []),
      ...(parked > 0 ? [`${kind} put ${parked} aside.`] : []),
    ]);
    return said.length === 0 ? { status: 'ok' } : { status: 'degraded', detail: said.join(' ') };
  }
}
