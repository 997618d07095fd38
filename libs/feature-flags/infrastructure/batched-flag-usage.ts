import { Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Evaluation } from '#flag-evaluator';
import { tenantColumn } from '#platform/context';
import { Jobs } from '#platform/jobs';
import { Metrics } from '#platform/observability';
import { FlagUsage } from '../application/flag-usage.js';
import { LiveFlagSets } from '../application/live-flag-sets.js';
import type { LiveFlagIdentity } from '../application/live-flag-sets.js';
import { SqlFlagUsage } from './sql-flag-usage.js';
import type { UsageRow } from './sql-flag-usage.js';

const FLUSH_MS = 5_000;
const HOUR_MS = 3_600_000;
const ROWS_A_STATEMENT = 5_000;
/** While nothing can be written, further outcomes than these are not counted. */
const ROWS_MAX = 200_000;

interface Counter {
  readonly flag: LiveFlagIdentity;
  count: number;
  lastAt: number;
}

/**
 * Counts in memory and writes every few seconds. An evaluation is an object that its flag made when it was compiled, so
 * that it stands for flag, reason and variant at once: counting is one look-up. A process that is killed loses what it
 * counted since it last wrote.
 */
@Injectable()
export class BatchedFlagUsage extends FlagUsage implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger(BatchedFlagUsage.name);
  readonly #counters = new Map<Evaluation, Counter>();
  readonly #byReason: Record<string, number> = {};
  #hour = 0;
  #unwritten = new Map<string, UsageRow>();
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly sets: LiveFlagSets,
    private readonly table: SqlFlagUsage,
    private readonly jobs: Jobs,
    metrics: Metrics,
  ) {
    super();
    metrics.counters('metastore_flag_evaluations_total', 'Evaluations of flags by reason.', 'reason', () => {
      this.#collect();
      return this.#byReason;
    });
  }

  onApplicationBootstrap(): void {
    this.jobs.everywhere({ name: 'flag-usage', everyMs: FLUSH_MS, run: () => this.flush() });
    this.jobs.onOneReplica({ name: 'flag-usage-forget', everyMs: HOUR_MS, run: () => this.table.forget() });
  }

  /** By now the last request is answered, and the database is still there. */
  async onApplicationShutdown(): Promise<void> {
    await this.flush().catch((error: unknown) =>
      this.#logger.warn(`The last counts of flags could not be written: ${String(error)}`),
    );
  }

  override count(evaluation: Evaluation, tenant: string | null, name: string, now: number): void {
    if (now >= this.#hour + HOUR_MS) this.#turnTo(now);
    const counter = this.#counters.get(evaluation);
    if (counter === undefined) {
      const flag = this.sets.identityOf(tenant, name);
      if (flag !== undefined) this.#counters.set(evaluation, { flag, count: 1, lastAt: now });
      return;
    }
    counter.count += 1;
    counter.lastAt = now;
  }

  override flush(): Promise<void> {
    const flushed = this.#writing.then(() => this.#write());
    this.#writing = flushed.catch(() => undefined);
    return flushed;
  }

  #turnTo(now: number): void {
    this.#collect();
    this.#hour = now - (now % HOUR_MS);
  }

  /** From the objects that callers got to the rows that are written. */
  #collect(): void {
    for (const [{ reason, variant }, { flag, count, lastAt }] of this.#counters) {
      this.#byReason[reason] = (this.#byReason[reason] ?? 0) + count;
      const tenant = tenantColumn(flag.tenant);
      this.#add({ tenant, flagId: flag.id, hour: this.#hour, reason, variant: variant ?? '', count, lastAt });
    }
    this.#counters.clear();
  }

  #add(row: UsageRow): void {
    const key = `${row.flagId}\n${row.hour}\n${row.reason}\n${row.variant}`;
    const before = this.#unwritten.get(key);
    if (!before && this.#unwritten.size >= ROWS_MAX) return;
    const count = row.count + (before?.count ?? 0);
    this.#unwritten.set(key, { ...row, count, lastAt: Math.max(row.lastAt, before?.lastAt ?? 0) });
  }

  async #write(): Promise<void> {
    this.#collect();
    const rows = [...this.#unwritten.values()];
    this.#unwritten = new Map();
    for (let written = 0; written < rows.length; written += ROWS_A_STATEMENT) {
      try {
        await this.table.add(rows.slice(written, written + ROWS_A_STATEMENT));
      } catch (error) {
        for (const row of rows.slice(written)) this.#add(row);
        throw error;
      }
    }
  }
}
