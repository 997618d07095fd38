import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { DurationHistogram } from './duration-histogram.js';

const NANOSECONDS = 1e9;
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What the process measures about itself, in the form of Prometheus. Labels hold routes and words, never values of callers. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly #requests = new DurationHistogram(
    {
      name: 'metastore_http_request_duration_seconds',
      help: 'Time from the head of a request to the end of its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: DURATION_BUCKETS,
    },
    this.registry,
  );

  constructor() {
    const delay = monitorEventLoopDelay({ resolution: 20 });
    delay.enable();
    collectDefaultMetrics({ register: this.registry, prefix: 'metastore_' });
    this.gauge(
      'metastore_event_loop_delay_p99_seconds',
      'Event-loop delay, 99th percentile since the last scrape.',
      () => {
        const seconds = delay.percentile(99) / NANOSECONDS;
        delay.reset();
        return seconds;
      },
    );
  }

  request(method: string, route: string, status: number, seconds: number): void {
    this.#requests.of(method, route, String(status)).observe(seconds);
  }

  /** A figure that is looked up when it is asked for. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** Figures by label that are looked up when they are asked for; a label that is not given any more is gone. */
  gauges(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>): void {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [value, figure] of Object.entries(read())) this.set({ [label]: value }, figure);
      },
    });
  }

  /** Figures by label that are looked up when they are asked for; they only grow. */
  counters(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>): void {
    const seen = new Map<string, number>();
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        for (const [value, count] of Object.entries(read())) {
          this.inc({ [label]: value }, count - (seen.get(value) ?? 0));
          seen.set(value, count);
        }
      },
    });
  }
}
