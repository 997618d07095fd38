import type { Registry } from 'prom-client';

/** What a histogram is called and how finely it tells durations apart. */
export interface HistogramDefinition {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** Upper bounds in seconds, ascending, without infinity. */
  readonly buckets: readonly number[];
}

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** Durations of one combination of labels. */
export class Durations {
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(
    private readonly buckets: readonly number[],
    private readonly labels: Readonly<Record<string, string>>,
  ) {
    this.#counts = new Float64Array(buckets.length + 1);
  }

  observe(seconds: number): void {
    let bucket = 0;
    while (bucket < this.buckets.length && seconds > (this.buckets[bucket] ?? Infinity)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += seconds;
  }

  samples(name: string): Sample[] {
    let total = 0;
    const counted = [...this.#counts].map((count, index) => {
      total += count;
      const le = this.buckets[index] ?? '+Inf';
      return { metricName: `${name}_bucket`, labels: { le, ...this.labels }, value: total };
    });
    return [
      ...counted,
      { metricName: `${name}_sum`, labels: this.labels, value: this.#sum },
      { metricName: `${name}_count`, labels: this.labels, value: total },
    ];
  }
}

/**
 * A histogram of prom-client's registry, counted by ourselves: prom-client looks the labels up at each observation, which
 * costs more than the rest of what is noted about a hot request.
 */
export class DurationHistogram {
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly #children = new Map<string, Durations>();

  constructor(
    private readonly definition: HistogramDefinition,
    registry: Registry,
  ) {
    registry.registerMetric(this as never); // What a registry asks of a metric: a name, `get` and `reset`.
  }

  get name(): string {
    return this.definition.name;
  }

  /** Where durations with these label values are counted, in the order of the label names. */
  of(...values: readonly string[]): Durations {
    const key = values.join(' ');
    let child = this.#children.get(key);
    if (!child) {
      const { labelNames, buckets } = this.definition;
      child = new Durations(
        buckets,
        Object.fromEntries(labelNames.map((label, index) => [label, values[index] ?? ''])),
      );
      this.#children.set(key, child);
    }
    return child;
  }

  async get(): Promise<object> {
    const { name, help } = this.definition;
    const values = [...this.#children.values()].flatMap((child) => child.samples(name));
    return { name, help, type: this.type, aggregator: this.aggregator, values };
  }

  reset(): void {
    this.#children.clear();
  }
}
